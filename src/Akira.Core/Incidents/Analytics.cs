using System.Collections.Immutable;

namespace Akira.Core.Incidents;

/// <summary>Mean and median over the incidents of which the time is known.</summary>
/// <param name="N">How many those are; mean and median are null when it is 0.</param>
public sealed record Spread(int N, TimeSpan? Mean, TimeSpan? Median)
{
    public static Spread Of(IEnumerable<TimeSpan?> spans)
    {
        var known = spans.Where(s => s is not null).Select(s => s!.Value).Order().ToList();
        return known.Count == 0
            ? new(0, null, null)
            : new(
                known.Count,
                TimeSpan.FromTicks((long)known.Average(s => s.Ticks)),
                (known[(known.Count - 1) / 2] + known[known.Count / 2]) / 2
            );
    }
}

/// <summary>One incident as the statistics see it.</summary>
/// <param name="Severity">The worst that it had.</param>
/// <param name="StartedAt">Null: nobody knows.</param>
public sealed record IncidentTimes(
    string Id,
    Severity Severity,
    string Subsystem,
    bool IsDrill,
    DateTimeOffset? StartedAt,
    DateTimeOffset DetectedAt,
    DateTimeOffset? AcknowledgedAt,
    DateTimeOffset? MitigatedAt,
    DateTimeOffset? ResolvedAt,
    int AcksMissed,
    int UpdatesMissed,
    int Escalations,
    bool Overridden
)
{
    public static readonly ImmutableArray<string> KindsNeeded =
    [
        "opened",
        "alerts-fired",
        "acknowledged",
        "handed-over",
        "classified",
        "severity-changed",
        "deadline-missed",
        "escalated",
        "mitigated",
        "mitigation-failed",
        "resolved",
        "reopened",
        "start-corrected",
        "marked-as-drill",
    ];

    /// <param name="log">Of one incident, in order; entries of other kinds than <see cref="KindsNeeded"/> may be left out.</param>
    public static IncidentTimes Of(IReadOnlyList<LogEntry> log)
    {
        var i = Incident.Fold(log)!;
        var entries = log.Select(e => e.Entry).ToList();
        var worst = entries
            .OfType<Entry.SeverityChanged>()
            .Select(c => c.To)
            .Append(((Entry.Opened)log[0].Entry).Severity)
            .Aggregate((a, b) => a.IsWorseThan(b) ? a : b);
        return new(
            i.Id,
            worst,
            i.Subsystem,
            i.IsDrill,
            i.StartedAt,
            i.DetectedAt,
            i.AcknowledgedAt,
            i.MitigatedAt,
            i.ResolvedAt,
            Missed(DeadlineKind.Ack),
            Missed(DeadlineKind.Update),
            entries.Count(e => e is Entry.Escalated { Outcome: "paged" } row && row.Elapsed > TimeSpan.Zero),
            i.Resolution?.Override is not null
        );

        int Missed(string kind) => entries.Count(e => e is Entry.DeadlineMissed missed && missed.Deadline == kind);
    }
}

/// <param name="Name"><c>all</c>, <c>SEV1</c>, <c>signaling</c>.</param>
/// <param name="ToDetect">MTTD: from when it began.</param>
/// <param name="ToAcknowledge">MTTA: from detection, as the rest.</param>
/// <param name="ToMitigate">MTTM.</param>
/// <param name="ToResolve">MTTR.</param>
/// <param name="AcksMissed">Ack deadlines that were missed; one incident may have several.</param>
/// <param name="Escalations">Rows of the escalation matrix that paged somebody after T+0.</param>
/// <param name="Overridden">Incidents that were resolved over gates that did not hold.</param>
public sealed record IncidentGroup(
    string Name,
    int Incidents,
    Spread ToDetect,
    Spread ToAcknowledge,
    Spread ToMitigate,
    Spread ToResolve,
    int AcksMissed,
    int UpdatesMissed,
    int Escalations,
    int Overridden
)
{
    public static IncidentGroup Of(string name, IReadOnlyCollection<IncidentTimes> incidents) =>
        new(
            name,
            incidents.Count,
            Spread.Of(incidents.Select(i => i.DetectedAt - i.StartedAt)),
            Spread.Of(incidents.Select(i => i.AcknowledgedAt - i.DetectedAt)),
            Spread.Of(incidents.Select(i => i.MitigatedAt - i.DetectedAt)),
            Spread.Of(incidents.Select(i => i.ResolvedAt - i.DetectedAt)),
            incidents.Sum(i => i.AcksMissed),
            incidents.Sum(i => i.UpdatesMissed),
            incidents.Sum(i => i.Escalations),
            incidents.Count(i => i.Overridden)
        );
}

/// <summary>How fast incidents were detected, acknowledged, mitigated and resolved.</summary>
public sealed record Analytics(
    IncidentGroup All,
    ImmutableArray<IncidentGroup> BySeverity,
    ImmutableArray<IncidentGroup> BySubsystem
)
{
    /// <param name="incidents">Of one sort: real ones, or drills.</param>
    public static Analytics Of(IReadOnlyCollection<IncidentTimes> incidents) =>
        new(
            IncidentGroup.Of("all", incidents),
            [
                .. incidents
                    .GroupBy(i => i.Severity)
                    .OrderBy(g => g.Key)
                    .Select(g => IncidentGroup.Of(g.Key.ToString(), [.. g])),
            ],
            [
                .. incidents
                    .GroupBy(i => i.Subsystem, StringComparer.OrdinalIgnoreCase)
                    .OrderByDescending(g => g.Count())
                    .ThenBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => IncidentGroup.Of(g.Key, [.. g])),
            ]
        );
}
