using System.Text.Json.Serialization;

namespace Akira.Core.Alerts;

/// <summary>A condition that holds or held, as Alertmanager's API v2 carries it.</summary>
/// <param name="Fingerprint">Identity of the label set: sixteen hex digits, see <see cref="Alerts.Fingerprint"/>.</param>
/// <param name="EndsAt">When it ended, or until when it may be taken to hold unless sent again. Null: not said.</param>
public sealed record Alert(
    string Fingerprint,
    LabelSet Labels,
    LabelSet Annotations,
    DateTimeOffset StartsAt,
    DateTimeOffset? EndsAt,
    string? GeneratorUrl
)
{
    /// <summary>The label <c>alertname</c>, or <c>alert</c> where it is missing.</summary>
    [JsonIgnore]
    public string Name => Labels.GetValueOrDefault("alertname", "alert");

    /// <summary>One line for people: the annotation <c>summary</c>, else <c>description</c>, else the name.</summary>
    [JsonIgnore]
    public string Summary =>
        Annotations.GetValueOrDefault("summary") ?? Annotations.GetValueOrDefault("description") ?? Name;

    public bool IsFiringAt(DateTimeOffset now) => EndsAt is not { } end || end > now;
}
