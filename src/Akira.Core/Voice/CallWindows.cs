using System.Collections.Immutable;

namespace Akira.Core.Voice;

/// <summary>
/// The last hour of calls, counted per platform, customer, trunk and destination prefix. Adding a record costs the same
/// however many there are; memory is bounded by the scopes and by the calls of an hour. Not safe for threads.
/// </summary>
/// <param name="maxScopes">How many scopes are measured by themselves. Records of further ones still count for the rest.</param>
/// <param name="seed">Any number; a random one where strangers can send records.</param>
public sealed class CallWindows(int maxScopes = 1000, long seed = 0)
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
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    private readonly ScopeCounts _platform = new(Scope.Platform);
    private readonly Dictionary<string, ScopeCounts> _customers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ScopeCounts> _trunks = new(StringComparer.Ordinal);
    private readonly Dictionary<int, ScopeCounts> _prefixes = [];
    private readonly SeenRecords _seen = new(seed);
    private readonly CallsInProgress _inProgress = new();

    /// <summary>When the first record came; null when none did: no calls is then not the same as no news.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>When the last heartbeat of any node came, not late; null when none ever did.</summary>
    public DateTimeOffset? LastHeartbeat { get; private set; }

    /// <summary>How old the last record that was counted or known already was when it came.</summary>
    public TimeSpan? Lag { get; private set; }

    /// <summary>Records that came when their hour was over, or with a time that is yet to come.</summary>
    public long OutOfTime { get; private set; }

    public long Duplicates { get; private set; }

    /// <summary>Records that count: neither repeated, nor out of time, nor a heartbeat or a challenge.</summary>
    public long Records { get; private set; }

    /// <summary>Records whose customer, trunk or prefix was one too many to be measured by itself.</summary>
    public long Unscoped { get; private set; }

    /// <summary>The platform first, then by kind and name. Empty before the first call.</summary>
    public ImmutableArray<Scope> Scopes =>
        [
            .. All.Select(c => c.Scope)
                .OrderBy(s => s != Scope.Platform)
                .ThenBy(s => s.Kind, StringComparer.Ordinal)
                .ThenBy(s => s.Name, StringComparer.Ordinal),
        ];

    /// <summary>Counts a record into the time at which its event happened. A repeated one changes nothing.</summary>
    public Counted Add(CallRecord record, DateTimeOffset now)
    {
        Since ??= now;
        if (record.Type == CallRecordType.Heartbeat)
        {
            // One that waited in a spool with its calls tells nothing of now.
            if (record.At >= now - Ahead)
                LastHeartbeat = now;
            return Counted.NotACall;
        }
        var setup = record.Type == CallRecordType.Setup;
        if (setup && Outcomes.IsChallenge(record))
            return Counted.NotACall;
        var (at, ticks) = (record.At.UtcTicks, now.UtcTicks);
        // By whole minutes: one that can still grow has all its records, also after they were read back from disk.
        var minute = at / ScopeCounts.Coarse.Ticks;
        if (minute < (ticks - Longest.Ticks) / ScopeCounts.Coarse.Ticks || at > ticks + Ahead.Ticks)
        {
            OutOfTime++;
            return Counted.OutOfTime;
        }
        Lag = TimeSpan.FromTicks(ticks - (record.EmittedAt?.UtcTicks ?? at));
        var fine = at / ScopeCounts.Fine.Ticks;
        var digest = _seen.DigestOf(record.CallUid!);
        if (!_seen.Add(digest, record.Type!.Value, fine))
        {
            Duplicates++;
            return Counted.Duplicate;
        }
        Records++;

        // Platform and customer count calls; a call that was routed onward is counted when its last attempt ends.
        var isCall = record.IsLast is not false;
        var trunk = record.TrunkOut is { Length: > 0 } name ? Of(_trunks, name, Scope.Trunk, ticks) : null;
        var customer =
            isCall && record.Customer is { Length: > 0 } who ? Of(_customers, who, Scope.Customer, ticks) : null;
        var prefix = isCall ? OfPrefix(record.Destination, ticks) : null;
        if (!setup)
        {
            var talked = record.EndedAt - record.AnsweredAt ?? TimeSpan.Zero;
            if (isCall)
                _platform.AddEnd(talked, fine, ticks);
            customer?.AddEnd(talked, fine, ticks);
            prefix?.AddEnd(talked, fine, ticks);
            trunk?.AddEnd(talked, fine, ticks);
            if (_inProgress.End(digest) is { } begun)
                InProgress(begun, -1);
            return Counted.Now;
        }

        var counted = Tally.Classified.Of(record);
        var answered = counted.Slot % SetupKinds.Count == (int)SetupKind.Answered;
        var seized = record.TrunkOut is not null;
        if (isCall)
            _platform.AddSetup(counted, answered, seized, fine, ticks);
        customer?.AddSetup(counted, answered, seized, fine, ticks);
        prefix?.AddSetup(counted, answered, seized, fine, ticks);
        trunk?.AddSetup(counted, answered, seized, fine, ticks);
        var hour = at / TimeSpan.TicksPerHour;
        if (answered && _inProgress.Begin(digest, hour))
            InProgress(hour, 1);
        return Counted.Now;

        void InProgress(long begun, int calls)
        {
            if (isCall)
                _platform.AddInProgress(begun, calls);
            customer?.AddInProgress(begun, calls);
            prefix?.AddInProgress(begun, calls);
            trunk?.AddInProgress(begun, calls);
        }
    }

    /// <summary>The figures of the calls whose event lies in the last <paramref name="window"/>, up to an hour.</summary>
    /// <remarks>A window is up to one cell short (10 s, or 1 min above five minutes): its oldest cell must be whole.</remarks>
    public Kpis Kpis(Scope scope, TimeSpan window, DateTimeOffset now) => Sum(scope, window, now).Over(window);

    /// <summary>The counts behind <see cref="Kpis"/>.</summary>
    /// <param name="delays">Whether post-dial delays are wanted too.</param>
    public Tally Sum(Scope scope, TimeSpan window, DateTimeOffset now, bool delays = true) =>
        Find(scope)?.Since(now - window, fineOnly: window <= ScopeCounts.FineReach, delays) ?? new();

    /// <summary>
    /// A figure over the asked window, or over the next wider one of 5, 15 and 60 minutes until it rests on enough calls.
    /// </summary>
    /// <param name="sample">As in a condition: <c>asr</c>, <c>pdd.p95</c>.</param>
    /// <returns>The widest one's figure, insufficient, when none had enough; null when no figure has this name.</returns>
    public (Measure Measure, TimeSpan Window)? Widened(string sample, Scope scope, TimeSpan window, DateTimeOffset now)
    {
        (Measure Measure, TimeSpan Window)? widest = null;
        var delays = sample.StartsWith("pdd", StringComparison.Ordinal);
        foreach (var tried in Published.Where(p => p > window && p >= ScopeCounts.FineReach).Prepend(window))
        {
            if (Sum(scope, tried, now, delays).Over(tried).Named(sample) is not { } measure)
                return null;
            widest = (measure, tried);
            if (measure.IsSufficient)
                break;
        }
        return widest;
    }

    /// <summary>Of the last ten seizures, how many were answered: what can still be said when a ratio can not.</summary>
    /// <returns>None when there was no call for an hour: those before it tell nothing of now.</returns>
    public (int Answered, int Of) LastSeizures(Scope scope, DateTimeOffset now) =>
        Find(scope)?.LastSeizures(now) ?? (0, 0);

    /// <summary>
    /// Calls that were answered and have not ended yet. Calls answered before the first record that was seen are not
    /// known of; one whose end never came is let go after four hours.
    /// </summary>
    public int InProgress(Scope scope, DateTimeOffset now) =>
        Find(scope)?.InProgress(now.UtcTicks / TimeSpan.TicksPerHour) ?? 0;

    /// <summary>Each minute in which something was counted since this was last asked, with all that it has now.</summary>
    public IEnumerable<(Scope Scope, DateTimeOffset Minute, Tally Tally)> TakeChanged()
    {
        foreach (var counts in All)
        foreach (var minute in counts.TakeChanged())
            yield return (
                counts.Scope,
                new DateTimeOffset(minute * ScopeCounts.Coarse.Ticks, TimeSpan.Zero),
                counts.Minute(minute)
            );
    }

    private IEnumerable<ScopeCounts> All =>
        (_platform.LastAt == 0 ? [] : new[] { _platform })
            .Concat(_customers.Values)
            .Concat(_prefixes.Values)
            .Concat(_trunks.Values);

    private ScopeCounts? Find(Scope scope) =>
        scope.Kind switch
        {
            "platform" => _platform,
            "customer" => _customers.GetValueOrDefault(scope.Name),
            "trunk" => _trunks.GetValueOrDefault(scope.Name),
            "prefix" => DestinationPrefix.CodeOfName(scope.Name) is { } code ? _prefixes.GetValueOrDefault(code) : null,
            _ => null,
        };

    private ScopeCounts? Of(Dictionary<string, ScopeCounts> scopes, string name, Func<string, Scope> scope, long now) =>
        scopes.TryGetValue(name, out var counts) ? counts
        : HasRoom(now) ? scopes[name] = new(scope(name))
        : null;

    private ScopeCounts? OfPrefix(string? destination, long now) =>
        DestinationPrefix.CodeOf(destination) is not { } code ? null
        : _prefixes.TryGetValue(code, out var counts) ? counts
        : HasRoom(now) ? _prefixes[code] = new(Scope.Prefix(DestinationPrefix.NameOf(code)))
        : null;

    /// <summary>The platform takes one place. When there is none left, the scopes without calls for an hour make room.</summary>
    private bool HasRoom(long now)
    {
        if (1 + _customers.Count + _trunks.Count + _prefixes.Count < maxScopes)
            return true;
        var dropped = Drop(_customers, now) + Drop(_trunks, now) + Drop(_prefixes, now);
        Unscoped += dropped > 0 ? 0 : 1;
        return dropped > 0;
    }

    private static int Drop<T>(Dictionary<T, ScopeCounts> scopes, long now)
        where T : notnull
    {
        var before = scopes.Count;
        foreach (var (key, counts) in scopes)
            if (counts.LastAt <= now - Longest.Ticks)
                scopes.Remove(key);
        return before - scopes.Count;
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
}
