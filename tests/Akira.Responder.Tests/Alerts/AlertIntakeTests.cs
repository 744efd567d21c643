using System.Net;
using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Responder.Alerts;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Alerts;

public sealed class AlertIntakeTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero));
    private RunningResponder _responder = null!;

    public async ValueTask InitializeAsync() => _responder = await RunningResponder.Start(time: _time);

    public ValueTask DisposeAsync() => _responder.DisposeAsync();

    [Fact]
    public async Task An_alert_opens_an_incident_before_it_is_answered()
    {
        var answer = await _responder.Post("/api/v2/alerts", RunningResponder.Alert("signaling"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("signaling", Assert.Single(_responder.Desk.Board.Incidents.Values).Subsystem);
    }

    [Fact]
    public async Task An_alert_that_is_re_sent_changes_nothing()
    {
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("signaling"));
        var position = _responder.Desk.Log.Position;

        for (var i = 0; i < 5; i++)
            await _responder.Post("/api/v2/alerts", RunningResponder.Alert("signaling"));

        Assert.Equal(position, _responder.Desk.Log.Position);
    }

    [Fact]
    public async Task The_same_alert_twice_in_one_delivery_is_one()
    {
        var one = RunningResponder.Alert("signaling")[1..^1];

        await _responder.Post("/api/v2/alerts", $"[{one},{one}]");

        Assert.Equal(1, _responder.Desk.Board.Incidents[1].FiringCount);
    }

    [Fact]
    public async Task An_alert_that_ends_clears_the_symptom()
    {
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("signaling"));
        _time.Advance(TimeSpan.FromMinutes(1));

        await _responder.Post(
            "/api/v2/alerts",
            RunningResponder.Alert("signaling", ",\"endsAt\":\"2026-03-01T03:00:30Z\"")
        );

        Assert.Equal(0, _responder.Desk.Board.Incidents[1].FiringCount);
    }

    [Fact]
    public async Task An_alert_that_nobody_re_sends_expires_after_the_time_out()
    {
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("signaling"));
        _time.Advance(TimeSpan.FromMinutes(4));
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("signaling"));
        _time.Advance(TimeSpan.FromMinutes(4));
        await _responder.Desk.ExpireAlerts(CancellationToken.None);
        Assert.Equal(1, _responder.Desk.Board.Incidents[1].FiringCount);

        _time.Advance(TimeSpan.FromMinutes(2));
        await _responder.Desk.ExpireAlerts(CancellationToken.None);

        var ended = _responder.Desk.Log.Of(1).Select(e => e.Entry).OfType<Entry.AlertsEnded>().Single();
        Assert.Equal("expired", ended.Reason);
    }

    [Fact]
    public async Task After_a_restart_a_firing_alert_gets_its_time_anew()
    {
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("signaling"));
        var folder = await _responder.Stop();
        _time.Advance(TimeSpan.FromHours(1));
        _responder = await RunningResponder.Start(time: _time, folder: folder);

        await _responder.Desk.ExpireAlerts(CancellationToken.None);
        Assert.Equal(1, _responder.Desk.Board.Incidents[1].FiringCount);
        var position = _responder.Desk.Log.Position;
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("signaling"));

        Assert.DoesNotContain(_responder.Desk.Log.Of(1), e => e.Position > position && e.Entry is Entry.AlertsFired);
    }

    [Fact]
    public async Task Alertmanagers_webhook_fires_and_resolves()
    {
        const string firing =
            """{"version":"4","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"A","subsystem":"vault"},"startsAt":"2026-03-01T02:59:00Z","endsAt":"0001-01-01T00:00:00Z"}]}""";
        Assert.Equal(HttpStatusCode.OK, (await _responder.Post("/webhooks/alertmanager", firing)).StatusCode);
        _time.Advance(TimeSpan.FromHours(4));
        await _responder.Desk.ExpireAlerts(CancellationToken.None);
        Assert.Equal(1, _responder.Desk.Board.Incidents[1].FiringCount);

        await _responder.Post(
            "/webhooks/alertmanager",
            firing.Replace("firing", "resolved").Replace("0001-01-01T00:00:00Z", "2026-03-01T06:00:00Z")
        );

        Assert.Equal(0, _responder.Desk.Board.Incidents[1].FiringCount);
    }

    [Fact]
    public async Task Grafanas_webhook_is_taken_as_it_comes() =>
        Assert.Equal(
            HttpStatusCode.OK,
            (
                await _responder.Post(
                    "/webhooks/grafana",
                    """{"receiver":"x","version":"1","alerts":[{"status":"firing","labels":{"alertname":"G"},"values":{"A":1},"silenceURL":""}]}"""
                )
            ).StatusCode
        );

    [Fact]
    public async Task A_page_of_another_site_in_a_browser_here_cannot_send_alerts()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2/alerts")
        {
            Content = new StringContent(RunningResponder.Alert("x")),
        };
        request.Headers.Add("Origin", "https://elsewhere.example");
        using var anonymous = new HttpClient { BaseAddress = _responder.Http.BaseAddress };

        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task An_alert_that_fires_and_ends_in_one_round_has_ended()
    {
        await _responder.Desk.Ask(
            round =>
            {
                Intake.Receive(round, [Sealed]);
                Intake.Receive(round, [Sealed with { EndsAt = round.Now }]);
                return true;
            },
            CancellationToken.None
        );

        Assert.Equal(0, _responder.Desk.Board.Incidents[1].FiringCount);
    }

    [Fact]
    public async Task A_round_that_goes_back_has_fired_nothing()
    {
        var incident = await _responder.Desk.Ask(
            round =>
            {
                var back = round.Mark();
                Intake.Receive(round, [Sealed]);
                back();
                return round.IncidentOf(Sealed.Fingerprint);
            },
            CancellationToken.None
        );

        Assert.Null(incident);
        Assert.Empty(_responder.Desk.Board.Incidents);
    }

    [Fact]
    public async Task Re_opened_in_the_same_round_an_incident_has_its_alerts_again()
    {
        var anna = new Actor("anna", "token:anna", "http");
        await _responder.Desk.Receive([Sealed], CancellationToken.None);
        await _responder.Desk.Decide(1, new Command.Resolve("drill"), anna, CancellationToken.None);

        var (resolved, reopened) = await _responder.Desk.Ask(
            round =>
            {
                var before = round.IncidentOf(Sealed.Fingerprint);
                round.Decide(round.Find(1), new Command.Reopen("not over"), anna);
                return (before, round.IncidentOf(Sealed.Fingerprint));
            },
            CancellationToken.None
        );

        Assert.Null(resolved);
        Assert.Equal(1, reopened);
    }

    private static Alert Sealed { get; } =
        new("00000000000000aa", LabelSet.Of("subsystem", "vault"), LabelSet.Empty, default, null, null);
}
