using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.DeadMan;

public sealed class DeadManTests
{
    private const string Alive =
        """[{"labels":{"alertname":"Watchdog","severity":"none","prometheus":"milan"},"annotations":{}}]""";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_watchdog_that_is_heard_is_no_incident_and_one_that_falls_silent_is()
    {
        await using var responder = await RunningResponder.Start(time: _time);
        for (var minute = 0; minute < 10; minute++)
        {
            await responder.Post("/api/v2/alerts", Alive);
            await Pass(1, responder);
        }
        Assert.Empty(responder.Desk.Board.Incidents);

        await Pass(4, responder);
        await Until(() => responder.Desk.Board.Incidents.Count == 1);

        var incident = responder.Desk.Board.Incidents.Values.Single();
        Assert.Equal("monitoring", incident.Subsystem);
        Assert.Contains("milan has been silent for 5 min", incident.Title);
    }

    [Fact]
    public async Task One_that_falls_silent_while_the_responder_is_away_is_missed_when_it_is_back()
    {
        var before = await RunningResponder.Start(time: _time);
        await before.Post("/api/v2/alerts", Alive);
        await Pass(1, before);
        var folder = await before.Stop();
        _time.Advance(TimeSpan.FromMinutes(20));

        await using var responder = await RunningResponder.Start(time: _time, folder: folder);
        await Pass(4, responder);
        Assert.Empty(responder.Desk.Board.Incidents);
        await Pass(2, responder);
        await Until(() => responder.Desk.Board.Incidents.Count == 1);

        Assert.Contains("milan", responder.Desk.Find(1)!.Title);
    }

    [Fact]
    public async Task When_it_is_heard_again_the_alert_ends()
    {
        await using var responder = await RunningResponder.Start(time: _time);
        await responder.Post("/api/v2/alerts", Alive);
        await Pass(5, responder);
        await Until(() => responder.Desk.Board.Incidents.Count == 1);

        await responder.Post("/api/v2/alerts", Alive);
        await Pass(1, responder);
        await Until(() => responder.Desk.Find(1)!.FiringCount == 0);
    }

    [Fact]
    public async Task With_the_setting_one_is_expected_from_the_start()
    {
        await using var responder = await RunningResponder.Start(
            o => o with { DeadMan = new DeadManOptions(Expected: true) },
            _time
        );
        await Pass(5, responder);

        await Until(() => responder.Desk.Board.Incidents.Count == 1);
        Assert.Contains("No Watchdog alert has come", responder.Desk.Find(1)!.Title);
    }

    [Fact]
    public async Task The_heartbeat_asks_its_address_each_minute()
    {
        var beats = 0;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapGet("/beat", () => Results.Ok(Interlocked.Increment(ref beats)));
        await app.StartAsync(TestContext.Current.CancellationToken);
        await using var responder = await RunningResponder.Start(
            o => o with { DeadMan = new DeadManOptions($"{app.Urls.First()}/beat") },
            _time
        );

        await Until(() => beats == 1);
        _time.Advance(TimeSpan.FromMinutes(1));
        await Until(() => beats == 2);
    }

    private async Task Pass(int minutes, RunningResponder responder)
    {
        for (var second = 0; second < 60 * minutes; second += 10)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            await responder.Desk.Ask(_ => true, CancellationToken.None);
        }
    }

    private static async Task Until(Func<bool> holds)
    {
        for (var tries = 0; !holds(); tries++)
        {
            Assert.True(tries < 1000, "not so after 10 s");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
