using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Akira.Core.Alerts;
using Akira.Core.Incidents;

namespace Akira.Core.Silences;

/// <summary>An entry with its place in the log of silences.</summary>
/// <param name="Seq">From 1 without gaps.</param>
public sealed record LoggedSilence(long Seq, DateTimeOffset At, Actor By, SilenceEntry Entry);

/// <summary>
/// One fact of the log of silences, in the past tense. Closed, and its JSON is what is on disk: members may be added with
/// a default, never renamed.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Set), "silence-set")]
[JsonDerivedType(typeof(Ended), "silence-ended")]
[JsonDerivedType(typeof(Kept), "alerts-kept")]
[JsonDerivedType(typeof(Joined), "alerts-joined")]
[JsonDerivedType(typeof(LetGo), "alerts-let-go")]
public abstract record SilenceEntry
{
    private SilenceEntry() { }

    /// <param name="Window">The maintenance window that opened; null: a person set it.</param>
    public sealed record Set(
        int Number,
        SilenceScope Scope,
        DateTimeOffset From,
        DateTimeOffset Until,
        string Reason,
        string? Window = null
    ) : SilenceEntry;

    /// <param name="Reason"><c>expired</c>, or <c>ended</c> by a person.</param>
    public sealed record Ended(int Number, string Reason) : SilenceEntry;

    /// <summary>Alerts that fired and open no page.</summary>
    public sealed record Kept(int Number, ImmutableArray<TriagedAlert> Alerts) : SilenceEntry;

    /// <summary>They fire in an incident that is open anyway, without a word.</summary>
    public sealed record Joined(int Incident, ImmutableArray<string> Fingerprints) : SilenceEntry;

    /// <summary>No silence is about them any more.</summary>
    /// <param name="Reason"><c>ended</c> or <c>expired</c>: they no longer fire; <c>news</c>: they do, and an incident has them now.</param>
    public sealed record LetGo(ImmutableArray<string> Fingerprints, string Reason) : SilenceEntry;
}
