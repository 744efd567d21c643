using System.Collections.Immutable;
using Akira.Core.Runbooks;

namespace Akira.Core.Incidents;

/// <param name="Kind">One of <see cref="DeadlineKind"/>.</param>
/// <param name="Who">Whom it concerns, in words.</param>
/// <param name="Row">Of an escalation: its place in the matrix.</param>
public sealed record Deadline(string Kind, DateTimeOffset DueAt, string Who, TimeSpan? Row = null);

/// <summary>The kinds of deadline, as the log and the API name them.</summary>
public static class DeadlineKind
{
    public const string Ack = "ack";
    public const string Update = "update";
    public const string Escalation = "escalation";
    public const string Stable = "stable";
}

/// <summary>What must have happened by when. Computed from the incident and the policy, never stored.</summary>
public static class Deadlines
{
    /// <summary>All that are pending, the next one first. Empty once it is resolved.</summary>
    public static ImmutableArray<Deadline> Of(Incident incident, Policy policy)
    {
        if (incident.State == IncidentState.Resolved)
            return [];
        var severity = policy.For(incident.Severity);
        var deadlines = ImmutableArray.CreateBuilder<Deadline>();

        if (incident.State == IncidentState.Open)
            deadlines.Add(new Deadline(DeadlineKind.Ack, incident.AckClock + severity.AckTarget, "on-call"));

        if (severity.UpdateEvery is { } cadence)
            deadlines.Add(
                new Deadline(DeadlineKind.Update, incident.UpdateClock + cadence, incident.AcknowledgedBy ?? "on-call")
            );

        foreach (var row in policy.Escalation)
            if (row.Actions.TryGetValue(incident.Severity, out var action) && IsPending(incident, row))
                deadlines.Add(
                    new Deadline(
                        DeadlineKind.Escalation,
                        incident.EscalationClock + row.Elapsed,
                        action.Pages.IsEmpty ? action.Text : string.Join(", ", action.Pages),
                        row.Elapsed
                    )
                );

        if (incident.StableSince is { } since && incident.StabilityAnnounced != since)
            deadlines.Add(new Deadline(DeadlineKind.Stable, since + policy.Stability, "metrics stable"));

        return deadlines.DrainToImmutable().Sort((a, b) => a.DueAt.CompareTo(b.DueAt));
    }

    private static bool IsPending(Incident incident, EscalationRow row) =>
        !incident.Escalated.Contains((incident.Severity, row.Elapsed))
        && (incident.LoweredAt is not { } lowered || incident.EscalationClock + row.Elapsed > lowered);
}
