using System.Text.Json;
using static Akira.Cli.Tests.AkiraCommand;

namespace Akira.Cli.Tests;

public class RefusalTests
{
    [Fact]
    public async Task A_refusal_is_one_sentence_and_its_details()
    {
        using var responder = new FakeResponder(
            409,
            "application/problem+json",
            """
            {"title":"Refused","status":409,"code":"gates-unmet","detail":"Two gates are unmet.","details":["smoke: not run","stable: 3 of 30 min"]}
            """
        );
        var run = await Enter([("AKIRA_URL", responder.Url)], "do", "7", "/resolve");
        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Equal("akira: Two gates are unmet.\n  - smoke: not run\n  - stable: 3 of 30 min\n", run.Error);
    }

    [Theory]
    [InlineData("", "set AKIRA_TOKEN")]
    [InlineData("stale", "does not know this token")]
    public async Task Who_is_not_known_is_told_how_to_be(string token, string way)
    {
        using var responder = new FakeResponder(401, "application/json", "");
        var run = await Enter([("AKIRA_URL", responder.Url), ("AKIRA_TOKEN", token)], "incidents");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(way, run.Error);
    }

    [Fact]
    public async Task What_is_typed_after_the_incident_is_one_line_of_chat()
    {
        using var responder = new FakeResponder(200, "application/json", "{\"reply\":\"INC-7 is yours\"}");
        var run = await Enter([("AKIRA_URL", responder.Url)], "do", "7", "ACK", "anna");
        Assert.Equal((0, "INC-7 is yours\n"), (run.ExitCode, run.Output));
        using var sent = JsonDocument.Parse(responder.Received);
        Assert.Equal("ACK anna", sent.RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Quotes_in_a_tickets_title_do_not_end_it()
    {
        using var responder = new FakeResponder(200, "application/json", "{\"reply\":\"INC-7\"}");
        await Enter([("AKIRA_URL", responder.Url)], "ticket", "SEV1 - \"no route\" on t1", "severity:critical");
        using var sent = JsonDocument.Parse(responder.Received);
        Assert.Equal(
            "/ticket \"SEV1 - 'no route' on t1\" severity:critical",
            sent.RootElement.GetProperty("text").GetString()
        );
    }
}
