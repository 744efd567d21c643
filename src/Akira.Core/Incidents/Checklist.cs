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
        throw new NotSupportedException();
}
