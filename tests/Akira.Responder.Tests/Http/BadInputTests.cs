using System.Net;
using System.Text.Json.Nodes;

namespace Akira.Responder.Tests.Http;

public sealed class BadInputTests : IAsyncLifetime
{
    private RunningResponder _responder = null!;

    public async ValueTask InitializeAsync() => _responder = await RunningResponder.Start();

    public ValueTask DisposeAsync() => _responder.DisposeAsync();

    [Theory]
    [InlineData("{", null)]
    [InlineData("{}", null)]
    [InlineData("null", null)]
    [InlineData("[null]", "[0]")]
    [InlineData("""[{"labels":{}}]""", "[0].labels")]
    [InlineData("""[{"labels":{"alertname":7}}]""", "[0].labels.alertname")]
    [InlineData("""[{"labels":{"alertname":null}}]""", "[0].labels.alertname")]
    [InlineData("""[{"labels":{"a":{"b":["c"]}, "d":"e"}}]""", "[0].labels.a")]
    [InlineData("""[{"labels":{"a":"b","a":"c"}}]""", "[0].labels.a")]
    [InlineData("""[{"labels":{"a":"b"},"annotations":{"c":["d"]}}]""", "[0].annotations.c")]
    [InlineData("""[{"labels":{"a":"b"},"startsAt":"soon"}]""", "[0].startsAt")]
    [InlineData("""[{"labels":{"a":"b"},"startsAt":"2999-01-01T00:00:00Z"}]""", "[0].startsAt")]
    [InlineData("""[{"labels":{"a":"b"},"startsAt":"1970-01-01T00:00:00Z"}]""", "[0].startsAt")]
    [InlineData("""[{"labels":{"a":"b"},"endsAt":"9999-01-01T00:00:00Z"}]""", "[0].endsAt")]
    [InlineData("""[{"labels":{"a":"b"}},{"labels":"x"}]""", "[1].labels")]
    public async Task Alerts_that_make_no_sense_are_refused_with_the_place(string body, string? field)
    {
        var answer = await _responder.Post("/api/v2/alerts", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal("bad-input", (string?)problem["code"]);
        if (field is not null)
            Assert.Equal(field, (string?)problem["field"]);
        Assert.Empty((await _responder.Get("/api/incidents")).AsArray());
    }

    [Fact]
    public async Task A_thousand_labels_are_too_many()
    {
        var labels = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"l{i}\":\"v\""));

        var answer = await _responder.Post("/api/v2/alerts", "[{\"labels\":{" + labels + "}}]");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("1000 labels", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_label_over_four_kilobytes_is_named()
    {
        var answer = await _responder.Post(
            "/api/v2/alerts",
            "[{\"labels\":{\"big\":\"" + new string('x', 4097) + "\"}}]"
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("[0].labels.big", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Ten_megabytes_are_too_large()
    {
        var answer = await _responder.Post("/api/v2/alerts", "[" + new string(' ', 10 << 20) + "]");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("too-large", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]);
    }

    [Theory]
    [InlineData("/frobnicate", "unknown")]
    [InlineData("", "empty")]
    [InlineData("/sev SEV9000 x", "")]
    public async Task A_line_nobody_understands_is_refused_with_a_code(string text, string code)
    {
        var answer = await _responder.Post("/api/commands", new JsonObject { ["text"] = text }.ToJsonString());

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains(code, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]);
    }

    [Fact]
    public async Task Hostile_text_is_data()
    {
        const string hostile = "<script>alert(1)</script> $(touch /tmp/pwned) `id` \u001b[31m '; drop table entry;--";
        await _responder.Post(
            "/api/v2/alerts",
            RunningResponder.Alert("x", $$""","annotations":{"summary":{{JsonValue.Create(hostile).ToJsonString()}}}""")
        );

        var incident = await _responder.Get("/api/incidents/INC-1");

        Assert.Equal(hostile, (string?)incident["title"]);
        Assert.False(File.Exists("/tmp/pwned"));
    }

    [Theory]
    [InlineData("/api/incidents/INC-99")]
    [InlineData("/api/incidents/what")]
    [InlineData("/api/incidents/INC-99/log")]
    public async Task An_incident_that_is_not_there_is_not_found(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await _responder.Http.GetAsync(path)).StatusCode);

    [Theory]
    [InlineData("{}", "version")]
    [InlineData("""{"version":"1.2","at":"2999-01-01T00:00:00Z"}""", "at")]
    public async Task A_deploy_needs_a_version_and_a_believable_instant(string body, string field)
    {
        var answer = await _responder.Post("/api/deploys", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["field"]);
    }
}
