using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Akira.Core.Voice;

/// <summary>
/// The last hour of calls, counted per platform, customer, trunk and destination prefix. Adding a record costs the same
/// however many there are; memory is bounded by the scopes and by the calls of an hour. Not safe for threads.
/// </summary>
/// <param name="maxScopes">How many scopes are measured by themselves. Records of further ones still count for the rest.</param>
public sealed class CallWindows(int maxScopes = 1000)
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(60);

    /// <summary>The windows that are published.</summary>
    public static readonly ImmutableArray<TimeSpan> Published =
    [
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15),
        Longest,
    ];

    /// <summary>How far a node's clock may be ahead of ours.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Fine = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FineReach = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Coarse = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Scope, Counts> _scopes = [];
    private readonly (long Minute, HashSet<UInt128> Seen)[] _seen = new (long, HashSet<UInt128>)[64];

    /// <summary>When the first record came; null when none did: no calls is then not the same as no news.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>Records that came when their hour was over, or with a time that is yet to come.</summary>
    public long OutOfTime { get; private set; }

    /// <summary>Records whose customer, trunk or prefix was one too many to be measured by itself.</summary>
    public long Unscoped { get; private set; }

    /// <summary>The platform first, then by kind and name.</summary>
    public ImmutableArray<Scope> Scopes =>
        [
            .. _scopes
                .Keys.OrderBy(s => s != Scope.Platform)
                .ThenBy(s => s.Kind, StringComparer.Ordinal)
                .ThenBy(s => s.Name, StringComparer.Ordinal),
        ];

    /// <summary>Counts a record into the time at which its event happened. A repeated one changes nothing.</summary>
    public Counted Add(CallRecord record, DateTimeOffset now)
    {
        Since ??= now;
        if (record.Type == CallRecordType.Heartbeat)
            return Counted.NotACall;
        if (record.Type == CallRecordType.Setup && Outcomes.IsChallenge(record))
            return Counted.NotACall;
        if (record.At <= now - Longest || record.At > now + Ahead)
        {
            OutOfTime++;
            return Counted.OutOfTime;
        }
        if (!IsNew(record))
            return Counted.Duplicate;

        // Platform and customer count calls; a call that was routed onward is counted when its last attempt ends.
        if (record.IsLast is not false)
        {
            CountFor(Scope.Platform, record, now);
            if (record.Customer is { Length: > 0 } customer)
                CountFor(Scope.Customer(customer), record, now);
            if (DestinationPrefix.Of(record.Destination) is { } prefix)
                CountFor(Scope.Prefix(prefix), record, now);
        }
        if (record.TrunkOut is { Length: > 0 } trunk)
            CountFor(Scope.Trunk(trunk), record, now);
        return Counted.Now;
    }

    /// <summary>The figures of the calls whose event lies in the last <paramref name="window"/>, up to an hour.</summary>
    /// <remarks>A window is up to one cell short (10 s, or 1 min above five minutes): its oldest cell must be whole.</remarks>
    public Kpis Kpis(Scope scope, TimeSpan window, DateTimeOffset now)
    {
        if (!_scopes.TryGetValue(scope, out var counts))
            return new Tally().Over(window);
        return (window <= FineReach ? counts.Fine : counts.Coarse).Since(now - window).Over(window);
    }

    /// <summary>
    /// A figure over the asked window, or over the next wider one of 5, 15 and 60 minutes until it rests on enough calls.
    /// </summary>
    /// <param name="sample">As in a condition: <c>asr</c>, <c>pdd.p95</c>.</param>
    /// <returns>The widest one's figure, insufficient, when none had enough; null when no figure has this name.</returns>
    public (Measure Measure, TimeSpan Window)? Widened(string sample, Scope scope, TimeSpan window, DateTimeOffset now)
    {
        (Measure Measure, TimeSpan Window)? widest = null;
        foreach (var tried in Published.Where(p => p > window && p >= FineReach).Prepend(window))
        {
            if (Kpis(scope, tried, now).Named(sample) is not { } measure)
                return null;
            widest = (measure, tried);
            if (measure.IsSufficient)
                break;
        }
        return widest;
    }

    /// <summary>Of the last ten seizures, how many were answered: what can still be said when a ratio can not.</summary>
    public (int Answered, int Of) LastSeizures(Scope scope) =>
        _scopes.TryGetValue(scope, out var counts) ? (int.PopCount(counts.LastAnswered), counts.LastSeizures) : (0, 0);

    private void CountFor(Scope scope, CallRecord record, DateTimeOffset now)
    {
        if (!_scopes.TryGetValue(scope, out var counts))
        {
            if (_scopes.Count >= maxScopes && !DropIdle(now))
            {
                Unscoped++;
                return;
            }
            _scopes[scope] = counts = new();
        }
        counts.Add(record, now);
    }

    private bool DropIdle(DateTimeOffset now)
    {
        foreach (var (scope, counts) in _scopes)
            if (counts.LastAt <= now - Longest)
                _scopes.Remove(scope);
        return _scopes.Count < maxScopes;
    }

    /// <summary>A repeated record carries the same time, so it is looked for among those of its own minute only.</summary>
    private bool IsNew(CallRecord record)
    {
        var minute = record.At.UtcTicks / Coarse.Ticks;
        ref var cell = ref _seen[(int)(minute % _seen.Length)];
        if (cell.Seen is null || cell.Minute != minute)
            cell = (minute, []);
        return cell.Seen.Add(Identity(record));
    }

    private static UInt128 Identity(CallRecord record)
    {
        // A digest, because identities as text would take four times the room. Checked records have at most 128 characters.
        Span<byte> text = stackalloc byte[1 + 3 * 128];
        text[0] = (byte)record.Type!.Value;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..(1 + Encoding.UTF8.GetBytes(record.CallUid, text[1..]))], hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    /// <summary>What became of a record.</summary>
    public enum Counted
    {
        Now,
        Duplicate,
        OutOfTime,

        /// <summary>A heartbeat, or a challenge after which the same call comes again.</summary>
        NotACall,
    }

    private sealed class Counts
    {
        public TallyRing Fine { get; } = new(CallWindows.Fine, 40);
        public TallyRing Coarse { get; } = new(CallWindows.Coarse, 64);
        public DateTimeOffset LastAt { get; private set; }
        public int LastAnswered { get; private set; }
        public int LastSeizures { get; private set; }

        public void Add(CallRecord record, DateTimeOffset now)
        {
            LastAt = now;
            foreach (var tally in (ReadOnlySpan<Tally?>)[Fine.At(record.At), Coarse.At(record.At)])
                if (record.Type == CallRecordType.End)
                    tally?.AddEnd(record);
                else
                    tally?.AddSetup(record);
            if (record is not { Type: CallRecordType.Setup, TrunkOut: not null })
                return;
            LastAnswered = (LastAnswered << 1 | (Outcomes.Of(record) == Outcome.Answered ? 1 : 0)) & 0x3FF;
            LastSeizures = Math.Min(10, LastSeizures + 1);
        }
    }
}
