using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Runbooks;

namespace Akira.Core.Incidents;

/// <param name="Evidence">What it was judged by, in words.</param>
/// <param name="Tickable">Whether nothing measures it here, so that a person may vouch for it.</param>
public sealed record GateResult(Gate Gate, bool Met, string Evidence, bool Tickable = false);

/// <summary>Whether an incident may be resolved.</summary>
public static class Gates
{
    /// <summary>
    /// Subsystems whose trouble cannot reach a call or its record. Everything else, what is unclassified too, is taken
    /// to be on the call path: the worse is assumed.
    /// </summary>
    private static readonly ImmutableArray<string> OffTheCallPath = ["management app", "certificate", "vault"];

    /// <summary>One result for each bullet of the runbook's resolution section, in its order.</summary>
    public static ImmutableArray<GateResult> Of(Incident incident, Policy policy, DateTimeOffset now) =>
        [.. policy.Gates.Select(gate => Of(gate, incident, policy, now))];

    /// <summary>For how long the call records of a smoke test are waited for.</summary>
    public static readonly TimeSpan SmokeRecordsWithin = TimeSpan.FromSeconds(30);

    public static bool IsSmoke(string step, string script) =>
        step.Contains("smoke", StringComparison.OrdinalIgnoreCase)
        || script.Contains("smoke", StringComparison.OrdinalIgnoreCase);

    private static GateResult Of(Gate gate, Incident incident, Policy policy, DateTimeOffset now) =>
        gate.Kind switch
        {
            GateKind.Symptom => Symptom(gate, incident),
            GateKind.Smoke => Smoke(gate, incident, policy),
            GateKind.CdrMonotonic => CdrMonotonic(gate, incident),
            GateKind.Stable => Stable(gate, incident, policy, now),
            GateKind.Timestamps => Timestamps(gate, incident),
            _ => Ticked(gate, incident, "nothing measures this"),
        };

    private static GateResult Symptom(Gate gate, Incident incident)
    {
        if (incident.FiringCount > 0)
            return new(
                gate,
                false,
                incident.FiringCount == 1 ? "1 alert still fires" : $"{incident.FiringCount} alerts still fire"
            );
        var probed = incident.Observed.GetValueOrDefault(gate.Name);
        if (probed is { Met: false })
            return new(gate, false, probed.Evidence);
        if (incident.Alerts.IsEmpty)
            return probed is null
                ? Ticked(gate, incident, "no alert belongs to this incident")
                : new(gate, true, probed.Evidence);
        // A good probe says that the service is up, not that what the alert was about is over.
        var silent = incident.Alerts.Values.Where(a => a.FellSilent).Select(a => a.Alert.Name).Distinct().ToList();
        if (silent.Count > 0)
            return Ticked(
                gate,
                incident,
                $"{string.Join(", ", silent)}: no longer sent, but nobody said that it ended"
            );
        var ended =
            incident.Alerts.Count == 1 ? "its alert has ended" : $"all {incident.Alerts.Count} alerts have ended";
        return new(gate, true, probed is null ? ended : $"{ended}; {probed.Evidence}");
    }

    /// <summary>Only a smoke test that ran after the last disturbance and the mitigation proves anything.</summary>
    private static GateResult Smoke(Gate gate, Incident incident, Policy policy)
    {
        var last = incident.Runs.Values.LastOrDefault(r => r.Verdict is not null && IsSmoke(r.Step, r.Script));
        if (last is null)
            return SmokeSteps(policy) is [var step, ..]
                ? new(gate, false, $"not run yet: /run {step}")
                : Ticked(gate, incident, "the runbooks have no smoke step");
        var run = $"{last.Step} ended {incident.SinceDetection(last.FinishedAt!.Value)}: {Word(last.Verdict!.Value)}";
        if (last.Verdict != Verdict.Pass)
            return new(gate, false, run);
        var since = incident.Alerts.IsEmpty ? incident.DetectedAt : incident.Alerts.Values.Max(a => a.FiredAt);
        if (incident.MitigatedAt > since)
            since = incident.MitigatedAt.Value;
        if (last.RequestedAt < since)
            return new(
                gate,
                false,
                $"{run}, but before the last change at {incident.SinceDetection(since)}: run it again"
            );
        if (policy.SmokeBaseline is not { } baseline)
            return new(gate, true, run);
        return last.Measured switch
        {
            null => new(gate, false, $"{run}; its calls are looked for in the call records"),
            { Calls: null } => new(
                gate,
                true,
                $"{run}; no call records reach the responder, so its calls were not measured"
            ),
            { Calls: 0 } => new(
                gate,
                false,
                $"{run}, but no call record of it came: run it again, or look at the CDR pipeline"
            ),
            var measured => new(
                gate,
                measured.Asr >= baseline.Asr && (measured.PddP95 ?? double.MaxValue) < baseline.PddP95.TotalSeconds,
                $"{run}; {Words(measured)}; normal is {baseline}"
            ),
        };
    }

    /// <summary><c>3 calls, ASR 100 %, PDD p95 0.7 s</c>.</summary>
    public static string Words(Entry.SmokeMeasured smoke) =>
        $"{(smoke.Calls == 1 ? "1 call" : $"{smoke.Calls ?? 0} calls")}, ASR {(smoke.Asr is { } asr ? SampleUnits.Format("asr", asr) : "unknown")}, PDD p95 {(smoke.PddP95 is { } pdd ? SampleUnits.Format("pdd.p95", pdd) : "unknown")}";

    private static GateResult CdrMonotonic(Gate gate, Incident incident)
    {
        if (OffTheCallPath.Contains(incident.Subsystem, StringComparer.OrdinalIgnoreCase))
            return new(gate, true, $"the call path is not affected ({incident.Subsystem})");
        return incident.Observed.TryGetValue(gate.Name, out var observed)
            ? new(gate, observed.Met, observed.Evidence)
            : Ticked(gate, incident, "nothing measures CDR ingestion here");
    }

    private static GateResult Stable(Gate gate, Incident incident, Policy policy, DateTimeOffset now)
    {
        var needed = gate.For ?? policy.Stability;
        if (incident.StableSince is not { } since)
            return new(gate, false, incident.FiringCount > 0 ? "alerts still fire" : "not mitigated yet");
        var stable = now - since;
        return new(gate, stable >= needed, $"stable for {Elapsed.Words(stable)} of {Elapsed.Words(needed)}");
    }

    private static GateResult Timestamps(Gate gate, Incident incident)
    {
        var missing = gate.Timestamps.Where(t =>
            t.ToLowerInvariant() switch
            {
                "ack" => incident.AcknowledgedAt is null,
                "mitigation" => incident.MitigatedAt is null,
                _ => false, // detection is always there, and resolving stamps the resolution
            }
        );
        var words = string.Join(" and ", missing);
        return new(gate, words.Length == 0, words.Length == 0 ? "all in the log" : $"the log has no {words}");
    }

    private static GateResult Ticked(Gate gate, Incident incident, string otherwise) =>
        incident.Ticks.TryGetValue(gate.Name, out var tick)
            ? new(gate, true, $"{tick.By}, {incident.SinceDetection(tick.At)}: {tick.Reason}", Tickable: true)
            : new(gate, false, $"{otherwise}: /tick {gate.Name} <reason>", Tickable: true);

    private static ImmutableArray<string> SmokeSteps(Policy policy) =>
        [.. policy.Steps.Where(s => IsSmoke(s.Name, s.Script)).Select(s => s.Name)];

    private static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();
}
