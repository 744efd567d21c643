using System.Runtime.CompilerServices;

namespace Akira.Core.Voice;

/// <summary>
/// Delays in logarithmic buckets: a quantile read from it is within 1 % of the exact one. Covers 1 ms to 150 s; what lies
/// outside is counted at the edge. Also counts delays that were cut short (right-censored): of those only a lower bound
/// is known. At most 4.8 KB; a few delays take two bytes each. A struct, because it is a part of each of a hundred
/// thousand tallies: one look at memory less for every record. Hold it in a field, not in copies.
/// </summary>
public struct DelayHistogram
{
    private const int Buckets = 603;
    private const double Smallest = 0.001;
    private const ushort CensoredBit = 0x8000;

    /// <summary>More delays than these are counted by bucket: then that takes less room than a list.</summary>
    private const int Few = 1024;

    private static readonly double LogRatio = Math.Log(1.02);

    /// <summary>The ticks at which each bucket begins.</summary>
    private static readonly long[] Begins =
    [
        .. Enumerable
            .Range(0, Buckets)
            .Select(b => (long)Math.Ceiling(Smallest * Math.Exp(b * LogRatio) * TimeSpan.TicksPerSecond)),
    ];

    private static readonly long FirstCell = BitConverter.DoubleToInt64Bits(Begins[0]) >> 46;

    /// <summary>The bucket of the first delay of each cell.</summary>
    private static readonly ushort[] FirstOfCell =
    [
        .. Enumerable
            .Range(0, CellOf(Begins[^1]) + 1)
            .Select(cell => BitConverter.Int64BitsToDouble(cell + FirstCell << 46))
            .Select(first => (ushort)Math.Max(0, Begins.Count(b => b <= first) - 1)),
    ];

    private ushort[]? _few;
    private int _fewCount;

    /// <summary>By bucket: delays observed, and after those the ones cut short. Once it is there, the list is empty.</summary>
    private int[]? _counts;

    private readonly ReadOnlySpan<ushort> FewDelays => _few.AsSpan(0, _fewCount);

    public void Add(TimeSpan delay) => Add(CodeOf(delay, censored: false));

    public void AddCensored(TimeSpan atLeast) => Add(CodeOf(atLeast, censored: true));

    public void Add(DelayHistogram other)
    {
        foreach (var code in other.FewDelays)
            Add(code);
        if (other._counts is not { } counts)
            return;
        var sum = Dense();
        for (var i = 0; i < counts.Length; i++)
            sum[i] += counts[i];
    }

    /// <summary>Forgets all, and keeps its room.</summary>
    internal void Clear()
    {
        _fewCount = 0;
        _counts.AsSpan().Clear();
    }

    /// <summary>A delay as <see cref="Add(ushort)"/> takes it: computed once, counted in many places.</summary>
    internal static ushort CodeOf(TimeSpan delay, bool censored) =>
        (ushort)(BucketOf(delay) | (censored ? CensoredBit : 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(ushort code)
    {
        if (_few is { } few && _fewCount < few.Length)
            few[_fewCount++] = code;
        else
            AddGrowing(code);
    }

    /// <summary>The quantile with its one-sided 99 % bounds, in seconds.</summary>
    public readonly Measure Quantile(double q)
    {
        if (_counts is null && _fewCount == 0)
            return default;
        var counts = _counts ?? Counted(FewDelays);
        var n = Sum(counts);
        if (n == 0)
            return default;
        var (lower, upper) = Measure.Wilson(q, n);
        var (value, atLeast) = At(q, n, counts);
        return new(value, n, At(lower, n, counts).Seconds, At(upper, n, counts).Seconds, atLeast);
    }

    /// <summary>
    /// The product-limit estimate (Kaplan and Meier, J. Am. Stat. Assoc. 53 (1958), 457): a censored delay counts as
    /// one that may yet have been longer, until the time at which it was cut short. Where the curve never comes down
    /// far enough, the longest time seen is a lower bound.
    /// </summary>
    private static (double Seconds, bool AtLeast) At(double q, int atRisk, int[] counts)
    {
        var cut = false;
        var longer = 1.0;
        var last = 0;
        for (var i = 0; i < Buckets; i++)
        {
            var (observed, censored) = (counts[i], counts[i + Buckets]);
            if (observed == 0 && censored == 0)
                continue;
            last = i;
            cut |= censored > 0;
            longer *= 1 - (double)observed / atRisk;
            if (observed > 0 && longer <= 1 - q + 1e-12)
                return (SecondsOf(i), false);
            atRisk -= observed + censored;
        }
        return (SecondsOf(last), cut);
    }

    private void AddGrowing(ushort code)
    {
        if (_counts is null && _fewCount < Few)
        {
            Array.Resize(ref _few, Math.Max(4, _fewCount * 2));
            _few[_fewCount++] = code;
        }
        else
            Dense()[(code & ~CensoredBit) + (code >> 15) * Buckets]++;
    }

    private int[] Dense()
    {
        if (_counts is not null)
            return _counts;
        _counts = Counted(FewDelays);
        (_few, _fewCount) = (null, 0);
        return _counts;
    }

    private static int[] Counted(ReadOnlySpan<ushort> codes)
    {
        var counts = new int[2 * Buckets];
        foreach (var code in codes)
            counts[(code & ~CensoredBit) + (code >> 15) * Buckets]++;
        return counts;
    }

    private static int Sum(int[] counts)
    {
        var sum = 0;
        foreach (var count in counts)
            sum += count;
        return sum;
    }

    // As the logarithm would say, without one: a cell is narrower than a bucket, so it ends in its first bucket or the next.
    private static int BucketOf(TimeSpan delay)
    {
        if (delay.Ticks <= Begins[0])
            return 0;
        if (delay.Ticks >= Begins[Buckets - 1])
            return Buckets - 1;
        int bucket = FirstOfCell[CellOf(delay.Ticks)];
        return delay.Ticks >= Begins[bucket + 1] ? bucket + 1 : bucket;
    }

    /// <summary>64 to each doubling: the exponent and six bits more of the number as a double.</summary>
    private static int CellOf(long ticks) => (int)((BitConverter.DoubleToInt64Bits(ticks) >> 46) - FirstCell);

    /// <summary>The geometric middle of a bucket.</summary>
    private static double SecondsOf(int bucket) => Smallest * Math.Exp((bucket + 0.5) * LogRatio);
}
