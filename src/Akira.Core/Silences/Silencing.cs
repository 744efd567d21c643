using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Incidents;

namespace Akira.Core.Silences;

/// <summary>What is silenced, folded from its log: nothing here is remembered anywhere else.</summary>
public sealed record Silencing
{
    public static Silencing None { get; } = new();

    /// <summary>The seq of the last entry folded.</summary>
    public long Seq { get; private init; }

    public int LastNumber { get; private init; }

    /// <summary>By number: those that hold, and those that are to come.</summary>
    public ImmutableSortedDictionary<int, Silence> Standing { get; private init; } =
        ImmutableSortedDictionary<int, Silence>.Empty;

    /// <summary>Of those that named severities, by scope: the last one that is over, as long as it held.</summary>
    public ImmutableDictionary<SilenceScope, Silence> Over { get; private init; } =
        ImmutableDictionary<SilenceScope, Silence>.Empty;

    /// <summary>By fingerprint.</summary>
    public ImmutableDictionary<string, SilencedAlert> Alerts { get; private init; } =
        ImmutableDictionary.Create<string, SilencedAlert>(StringComparer.Ordinal);

    /// <summary>By maintenance window: when it opened last, so that one that was ended early stays so.</summary>
    public ImmutableDictionary<string, DateTimeOffset> Opened { get; private init; } =
        ImmutableDictionary.Create<string, DateTimeOffset>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The silence that keeps an alert back now: of several the one that does so longest. Null: none.</summary>
    /// <param name="worst">The policy's worst severity.</param>
    public Silence? Covering(TriagedAlert alert, Severity worst, DateTimeOffset now) =>
        Standing.IsEmpty
            ? null
            : Standing
                .Values.Where(s => s.HoldsAt(now) && s.Scope.Covers(alert, worst))
                .OrderByDescending(s => s.Until)
                .FirstOrDefault();

    /// <summary>Folds one more entry. Total: one that makes no sense changes only the seq.</summary>
    public static Silencing Evolve(Silencing state, LoggedSilence logged)
    {
        state = state with { Seq = logged.Seq };
        return logged.Entry switch
        {
            SilenceEntry.Set set => state.With(set, logged.By),
            SilenceEntry.Ended ended => state.Without(ended.Number, logged.At),
            SilenceEntry.Kept kept => state.With(kept, logged.At),
            SilenceEntry.Joined joined => state with
            {
                Alerts = state.Alerts.SetItems(
                    joined
                        .Fingerprints.Where(state.Alerts.ContainsKey)
                        .Select(f => KeyValuePair.Create(f, state.Alerts[f] with { Incident = joined.Incident }))
                ),
            },
            SilenceEntry.LetGo gone => state with { Alerts = state.Alerts.RemoveRange(gone.Fingerprints) },
            _ => state,
        };
    }

    private Silencing Without(int number, DateTimeOffset at) =>
        Standing.TryGetValue(number, out var silence)
            ? this with
            {
                Standing = Standing.Remove(number),
                Over =
                    silence.Scope.Severities.IsEmpty || at <= silence.From
                        ? Over
                        : Over.SetItem(silence.Scope, silence with { Until = at < silence.Until ? at : silence.Until }),
            }
            : this;

    private Silencing With(SilenceEntry.Set set, Actor by) =>
        this with
        {
            LastNumber = Math.Max(LastNumber, set.Number),
            Standing = Standing.SetItem(
                set.Number,
                new Silence(set.Number, set.Scope, set.From, set.Until, by.Name, set.Reason, set.Window)
            ),
            Opened = set.Window is { } window ? Opened.SetItem(window, set.From) : Opened,
        };

    private Silencing With(SilenceEntry.Kept kept, DateTimeOffset at) =>
        this with
        {
            Alerts = Alerts.SetItems(
                kept.Alerts.Select(a =>
                    KeyValuePair.Create(
                        a.Alert.Fingerprint,
                        Alerts.TryGetValue(a.Alert.Fingerprint, out var known)
                            ? known with
                            {
                                Alert = a,
                                Silence = kept.Number,
                            }
                            : new SilencedAlert(a, kept.Number, at)
                    )
                )
            ),
            Standing = Standing.TryGetValue(kept.Number, out var silence)
                ? Standing.SetItem(kept.Number, silence with { Alerts = silence.Alerts + kept.Alerts.Length })
                : Standing,
        };
}
