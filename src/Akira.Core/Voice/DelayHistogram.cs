namespace Akira.Core.Voice;

/// <summary>
/// Delays in logarithmic buckets: a quantile read from it is within 1 % of the exact one. Covers 1 ms to 150 s in at
/// most 2.4 KB; what lies outside is counted at the edge. Also counts delays that were cut short (right-censored): of
/// those only a lower bound is known.
/// </summary>
public sealed class DelayHistogram
{
    private const int Buckets = 603;
    private const double Smallest = 0.001;
    private static readonly double LogRatio = Math.Log(1.02);

    // Only the stretch of buckets that was hit is held: most cells of most trunks see a handful of calls.
    private (int Observed, int Censored)[] _counts = [];
    private int _first;

    public int Observed { get; private set; }
    public int Censored { get; private set; }

    public void Add(TimeSpan delay) => AddAt(BucketOf(delay), observed: 1, censored: 0);

    public void AddCensored(TimeSpan atLeast) => AddAt(BucketOf(atLeast), observed: 0, censored: 1);

    public void Add(DelayHistogram other)
    {
        for (var i = 0; i < other._counts.Length; i++)
            if (other._counts[i] is not (0, 0) and var (observed, censored))
                AddAt(other._first + i, observed, censored);
    }

    /// <summary>The quantile with its one-sided 99 % bounds, in seconds.</summary>
    public Measure Quantile(double q)
    {
        var n = Observed + Censored;
        if (n == 0)
            return default;
        var (lower, upper) = Measure.Wilson(q, n);
        var (value, atLeast) = At(q);
        return new(value, n, At(lower).Seconds, At(upper).Seconds, atLeast);
    }

    /// <summary>
    /// The product-limit estimate (Kaplan and Meier, J. Am. Stat. Assoc. 53 (1958), 457): a censored delay counts as
    /// one that may yet have been longer, until the time at which it was cut short. Where the curve never comes down
    /// far enough, the longest time seen is a lower bound.
    /// </summary>
    private (double Seconds, bool AtLeast) At(double q)
    {
        var atRisk = Observed + Censored;
        var longer = 1.0;
        var last = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            var (observed, censored) = _counts[i];
            if (observed == 0 && censored == 0)
                continue;
            last = i;
            longer *= 1 - (double)observed / atRisk;
            if (observed > 0 && longer <= 1 - q + 1e-12)
                return (SecondsOf(_first + i), false);
            atRisk -= observed + censored;
        }
        return (SecondsOf(_first + last), Censored > 0);
    }

    private void AddAt(int bucket, int observed, int censored)
    {
        if (_counts.Length == 0)
            (_first, _counts) = (bucket, new (int, int)[1]);
        if (bucket < _first)
        {
            var grown = new (int, int)[_counts.Length + _first - bucket];
            _counts.CopyTo(grown, _first - bucket);
            (_first, _counts) = (bucket, grown);
        }
        if (bucket >= _first + _counts.Length)
            Array.Resize(ref _counts, bucket - _first + 1);
        ref var count = ref _counts[bucket - _first];
        count = (count.Observed + observed, count.Censored + censored);
        Observed += observed;
        Censored += censored;
    }

    private static int BucketOf(TimeSpan delay) =>
        delay.TotalSeconds <= Smallest
            ? 0
            : Math.Min(Buckets - 1, (int)(Math.Log(delay.TotalSeconds / Smallest) / LogRatio));

    /// <summary>The geometric middle of a bucket.</summary>
    private static double SecondsOf(int bucket) => Smallest * Math.Exp((bucket + 0.5) * LogRatio);
}
