using Akira.Core.Silences;
using Akira.Responder;
using Akira.Responder.Alerts;
using Akira.Responder.Channels;
using Akira.Responder.Deadlines;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Akira.Responder.Probes;
using Akira.Responder.Runbooks;
using Akira.Responder.Silences;
using Akira.Responder.Steps;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Akira.Scenarios.Language;

/// <summary>
/// The responder as it ships, started in this process, and beside it what a scenario brings along: a pager for its
/// channel and a watch over its samples.
/// </summary>
internal sealed class InProcess : IAsyncDisposable
{
    /// <summary>The deadline clock sleeps for an hour at most: what is due later it need not wait for yet.</summary>
    private static readonly TimeSpan SurelyAwaited = TimeSpan.FromMinutes(30);

    private readonly WebApplication _app;
    private readonly NightClock _clock;
    private readonly RecordingChannel _channel;
    private readonly Pager _pager;
    private readonly Watch _watch;
    private readonly DeadlineClock _deadlines;
    private readonly Diagnostician _diagnostician;
    private readonly StepRunner _steps;
    private readonly Follower[] _followers;

    private InProcess(WebApplication app, NightClock clock, RecordingChannel channel, SampleSource samples)
    {
        (_app, _clock, _channel) = (app, clock, channel);
        Desk = app.Services.GetRequiredService<Desk>();
        Policies = app.Services.GetRequiredService<PolicyState>();
        Leases = app.Services.GetRequiredService<Leases>();
        var telemetry = app.Services.GetRequiredService<Telemetry>();
        _pager = new Pager(channel, Desk, telemetry, consoleUrl: null, NullLogger<Pager>.Instance);
        _watch = new Watch(clock, clock, () => Desk.Policy, [samples], Desk.Receive, NullLogger<Watch>.Instance);

        var hosted = app.Services.GetServices<IHostedService>().ToList();
        _deadlines = hosted.OfType<DeadlineClock>().Single();
        _diagnostician = hosted.OfType<Diagnostician>().Single();
        _steps = hosted.OfType<StepRunner>().Single();
        _followers = [.. hosted.OfType<Follower>(), _pager];
    }

    public Desk Desk { get; }
    public PolicyState Policies { get; }
    public Leases Leases { get; }
    public IEnumerable<LoggedSilence> SilenceLog =>
        SilenceRows.Latest(_app.Services.GetRequiredService<Store>(), 1000).Reverse();
    public IncidentLog Log => Desk.Log;

    /// <exception cref="CannotStart">As from <c>akira up</c>.</exception>
    public static async Task<InProcess> Start(
        string data,
        string runbooks,
        NightClock clock,
        RecordingChannel channel,
        SampleSource samples
    )
    {
        var options = new ResponderOptions
        {
            Listen = "http://127.0.0.1:0",
            Data = data,
            Runbooks = runbooks,
            Ssh = new SshOptions(Keys: ""), // no test logs in to anybody's hosts
        };
        var responder = new InProcess(Responder.Responder.Build(options, clock), clock, channel, samples);
        await responder._app.StartAsync();
        await responder._pager.StartAsync(CancellationToken.None);
        return responder;
    }

    /// <summary>Takes a second's samples and judges them.</summary>
    public Task Look() => _watch.Tick(CancellationToken.None);

    /// <summary>What is left to do at this time; null: nothing.</summary>
    /// <remarks>
    /// Judged by state alone, so that there is no moment between two pieces of work at which it seems to be done. Who
    /// waits for a time must be seen to wait: the scenario moves the clock, and nobody may oversleep.
    /// </remarks>
    public string? Busy()
    {
        var now = _clock.GetUtcNow();
        if (Leases.RunOut(now).Count > 0)
            return "an alert has run out";
        if (
            SilenceDecisions.Due(Desk.Board.Silencing, Desk.Policy, now) is [_, ..]
            || Desk.Board.Silencing.Alerts.Values.Any(a =>
                a.Incident is null && Desk.Board.Route(a.Alert, Desk.Policy.Platform) is not null
            )
        )
            return "silences are not as they should be by now";
        var end = Log.Position;
        if (_deadlines.Position < end || _diagnostician.Position < end)
            return $"entry {end} was not seen by the deadline clock or the diagnostician";
        if (_followers.FirstOrDefault(f => f.Position < end && !(f == _pager && AwaitsChannel())) is { } behind)
            return $"{behind.GetType().Name} is at {behind.Position} of {end}";
        if (_steps.Running > 0 || Desk.Board.Incidents.Values.Any(i => i.Runs.Values.Any(r => r.Verdict is null)))
            return "a step runs";
        if (
            Desk
                .Board.Incidents.Values.SelectMany(i =>
                    Akira.Core.Incidents.Deadlines.Of(i, Desk.PolicyOf(i.PolicyHash)).Take(1)
                )
                .MinBy(d => d.DueAt) is
            { } next
        )
            if (next.DueAt <= now || next.DueAt - now < SurelyAwaited && !_clock.IsAwaited(next.DueAt))
                return $"{next.Kind} is due at {next.DueAt:HH:mm:ss}";
        return Log.Position == end ? null : "more has happened";
    }

    public async ValueTask DisposeAsync()
    {
        await _pager.StopAsync(CancellationToken.None);
        await _app.StopAsync();
        _pager.Dispose();
        _watch.Dispose();
        await _app.DisposeAsync();
    }

    private bool AwaitsChannel() => _channel.TriedAgainAt is { } again && _clock.IsAwaited(again);
}
