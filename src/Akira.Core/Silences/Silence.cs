using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Incidents;

namespace Akira.Core.Silences;

/// <summary>What a silence is about.</summary>
/// <param name="Severities">Those named. None: all but the policy's worst, which is silenced only by its name.</param>
/// <param name="Matchers">All of them must hold.</param>
public sealed record SilenceScope(ImmutableArray<Severity> Severities, ImmutableArray<Matcher> Matchers)
{
    /// <summary>An alert that says no severity is taken for one of the worst, and no silence can have named it.</summary>
    /// <param name="worst">The policy's worst severity.</param>
    public bool Covers(TriagedAlert alert, Severity worst) =>
        (
            alert.Severity == worst
                ? Severities.Contains(worst) && alert.Alert.Labels.ContainsKey("severity")
                : Severities.IsEmpty || Severities.Contains(alert.Severity)
        ) && Matchers.All(m => m.Matches(alert));

    public bool Equals(SilenceScope? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>As it can be typed: <c>SEV1 subsystem="signaling" host=~"db-.*"</c>.</summary>
    public override string ToString() =>
        string.Join(' ', [.. Severities.Select(s => s.ToString()), .. Matchers.Select(m => m.ToString())]);
}

/// <summary>Alerts of a kind that open no page for a while.</summary>
/// <param name="By">Who set it, by name; <c>akira</c> for a maintenance window.</param>
/// <param name="Window">The maintenance window whose time it is; null: a person set it.</param>
/// <param name="Alerts">How many it has kept back so far.</param>
public sealed record Silence(
    int Number,
    SilenceScope Scope,
    DateTimeOffset From,
    DateTimeOffset Until,
    string By,
    string Reason,
    string? Window = null,
    int Alerts = 0
)
{
    public bool HoldsAt(DateTimeOffset now) => From <= now && now < Until;
}

/// <summary>An alert that fires and that a silence keeps from paging.</summary>
/// <param name="Silence">Its number.</param>
/// <param name="Incident">The open incident in which it fires without a word; null: it fires in none.</param>
public sealed record SilencedAlert(TriagedAlert Alert, int Silence, DateTimeOffset Since, int? Incident = null);
