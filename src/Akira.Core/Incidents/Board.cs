using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Runbooks;
using Akira.Core.Silences;

namespace Akira.Core.Incidents;

/// <summary>
/// All incidents that are not resolved, indexed for routing, and what is silenced. Immutable: a batch of decisions is made on a copy, and
/// the copy is dropped when its entries could not be recorded.
/// </summary>
public sealed record Board
{
    public static Board Empty { get; } = new();

    public ImmutableDictionary<int, Incident> Incidents { get; private init; } =
        ImmutableDictionary<int, Incident>.Empty;

    /// <summary>What is silenced, and which alerts are kept from opening an incident.</summary>
    public Silencing Silencing { get; init; } = Silencing.None;

    private ImmutableDictionary<string, int> BySubsystem { get; init; } =
        ImmutableDictionary.Create<string, int>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where an alert that is news belongs: an incident to join (as an effect or not), or null to open one.</summary>
    public (int Incident, bool Effect)? Route(TriagedAlert alert, Platform platform)
    {
        if (BySubsystem.TryGetValue(alert.Subsystem, out var same))
            return (same, false);
        if (Incidents.IsEmpty)
            return null;
        // Records that pile up are no service's own: whatever one of their subsystem needs explains them.
        var services = alert.Service is { } named
            ? [named]
            : platform.Services.Where(s => Same(s.Subsystem, alert.Subsystem)).Select(s => s.Name);
        var dependencies = services.SelectMany(platform.DependenciesOf).Distinct().ToList();
        foreach (var subsystem in dependencies.Select(d => d.Subsystem).Distinct(StringComparer.OrdinalIgnoreCase))
            if (
                BySubsystem.TryGetValue(subsystem, out var cause)
                && Incidents[cause].FailingServices.Any(f => dependencies.Any(d => Same(d.Name, f)))
            )
                return (cause, true);
        return null;
    }

    /// <summary>The open incident of a subsystem; null when there is none.</summary>
    public Incident? Of(string subsystem) =>
        BySubsystem.TryGetValue(subsystem, out var number) ? Incidents[number] : null;

    /// <summary>The board once this incident is as given. A resolved one leaves it.</summary>
    public Board With(Incident incident)
    {
        var board = this;
        if (Incidents.TryGetValue(incident.Number, out var before))
            if (!Same(before.Subsystem, incident.Subsystem) || incident.State == IncidentState.Resolved)
                board = board.WithoutSubsystem(before);
        if (incident.State == IncidentState.Resolved)
            return board with { Incidents = board.Incidents.Remove(incident.Number) };
        if (!board.BySubsystem.ContainsKey(incident.Subsystem))
            board = board with { BySubsystem = board.BySubsystem.Add(incident.Subsystem, incident.Number) };
        return board with { Incidents = board.Incidents.SetItem(incident.Number, incident) };
    }

    private Board WithoutSubsystem(Incident incident)
    {
        if (!BySubsystem.TryGetValue(incident.Subsystem, out var owner) || owner != incident.Number)
            return this;
        // A second incident of the same subsystem (a person classified it so) takes its place.
        var heir = Incidents.Values.FirstOrDefault(i =>
            i.Number != incident.Number && Same(i.Subsystem, incident.Subsystem)
        );
        return this with
        {
            BySubsystem = heir is null
                ? BySubsystem.Remove(incident.Subsystem)
                : BySubsystem.SetItem(incident.Subsystem, heir.Number),
        };
    }

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
