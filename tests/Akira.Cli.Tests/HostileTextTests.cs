using System.Text.Json;
using static Akira.Cli.Tests.AkiraCommand;

namespace Akira.Cli.Tests;

/// <summary>Titles, labels and notes are other people's text: none of it may steer the terminal.</summary>
public class HostileTextTests
{
    private const string Title =
        "\u001b[2J\u001b]0;owned\u0007calls\u0000 are \u009b31mdown\u202e\r\nINC-9 all is well";

    private static string Incidents =>
        JsonSerializer.Serialize(
            new[]
            {
                new
                {
                    id = "INC-1",
                    severity = "SEV1",
                    state = "open",
                    title = Title,
                    subsystem = "[red]signaling[/]",
                    detectedAt = "2026-11-23T03:00:00Z",
                    log = new[]
                    {
                        new
                        {
                            at = "2026-11-23T03:00:01Z",
                            kind = "noted",
                            by = "\u001b[5manna",
                            text = Title,
                        },
                    },
                },
            }
        );

    [Fact]
    public async Task A_list_keeps_each_incident_on_its_line_and_no_control_character()
    {
        using var responder = new FakeResponder(200, "application/json", Incidents);
        var run = await Enter([("AKIRA_URL", responder.Url)], "incidents");
        Assert.Equal(0, run.ExitCode);
        AssertPlain(run.Output);
        var line = run.Output.Split('\n')[1];
        Assert.Contains("[red]signaling[/]", line);
        Assert.EndsWith("calls are 31mdown INC-9 all is well", line);
    }

    [Fact]
    public async Task A_page_is_as_plain_as_a_list()
    {
        using var responder = new FakeResponder(200, "application/json", Incidents.Trim('[', ']'));
        var run = await Enter([("AKIRA_URL", responder.Url)], "incidents", "show", "1");
        Assert.Equal(0, run.ExitCode);
        AssertPlain(run.Output);
        Assert.Matches(@"(?m)^ +T\+1 s +noted +anna +calls are", run.Output);
    }

    [Fact]
    public async Task Json_says_the_same_with_everything_escaped()
    {
        using var responder = new FakeResponder(200, "application/json", Incidents);
        var run = await Enter([("AKIRA_URL", responder.Url)], "incidents", "--json");
        AssertPlain(run.Output);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(Title, json.RootElement[0].GetProperty("title").GetString());
    }

    [Fact]
    public async Task An_error_page_is_no_exception_to_that()
    {
        using var responder = new FakeResponder(502, "text/html", "<h1>\u001b[31mBad gateway</h1>");
        var run = await Enter([("AKIRA_URL", responder.Url)], "incidents");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("akira: The responder answered with HTTP status 502.\n", run.Error);
    }

    [Theory]
    [InlineData("application/json", "{ \"id\": ")]
    [InlineData("application/json", "{}")]
    [InlineData("text/html", "<h1>A router's login page</h1>")]
    public async Task An_answer_that_is_not_a_responders_is_said_to_be_none(string contentType, string body)
    {
        using var responder = new FakeResponder(200, contentType, body);
        var run = await Enter([("AKIRA_URL", responder.Url)], "incidents");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is not a responder's", Assert.Single(run.Error.TrimEnd().Split('\n')));
    }

    private static void AssertPlain(string text) =>
        Assert.DoesNotContain(text, c => (char.IsControl(c) && c != '\n') || c == '\u202e');
}
