using System.Numerics;

namespace Akira.Core.Voice;

/// <summary>
/// The last hour of one scope. A record is counted in one cell: of ten seconds while those reach back to it, of a minute
/// when it comes later than that. Ten-second cells that give way to new ones are added to their minute.
/// </summary>
internal sealed class ScopeCounts(Scope scope)
{
    public static readonly TimeSpan FineReach = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan Fine = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Coarse = TimeSpan.FromMinutes(1);

    private const int FineCells = 40;
    private const int FinePerCoarse = 6;
    private const int CoarseCells = 64;

    // The cell that most records go to, so that it need not be looked up.
    private long _current = -1;
    private Tally _currentTally = new();

    private readonly (long Number, Tally? Tally)[] _fine = new (long, Tally?)[FineCells];
    private readonly (long Number, Tally? Tally)[] _coarse = new (long, Tally?)[CoarseCells];
    private long _lastMinute;
    private ulong _changed;
    private int _lastAnswered;
    private int _lastSeizures;
    private readonly int[] _inProgress = new int[CallsInProgress.Hours];
    private long _newestHour;

    public Scope Scope { get; } = scope;

    /// <summary>When it last had a record, in ticks of our clock; 0 when it never had.</summary>
    public long LastAt { get; private set; }

    public void AddSetup(Tally.Classified setup, bool answered, bool seized, long fine, long now)
    {
        Cell(fine, now).AddSetup(setup);
        if (!seized)
            return;
        _lastAnswered = (_lastAnswered << 1 | (answered ? 1 : 0)) & 0x3FF;
        _lastSeizures = Math.Min(10, _lastSeizures + 1);
    }

    public void AddEnd(TimeSpan talked, long fine, long now) => Cell(fine, now).AddEnd(talked);

    /// <summary>A call of this scope began to talk in that hour, or one that did has ended.</summary>
    /// <param name="hour">Since the year 1.</param>
    /// <param name="calls">1 or -1.</param>
    public void AddInProgress(long hour, int calls)
    {
        ForgetInProgressBefore(hour);
        if (hour > _newestHour - CallsInProgress.Hours)
            _inProgress[hour % CallsInProgress.Hours] += calls;
    }

    /// <summary>Answered and not ended yet, as far as their answers were seen; those of the last four hours.</summary>
    public int InProgress(long hour)
    {
        ForgetInProgressBefore(hour);
        return _inProgress.Sum();
    }

    /// <summary>Of the last ten seizures of the last hour's calls, how many were answered.</summary>
    public (int Answered, int Of) LastSeizures(DateTimeOffset now) =>
        LastAt <= (now - CallWindows.Longest).UtcTicks
            ? (0, 0)
            : (BitOperations.PopCount((uint)_lastAnswered), _lastSeizures);

    /// <summary>All calls whose event lies after <paramref name="start"/>, by whole cells.</summary>
    /// <param name="delays">Whether post-dial delays are wanted too.</param>
    public Tally Since(DateTimeOffset start, bool fineOnly, bool delays = true)
    {
        var sum = new Tally();
        var fineFrom = Ceiling(start.UtcTicks, Fine.Ticks);
        var coarseFrom = Ceiling(start.UtcTicks, Coarse.Ticks);
        if (!fineOnly)
        {
            fineFrom = coarseFrom * FinePerCoarse;
            foreach (var (number, tally) in _coarse)
                if (tally is not null && number >= coarseFrom)
                    Add(tally);
        }
        foreach (var (number, tally) in _fine)
            if (tally is not null && number >= fineFrom)
                Add(tally);
        return sum;

        void Add(Tally tally)
        {
            if (delays)
                sum.Add(tally);
            else
                sum.AddCounts(tally);
        }
    }

    /// <summary>The calls of one minute.</summary>
    /// <param name="minute">Since the year 1.</param>
    public Tally Minute(long minute)
    {
        var sum = new Tally();
        if (_coarse[(int)(minute % CoarseCells)] is { Tally: { } coarse } cell && cell.Number == minute)
            sum.Add(coarse);
        for (var fine = minute * FinePerCoarse; fine < (minute + 1) * FinePerCoarse; fine++)
            if (_fine[(int)(fine % FineCells)] is { Tally: { } tally } f && f.Number == fine)
                sum.Add(tally);
        return sum;
    }

    /// <summary>The minutes in which something was counted since this was last asked.</summary>
    public IEnumerable<long> TakeChanged()
    {
        var changed = _changed;
        (_changed, _current) = (0, -1);
        for (var back = 0; back < CoarseCells; back++)
        {
            var minute = _lastMinute - back;
            if ((changed & 1UL << (int)(minute % CoarseCells)) != 0)
                yield return minute;
        }
    }

    private void ForgetInProgressBefore(long hour)
    {
        for (; _newestHour < hour; _newestHour++)
        {
            if (hour - _newestHour > CallsInProgress.Hours)
                _newestHour = hour - CallsInProgress.Hours;
            _inProgress[(_newestHour + 1) % CallsInProgress.Hours] = 0;
        }
    }

    private Tally Cell(long fine, long now)
    {
        LastAt = now;
        if (fine == _current)
            return _currentTally;
        var minute = fine / FinePerCoarse;
        _lastMinute = Math.Max(_lastMinute, minute);
        _changed |= 1UL << (int)(minute % CoarseCells);
        ref var cell = ref _fine[(int)(fine % FineCells)];
        if (cell.Number == fine && cell.Tally is not null)
            return MakeCurrent(fine, cell.Tally);
        if (cell.Number > fine)
            return CoarseCell(minute);
        if (cell.Tally is null)
            cell.Tally = new();
        else
        {
            KeepInItsMinute(cell.Number, cell.Tally);
            cell.Tally.Clear();
        }
        cell.Number = fine;
        return MakeCurrent(fine, cell.Tally);
    }

    private Tally MakeCurrent(long fine, Tally tally)
    {
        (_current, _currentTally) = (fine, tally);
        return tally;
    }

    private void KeepInItsMinute(long fine, Tally tally)
    {
        var minute = fine / FinePerCoarse;
        if (minute > _lastMinute - CoarseCells)
            CoarseCell(minute).Add(tally);
    }

    /// <summary>Of a minute that is at most an hour older than the newest: callers see to that.</summary>
    private Tally CoarseCell(long minute)
    {
        ref var cell = ref _coarse[(int)(minute % CoarseCells)];
        if (cell.Tally is null)
            cell = (minute, new());
        else if (cell.Number < minute)
        {
            cell.Tally.Clear();
            cell.Number = minute;
        }
        return cell.Tally;
    }

    private static long Ceiling(long ticks, long step) => (ticks + step - 1) / step;
}
