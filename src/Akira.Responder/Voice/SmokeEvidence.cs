using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Core.Voice;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Voice;

/// <summary>
/// When a smoke test has passed, finds its calls in the call records, and puts their ASR and PDD into the log: that the
/// caller's program was content says nothing of what the platform saw and wrote down.
/// </summary>
public sealed class SmokeEvidence(Desk desk, CallArchive archive, KpiHistory history, ILogger<SmokeEvidence> logger)
    : Follower("smoke-evidence", desk, logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>The hosts' clocks and ours.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(2);

    protected override bool Wants(Entry entry) => entry is Entry.StepFinished { Verdict: Verdict.Pass };

    protected override async Task Act(LogEntry entry, CancellationToken cancel)
    {
        var number = ((Entry.StepFinished)entry.Entry).Run;
        if (
            Desk.Find(entry.IncidentNumber) is not { } incident
            || !incident.Runs.TryGetValue(number, out var run)
            || !Gates.IsSmoke(run.Step, run.Script)
        )
            return;
        var hosts = CallersOf(run, Desk.PolicyOf(incident.PolicyHash).Platform);
        var measured = new Command.MeasureSmoke(number, null, 0, null);
        // Without a host of the platform its calls cannot be told from others; without records there is nothing to look in.
        // After an outage of hours there are none of the last one, and those of the test are what is waited for.
        if (hosts.Count > 0 && (history.Any() || archive(entry.At - CallWindows.Longest, entry.At + Skew).Any()))
            measured = Measured(number, await Calls(run, hosts, entry.At, cancel));
        await Record(entry, measured, cancel);
    }

    /// <summary>What the Call-ID of a call from there ends in: callers put their own host after the @ (RFC 3261, 8.1.1.4).</summary>
    private static HashSet<string> CallersOf(StepRun run, Platform platform) =>
        [
            .. run
                .Hosts.Select(platform.Host)
                .Where(h => h is not null)
                .SelectMany(h => new[] { h!.Name, h.Address.Split(':')[0] }),
        ];

    private async Task<List<CallRecord>> Calls(
        StepRun run,
        HashSet<string> hosts,
        DateTimeOffset finished,
        CancellationToken cancel
    )
    {
        while (Found().Count == 0 && Desk.Clock.GetUtcNow() < finished + Gates.SmokeRecordsWithin)
            await Task.Delay(LookEvery, Desk.Clock, cancel);
        // The first came; those of the same run are at its heels.
        await Task.Delay(LookEvery, Desk.Clock, cancel);
        return Found();

        List<CallRecord> Found() =>
            [
                .. archive((run.StartedAt ?? run.RequestedAt) - Skew, finished + Skew)
                    .Where(r =>
                        r.Type == CallRecordType.Setup
                        && r.IsLast is not false
                        && !Outcomes.IsChallenge(r)
                        && r.CallId?.Split('@') is [_, var host]
                        && hosts.Contains(host.Split(':')[0])
                    ),
            ];
    }

    private static Command.MeasureSmoke Measured(int number, List<CallRecord> calls)
    {
        var windows = new CallWindows();
        var at = calls.Count == 0 ? DateTimeOffset.UnixEpoch : calls.Max(c => c.At);
        foreach (var call in calls)
            windows.Add(call, at);
        var kpis = windows.Kpis(Scope.Platform, CallWindows.Longest, at);
        return new(number, kpis.Attempts, kpis.Answered, kpis.PddP95.Value);
    }
}
