using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Akira.Core.Alerts;

namespace Akira.Core.Incidents;

/// <summary>
/// An incident, folded from its log: nothing here is remembered anywhere else. See <see cref="Evolve"/> for what each
/// entry changes and <see cref="IncidentDecisions"/> for who may cause it.
/// </summary>
public sealed partial record Incident
{
    public required int Number { get; init; }

    /// <summary>The seq of the last entry folded; an append expects it.</summary>
    public required int Version { get; init; }

    public required Severity Severity { get; init; }
    public required string Title { get; init; }
    public required string Subsystem { get; init; }
    public required string PolicyHash { get; init; }

    /// <summary>T+0: when the responder learned of it, by its own clock.</summary>
    public required DateTimeOffset DetectedAt { get; init; }

    /// <summary>The first acknowledgement; it stays when the acknowledgement expires.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>Who holds the incident now; null while nobody does.</summary>
    public string? AcknowledgedBy { get; init; }

    public DateTimeOffset? MitigatedAt { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>When the ack deadline began to run.</summary>
    public required DateTimeOffset AckClock { get; init; }

    /// <summary>When the update deadline began to run.</summary>
    public required DateTimeOffset UpdateClock { get; init; }

    /// <summary>When the escalation matrix began to run: detection, or the last re-opening.</summary>
    public required DateTimeOffset EscalationClock { get; init; }

    /// <summary>Updates missed in a row.</summary>
    public int MissedUpdates { get; init; }

    /// <summary>The last downgrade: rows of the milder severity that were due before it are not made up for.</summary>
    public DateTimeOffset? LoweredAt { get; init; }

    public ImmutableHashSet<(Severity Severity, TimeSpan Elapsed)> Escalated { get; init; } = [];

    /// <summary>By fingerprint.</summary>
    public ImmutableDictionary<string, IncidentAlert> Alerts { get; init; } =
        ImmutableDictionary.Create<string, IncidentAlert>(StringComparer.Ordinal);

    public int FiringCount { get; init; }

    /// <summary>How many of its firing alerts name a service; counted as they come, since an incident may have many thousands.</summary>
    private ImmutableDictionary<string, int> FiringByService { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Since when nothing has disturbed the system, by the log; null while something does.</summary>
    public DateTimeOffset? StableSince { get; init; }

    /// <summary>The <see cref="StableSince"/> that was announced as long enough.</summary>
    public DateTimeOffset? StabilityAnnounced { get; init; }

    public ImmutableSortedDictionary<int, StepRun> Runs { get; init; } = ImmutableSortedDictionary<int, StepRun>.Empty;
    public FrozenStep? Frozen { get; init; }

    /// <summary>When each identified person named a host here last.</summary>
    public ImmutableDictionary<(string Host, string By), DateTimeOffset> NamedHosts { get; init; } =
        ImmutableDictionary<(string Host, string By), DateTimeOffset>.Empty;

    /// <summary>By gate name.</summary>
    public ImmutableDictionary<string, GateTick> Ticks { get; init; } = ImmutableDictionary<string, GateTick>.Empty;

    /// <summary>Live evidence by gate name.</summary>
    public ImmutableDictionary<string, Entry.GateObserved> Observed { get; init; } =
        ImmutableDictionary<string, Entry.GateObserved>.Empty;

    /// <summary>Pages, by seq and channel, that need no further delivery.</summary>
    public ImmutableHashSet<(int Page, string Channel)> SettledPages { get; init; } = [];

    /// <summary>By channel: the first message about this incident alone. A channel may keep it up to date.</summary>
    public ImmutableDictionary<string, string> Receipts { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>When it began, as a person corrected it; null: nobody did.</summary>
    public DateTimeOffset? CorrectedStart { get; init; }

    /// <summary>When it began: as corrected, else the earliest word of its alerts; null where neither says.</summary>
    public DateTimeOffset? StartedAt =>
        CorrectedStart
        ?? (
            Alerts.IsEmpty ? null
            : Alerts.Values.Min(a => a.Alert.StartsAt) is var first && first < DetectedAt ? first
            : DetectedAt
        );

    public bool IsDrill { get; init; }

    public ImmutableArray<ActionItem> Actions { get; init; } = [];

    /// <summary>How often people have written the post-mortem anew; 0: it is the one made from the log.</summary>
    public int PostmortemVersion { get; init; }

    public Entry.Deployed? LastDeploy { get; init; }
    public Entry.Resolved? Resolution { get; init; }

    public string Id => IdOf(Number);

    public IncidentState State =>
        ResolvedAt is not null ? IncidentState.Resolved
        : MitigatedAt is not null ? IncidentState.Mitigated
        : AcknowledgedBy is not null ? IncidentState.Acknowledged
        : IncidentState.Open;

    /// <summary>Whether the alert belongs to it and has not ended.</summary>
    public bool Fires(string fingerprint) => Alerts.TryGetValue(fingerprint, out var known) && known.EndedAt is null;

    /// <summary>The services that its firing alerts name.</summary>
    public IEnumerable<string> FailingServices => FiringByService.Keys;

    public static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"INC-{number}");

    /// <summary>Reads <c>INC-7</c>, <c>inc-7</c> or <c>7</c>.</summary>
    public static bool TryParseId(string text, out int number)
    {
        var digits = text.AsSpan().Trim();
        if (digits.StartsWith("INC-", StringComparison.OrdinalIgnoreCase))
            digits = digits[4..];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<IncidentState>))]
public enum IncidentState
{
    [JsonStringEnumMemberName("open")]
    Open,

    [JsonStringEnumMemberName("acknowledged")]
    Acknowledged,

    [JsonStringEnumMemberName("mitigated")]
    Mitigated,

    [JsonStringEnumMemberName("resolved")]
    Resolved,
}

/// <param name="Effect">Whether it is an effect at a service that depends on this incident's subsystem.</param>
/// <param name="FellSilent">Whether it ended because nobody sent it again: its watcher may be gone, and the trouble not.</param>
/// <param name="Silence">The number of the silence under which it fires; null: none.</param>
public sealed record IncidentAlert(
    Alert Alert,
    Severity Severity,
    string? Service,
    bool Effect,
    DateTimeOffset FiredAt,
    DateTimeOffset? EndedAt,
    bool FellSilent = false,
    int? Silence = null
);

/// <param name="Verdict">Null until it finished.</param>
public sealed record StepRun(
    int Run,
    string Step,
    string Effect,
    string Script,
    ImmutableArray<string> Hosts,
    string Reason,
    DateTimeOffset RequestedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    Verdict? Verdict,
    Entry.SmokeMeasured? Measured = null
);

public sealed record FrozenStep(Entry.StepFrozen Step, Actor By);

public sealed record GateTick(DateTimeOffset At, string By, string Reason);
