using System.Collections.Immutable;
using System.Diagnostics;
using Akira.Core.Runbooks;
using static Akira.Core.Incidents.Decision;

namespace Akira.Core.Incidents;

public static partial class IncidentDecisions
{
    /// <summary>Meets what is due, in order; each meeting moves its deadline past now, so this ends.</summary>
    private static Decision MeetDeadlines(Incident incident, Policy policy, DateTimeOffset now)
    {
        var entries = ImmutableArray.CreateBuilder<Entry>();
        while (Deadlines.Of(incident, policy) is [var next, ..] && next.DueAt <= now)
            foreach (var entry in Meet(incident, next, policy))
            {
                entries.Add(entry);
                incident = Apply(incident, entry, now);
            }
        return Accept("", entries.DrainToImmutable());
    }

    private static ImmutableArray<Entry> Meet(Incident incident, Deadline due, Policy policy) =>
        due.Kind switch
        {
            DeadlineKind.Ack => MissedAck(incident, due, policy),
            DeadlineKind.Update => MissedUpdate(incident, due, policy),
            DeadlineKind.Escalation => EscalateRow(incident, due.Row!.Value, policy),
            DeadlineKind.Stable => Stable(incident, policy),
            _ => throw new UnreachableException(),
        };

    private static ImmutableArray<Entry> MissedAck(Incident incident, Deadline due, Policy policy)
    {
        var rule = policy.For(incident.Severity);
        var text =
            $"Nobody has acknowledged {incident.Severity} for {Elapsed.Words(rule.AckTarget)}: {incident.Title}. ACK <name>";
        return
        [
            new Entry.DeadlineMissed(due.Kind, due.DueAt),
            rule.Pages ? Page(["primary"], "ack-missed", text, policy) : new Entry.Reminded("ack-missed", text),
        ];
    }

    /// <summary>The first missed update reminds. The second in a row pages, and the acknowledgement no longer counts.</summary>
    private static ImmutableArray<Entry> MissedUpdate(Incident incident, Deadline due, Policy policy)
    {
        var rule = policy.For(incident.Severity);
        var missed = new Entry.DeadlineMissed(due.Kind, due.DueAt);
        var text = $"An update is due every {Elapsed.Words(rule.UpdateEvery!.Value)}: /update <text>";
        if (incident.MissedUpdates % 2 == 0 || !rule.Pages)
            return [missed, new Entry.Reminded("update-missed", text)];
        var again = $"Two updates in a row were missed. {incident.Severity} {incident.Title}: ACK <name>";
        return incident.AcknowledgedBy is { } holder
            ? [missed, new Entry.AckExpired(holder), Page(["primary", holder], "updates-missed", again, policy)]
            : [missed, Page(["primary"], "updates-missed", again, policy)];
    }

    private static ImmutableArray<Entry> EscalateRow(Incident incident, TimeSpan elapsed, Policy policy)
    {
        var action = policy
            .Escalation.First(r => r.Elapsed == elapsed && r.Actions.ContainsKey(incident.Severity))
            .Actions[incident.Severity];
        var skipped =
            action.Unless == EscalationUnless.Mitigated && incident.State == IncidentState.Mitigated ? "mitigated"
            : action.Unless == EscalationUnless.Acknowledged && incident.AcknowledgedBy is not null ? "acknowledged"
            : null;
        return skipped is null
            ? Escalate(action, incident.Severity, elapsed, policy, incident.Title)
            : [new Entry.Escalated(incident.Severity, elapsed, action.Text, $"skipped: {skipped}")];
    }

    /// <param name="action">A cell of the matrix.</param>
    /// <param name="title">Of the incident; null at T+0, where opening tells everybody anyway.</param>
    private static ImmutableArray<Entry> Escalate(
        EscalationAction action,
        Severity severity,
        TimeSpan elapsed,
        Policy policy,
        string? title = null
    )
    {
        var entries = ImmutableArray.CreateBuilder<Entry>();
        entries.Add(new Entry.Escalated(severity, elapsed, action.Text, action.Pages.IsEmpty ? "reminded" : "paged"));
        if (!action.Pages.IsEmpty)
        {
            var text = $"T+{Elapsed.Words(elapsed)} {severity}: {action.Text}" + (title is null ? "" : $" ({title})");
            entries.Add(Page(action.Pages, "escalation", text, policy));
        }
        if (title is not null)
            entries.AddRange(
                action.Reminders.Select(r => new Entry.Reminded(
                    "escalation",
                    $"T+{Elapsed.Words(elapsed)}: {r} ({title})"
                ))
            );
        return entries.DrainToImmutable();
    }

    private static ImmutableArray<Entry> Stable(Incident incident, Policy policy) =>
        [
            new Entry.StabilityReached(incident.StableSince!.Value),
            new Entry.Reminded("stable", $"Stable for {Elapsed.Words(policy.Stability)}: /gates, then /resolve"),
        ];
}
