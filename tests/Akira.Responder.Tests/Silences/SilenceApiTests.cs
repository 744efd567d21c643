using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Silences;

public sealed class SilenceApiTests : IAsyncLifetime
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero));
    private RunningResponder _responder = null!;

    public async ValueTask InitializeAsync() => _responder = await RunningResponder.Start(time: _time);

    public ValueTask DisposeAsync() => _responder.DisposeAsync();

    [Fact]
    public async Task A_silence_is_set_listed_with_what_fires_under_it_and_ended()
    {
        using var set = await Set("alertname=~\\\"disk.*\\\"", "disks are on their way");
        Assert.Equal(HttpStatusCode.Created, set.StatusCode);
        using var alert = await _responder.Post("/api/v2/alerts", Warning("disk-full"));

        var silence = Assert.Single((await _responder.Get("/api/silences")).AsArray())!;
        Assert.Equal("alertname=~\"disk.*\"", (string?)silence["what"]);
        Assert.Equal("disks are on their way", (string?)silence["reason"]);
        Assert.Equal("disk-full", (string?)Assert.Single(silence["firing"]!.AsArray())!["name"]);
        Assert.Empty((await _responder.Get("/api/incidents")).AsArray());

        using var ended = await _responder.Http.DeleteAsync("/api/silences/1", _cancel);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Single((await _responder.Get("/api/incidents")).AsArray());
        Assert.Empty((await _responder.Get("/api/silences")).AsArray());
        Assert.Equal(
            ["alerts-let-go", "silence-ended", "alerts-kept", "silence-set"],
            (await _responder.Get("/api/silences/log")).AsArray().Select(e => (string?)e!["kind"])
        );
    }

    [Fact]
    public async Task The_log_says_who_and_outlives_a_restart()
    {
        using var set = await Set("alertname=disk-full", "known");
        _responder = await RunningResponder.Start(time: _time, folder: await _responder.Stop());

        var entry = Assert.Single((await _responder.Get("/api/silences/log")).AsArray())!;

        Assert.Equal(("silence-set", "admin"), ((string?)entry["kind"], (string?)entry["by"]));
        Assert.Equal("known", (string?)Assert.Single((await _responder.Get("/api/silences")).AsArray())!["reason"]);
    }

    [Theory]
    [InlineData("viewer", HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("responder", HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NoContent)]
    public async Task A_viewer_looks_and_a_responder_acts(
        string role,
        HttpStatusCode reads,
        HttpStatusCode sets,
        HttpStatusCode ends
    )
    {
        using var made = await _responder.Post("/api/tokens", $$"""{"name":"carla","role":"{{role}}"}""");
        var token = (string?)JsonNode.Parse(await made.Content.ReadAsStringAsync(_cancel))!["token"];
        _responder.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var set = await Set("alertname=disk-full", "known");
        using var read = await _responder.Http.GetAsync("/api/silences", _cancel);
        using var end = await _responder.Http.DeleteAsync("/api/silences/1", _cancel);

        Assert.Equal((reads, sets, ends), (read.StatusCode, set.StatusCode, end.StatusCode));
    }

    [Theory]
    [InlineData("", "known", HttpStatusCode.BadRequest, "bad-input")]
    [InlineData("alertname=~\\\"(\\\"", "known", HttpStatusCode.BadRequest, "bad-input")]
    [InlineData("alertname=disk-full", "", HttpStatusCode.Conflict, "reason-missing")]
    [InlineData("{}", "known", HttpStatusCode.Conflict, "silence-too-wide")]
    public async Task What_makes_no_silence_is_told_what_is_wrong(
        string what,
        string reason,
        HttpStatusCode status,
        string code
    )
    {
        using var set = await Set(what, reason);

        Assert.Equal(status, set.StatusCode);
        Assert.Equal(code, (string?)JsonNode.Parse(await set.Content.ReadAsStringAsync(_cancel))!["code"]);
    }

    [Fact]
    public async Task A_secret_in_the_reason_reaches_no_disk()
    {
        using var set = await Set("alertname=disk-full", $"curl -H {RunningResponder.AdminToken}");

        Assert.DoesNotContain(
            RunningResponder.AdminToken,
            (await _responder.Get("/api/silences/log")).ToJsonString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_silence_that_is_not_there_cannot_be_ended()
    {
        using var end = await _responder.Http.DeleteAsync("/api/silences/7", _cancel);

        Assert.Equal(HttpStatusCode.NotFound, end.StatusCode);
    }

    private Task<HttpResponseMessage> Set(string what, string reason) =>
        _responder.Post(
            "/api/silences",
            $$"""{"what":"{{what}}","until":"2026-03-01T05:00:00Z","reason":"{{reason}}"}"""
        );

    private static string Warning(string name) =>
        $$"""[{"labels":{"alertname":"{{name}}","severity":"warning","subsystem":"database"} }]""";
}
