using System.Collections.Immutable;
using Akira.Core.Runbooks;

namespace Akira.Core.Incidents;

/// <param name="Text">The kickoff step as the runbook writes it.</param>
/// <param name="Done">Null: the log cannot tell.</param>
public sealed record ChecklistItem(string Text, bool? Done);

/// <summary>The kickoff procedure, ticked from the log.</summary>
public static class Checklist
{
    public static ImmutableArray<ChecklistItem> Of(Incident incident, Policy policy) =>
        [.. policy.Kickoff.Select(text => new ChecklistItem(text, IsDone(text, incident, policy)))];

    /// <summary>A step is recognised by its first telling word; more than one may stand in a sentence, so order counts.</summary>
    private static bool? IsDone(string text, Incident incident, Policy policy)
    {
        if (Has(text, "acknowledge") || Has(text, "ack "))
            return incident.AcknowledgedAt is not null;
        if (Has(text, "ticket") || Has(text, "incident log"))
            return true; // the incident is the ticket, and its log began with it
        if (Has(text, "classify"))
            return incident.Subsystem != Policy.Unclassified;
        if (Has(text, "runbook"))
            return incident.Runs.Values.Any(r => r.Reason != StepReason.Diagnostics);
        if (Has(text, "update") && policy.For(incident.Severity).UpdateEvery is not null)
            return incident.MissedUpdates == 0 && incident.UpdateClock > incident.DetectedAt;
        return null;
    }

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
