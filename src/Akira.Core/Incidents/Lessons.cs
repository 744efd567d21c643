using System.Collections.Immutable;
using Akira.Core.Runbooks;

namespace Akira.Core.Incidents;

/// <summary>
/// What the log itself can say about how it went: times against the runbook's targets, what was refused, what was
/// overridden. The causes are for people.
/// </summary>
public sealed record Lessons(ImmutableArray<string> Well, ImmutableArray<string> Poorly)
{
    /// <summary>A log of a long night shall not bury what matters.</summary>
    private const int MostRefusals = 10;

    /// <param name="log">The incident's whole log, in order.</param>
    public static Lessons Of(IReadOnlyList<LogEntry> log, Policy policy)
    {
        var incident = Incident.Fold(log)!;
        var well = ImmutableArray.CreateBuilder<string>();
        var poorly = ImmutableArray.CreateBuilder<string>();
        Acknowledgement(log, incident, policy, well, poorly);
        Evidence(log, incident, well);
        Updates(log, incident, policy, well, poorly);
        Mitigation(log, incident, well, poorly);
        Steps(log, incident, poorly);
        Words(log, incident, poorly);
        End(log, incident, well, poorly);
        return new(well.ToImmutable(), poorly.ToImmutable());
    }

    private static void Acknowledgement(
        IReadOnlyList<LogEntry> log,
        Incident incident,
        Policy policy,
        ImmutableArray<string>.Builder well,
        ImmutableArray<string>.Builder poorly
    )
    {
        var target = Elapsed.Words(policy.For(incident.Severity).AckTarget);
        var missed = Missed(log, DeadlineKind.Ack);
        var after = incident.AcknowledgedAt is { } at ? Elapsed.Words(at - incident.DetectedAt) : null;
        if (missed == 0 && after is not null)
            well.Add($"Acknowledged after {after}; the target is {target}.");
        else if (missed > 0)
            poorly.Add(
                $"The ack target of {target} was missed{Times(missed)}; {(after is null ? "nobody acknowledged" : $"acknowledged after {after}")}."
            );
        else if (incident.ResolvedAt is not null)
            poorly.Add("Nobody acknowledged.");
        var expired = log.Count(e => e.Entry is Entry.AckExpired);
        if (expired > 0)
            poorly.Add($"The acknowledgement expired{Times(expired)}: updates stayed away.");
    }

    private static void Evidence(IReadOnlyList<LogEntry> log, Incident incident, ImmutableArray<string>.Builder well)
    {
        if (log.FirstOrDefault(e => e.Entry is Entry.StepFinished) is not { } first)
            return;
        var before = incident.AcknowledgedAt is { } ack && first.At <= ack ? ", before anybody acknowledged" : "";
        well.Add(
            $"The first evidence was there {Elapsed.Words(first.At - incident.DetectedAt)} after detection{before}."
        );
    }

    private static void Updates(
        IReadOnlyList<LogEntry> log,
        Incident incident,
        Policy policy,
        ImmutableArray<string>.Builder well,
        ImmutableArray<string>.Builder poorly
    )
    {
        if (policy.For(incident.Severity).UpdateEvery is not { } cadence)
            return;
        var (posted, missed) = (log.Count(e => e.Entry is Entry.Updated), Missed(log, DeadlineKind.Update));
        if (missed > 0)
            poorly.Add($"An update was missed{Times(missed)}; one is due every {Elapsed.Words(cadence)}.");
        else if (posted > 0)
            well.Add($"Every update came in time: {posted}, one at least every {Elapsed.Words(cadence)}.");
    }

    private static void Mitigation(
        IReadOnlyList<LogEntry> log,
        Incident incident,
        ImmutableArray<string>.Builder well,
        ImmutableArray<string>.Builder poorly
    )
    {
        var rows = log.Select(e => e.Entry)
            .OfType<Entry.Escalated>()
            .Where(e => e.Elapsed > TimeSpan.Zero && e.Outcome == "paged")
            .ToList();
        foreach (var row in rows)
            poorly.Add($"It had to be escalated at T+{Elapsed.Words(row.Elapsed)}: {row.Action}.");
        if (incident.MitigatedAt is { } at)
            well.Add(
                $"Service was restored after {Elapsed.Words(at - incident.DetectedAt)}{(rows.Count == 0 ? ", before anybody else had to be called" : "")}."
            );
        foreach (var entry in log)
            if (entry.Entry is Entry.MitigationFailed failed)
                poorly.Add($"A mitigation did not hold ({incident.SinceDetection(entry.At)}): {failed.Reason}.");
    }

    /// <summary>Diagnostics that fail are how an outage looks; what people ran should have worked.</summary>
    private static void Steps(IReadOnlyList<LogEntry> log, Incident incident, ImmutableArray<string>.Builder poorly)
    {
        foreach (var run in incident.Runs.Values)
            if (run is { Reason: StepReason.Confirmed, Verdict: not (null or Verdict.Pass), FinishedAt: { } at })
                poorly.Add(
                    $"{run.Step} did not work ({incident.SinceDetection(at)}): {run.Verdict.Value.ToString().ToLowerInvariant()}."
                );
        foreach (var entry in log)
            if (entry.Entry is Entry.PageFailed { Permanent: true } page)
                poorly.Add(
                    $"A page could not be delivered by {page.Channel} ({incident.SinceDetection(entry.At)}): {page.Error}."
                );
    }

    private static void Words(IReadOnlyList<LogEntry> log, Incident incident, ImmutableArray<string>.Builder poorly)
    {
        var refused = log.Where(e => e.Entry is Entry.CommandRefused).ToList();
        foreach (var entry in refused.Take(MostRefusals))
        {
            var e = (Entry.CommandRefused)entry.Entry;
            poorly.Add($"Refused to {entry.By.Name} ({incident.SinceDetection(entry.At)}), {e.Code}: {e.Text}");
        }
        if (refused.Count > MostRefusals)
            poorly.Add($"And {refused.Count - MostRefusals} more were refused.");
        foreach (var (gate, tick) in incident.Ticks.OrderBy(t => t.Value.At))
            poorly.Add($"The gate {gate} rests on the word of {tick.By}, not on evidence: {tick.Reason}");
    }

    private static void End(
        IReadOnlyList<LogEntry> log,
        Incident incident,
        ImmutableArray<string>.Builder well,
        ImmutableArray<string>.Builder poorly
    )
    {
        foreach (var entry in log)
            if (entry.Entry is Entry.Resolved { Override: { } why } resolved)
                poorly.Add(
                    $"{entry.By.Name} closed it over gates that did not hold ({string.Join(", ", resolved.UnmetGates)}): {why}"
                );
            else if (entry.Entry is Entry.Reopened reopened)
                poorly.Add($"It was not over ({incident.SinceDetection(entry.At)}): {reopened.Reason}");
        if (incident is { Resolution.Override: null, Resolution: not null, Ticks.IsEmpty: true })
            well.Add("It was closed with every gate held on evidence.");
    }

    private static int Missed(IReadOnlyList<LogEntry> log, string kind) =>
        log.Count(e => e.Entry is Entry.DeadlineMissed missed && missed.Deadline == kind);

    private static string Times(int count) => count == 1 ? "" : $" {count} times";
}
