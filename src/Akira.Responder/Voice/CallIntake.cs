using System.Collections.Immutable;
using System.Security.Cryptography;
using Akira.Core.Alerts;
using Akira.Core.Runbooks;
using Akira.Core.Voice;
using Akira.Responder.Demo;

namespace Akira.Responder.Voice;

/// <summary>The calls of the last hour and their figures. Safe for threads; keeps nothing on disk, see <see cref="CallSpool"/>.</summary>
/// <param name="pace">Seconds of the clock that it is told that pass in one of the world's.</param>
public sealed class CallIntake(double pace = 1)
{
    private readonly Lock _gate = new();
    private readonly CallWindows _windows = new(seed: BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)));
    private readonly NumberGaps _gaps = new(pace);
    private readonly DeadLetterCount _deadLetters = new();
    private long _unreadable;
    private bool _synthetic;

    public Receipt Add(IReadOnlyCollection<CallRecord> records, DateTimeOffset now)
    {
        lock (_gate)
        {
            var receipt = new Receipt(records.Count, 0, 0);
            foreach (var record in records)
            {
                _synthetic |= record.Node == SyntheticCalls.Node;
                _gaps.Add(record, now);
                receipt = _windows.Add(record, now) switch
                {
                    CallWindows.Counted.Duplicate => receipt with { Duplicates = receipt.Duplicates + 1 },
                    CallWindows.Counted.OutOfTime => receipt with { OutOfTime = receipt.OutOfTime + 1 },
                    _ => receipt,
                };
            }
            return receipt;
        }
    }

    /// <summary>
    /// Counts what an earlier run kept on disk. What has come again since then is known by its identity, in whatever order.
    /// </summary>
    public void Restore(IReadOnlyCollection<CallRecord> records, DateTimeOffset now)
    {
        lock (_gate)
            foreach (var record in records)
            {
                _gaps.Add(record, record.EmittedAt ?? record.At);
                if (record.Type != CallRecordType.Heartbeat)
                    _windows.Add(record, now);
            }
    }

    /// <summary>Messages of the stream that were no call records, of those that were read now.</summary>
    public void Unreadable(int messages, DateTimeOffset now)
    {
        lock (_gate)
        {
            _unreadable += messages;
            _deadLetters.Note(messages, now);
        }
    }

    /// <summary>Numbers that nodes gave and that have not come: all of them, then by node.</summary>
    public ImmutableArray<Sample> Gaps(DateTimeOffset now)
    {
        lock (_gate)
            return _gaps.Samples(now);
    }

    /// <summary>Each minute in which something was counted since this was last asked, with all that it has now.</summary>
    public ImmutableArray<(Scope Scope, DateTimeOffset Minute, Tally Tally)> TakeChanged()
    {
        lock (_gate)
            return [.. _windows.TakeChanged()];
    }

    /// <param name="kind">Only scopes of this kind; null: all.</param>
    /// <param name="name">Only the scope of this name; null: all.</param>
    public KpiReport Kpis(DateTimeOffset now, string? kind = null, string? name = null)
    {
        lock (_gate)
        {
            var scopes = _windows
                .Scopes.DefaultIfEmpty(Scope.Platform)
                .Where(s => (kind is null || s.Kind == kind) && (name is null || s.Name == name));
            return new(
                now,
                _synthetic,
                _windows.Records,
                _windows.Duplicates,
                _windows.OutOfTime,
                _windows.Unscoped,
                _unreadable,
                _gaps.Lost,
                _windows.Lag?.TotalSeconds,
                _windows.LastHeartbeat,
                [.. scopes.Select(s => Figures(s, now))]
            );
        }
    }

    /// <summary>The figures that the policy's conditions ask for, the gaps, and the dead letters.</summary>
    /// <param name="usual">What a scope has at this hour of the week; null: nobody knows.</param>
    public ImmutableArray<Sample> Samples(
        Policy policy,
        DateTimeOffset now,
        Func<Scope, DateTimeOffset, Usual?>? usual = null
    )
    {
        lock (_gate)
            return
            [
                .. KpiSamples.Of(Rules.Asked(policy), _windows, now, usual),
                .. _gaps.Samples(now),
                .. _deadLetters.Of(now) is { } dead ? [dead] : ImmutableArray<Sample>.Empty,
            ];
    }

    private KpiScope Figures(Scope scope, DateTimeOffset now)
    {
        var (answered, of) = _windows.LastSeizures(scope, now);
        return new(
            scope.Kind,
            scope.Name,
            $"{answered} of the last {of} calls answered",
            _windows.InProgress(scope, now),
            [.. CallWindows.Published.Select(w => _windows.Kpis(scope, w, now))]
        );
    }

    /// <param name="Accepted">How many records were read, all told.</param>
    /// <param name="Duplicates">Of these, known already.</param>
    /// <param name="OutOfTime">Of these, older than an hour or from the future: kept, in no window.</param>
    public sealed record Receipt(int Accepted, int Duplicates, int OutOfTime);
}

/// <param name="Synthetic">Whether made-up calls are among them.</param>
/// <param name="Counted">Records since the start that are in the figures, or were.</param>
/// <param name="Duplicates">Records that came again.</param>
/// <param name="OutOfTime">Records that came too late to count, or with a time yet to come.</param>
/// <param name="Unscoped">Records of a customer, trunk or prefix that is one too many to be measured by itself.</param>
/// <param name="Unreadable">Messages of the stream that were no call records.</param>
/// <param name="Lost">Numbers that a node gave and that did not come for an hour.</param>
/// <param name="LagSeconds">How old the last record was when it came: the pipeline's delay.</param>
/// <param name="LastHeartbeat">Of any node; null when none came since the start.</param>
public sealed record KpiReport(
    DateTimeOffset At,
    bool Synthetic,
    long Counted,
    long Duplicates,
    long OutOfTime,
    long Unscoped,
    long Unreadable,
    long Lost,
    double? LagSeconds,
    DateTimeOffset? LastHeartbeat,
    ImmutableArray<KpiScope> Scopes
);

/// <param name="Kind"><c>platform</c>, <c>customer</c>, <c>trunk</c> or <c>prefix</c>.</param>
/// <param name="Name">Empty for the platform.</param>
/// <param name="LastCalls">What can be told of any number of calls.</param>
/// <param name="InProgress">Calls answered and not ended, as far as their answers were seen.</param>
/// <param name="Windows">1, 5, 15 and 60 minutes.</param>
public sealed record KpiScope(string Kind, string Name, string LastCalls, int InProgress, ImmutableArray<Kpis> Windows);
