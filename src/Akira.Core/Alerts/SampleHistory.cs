using System.Collections.Immutable;

namespace Akira.Core.Alerts;

/// <summary>The recent samples of every series: name, labels and window. Bounded in time and in series. Not safe for threads.</summary>
/// <param name="retention">How far back a condition can look.</param>
public sealed class SampleHistory(TimeSpan retention, int maxSeries = 10_000)
{
    private readonly Dictionary<(string Name, TimeSpan? Over), List<Series>> _byName = [];
    private int _count;

    /// <summary>Long enough for every duration a runbook is likely to name.</summary>
    public SampleHistory()
        : this(TimeSpan.FromMinutes(65)) { }

    /// <returns>
    /// False when it changes nothing: it is not newer than its series, or it would begin one series too many.
    /// </returns>
    public bool Add(Sample sample)
    {
        if (!_byName.TryGetValue((sample.Name, sample.Over), out var all))
            _byName[(sample.Name, sample.Over)] = all = [];
        var series = all.Find(s => Same(s.Labels, sample.Labels));
        if (series is null)
        {
            if (_count >= maxSeries && !Forget(sample.At - retention))
                return false;
            all.Add(series = new(sample.Labels));
            _count++;
        }
        return series.Add(sample, sample.At - retention);
    }

    /// <summary>
    /// The series a condition means. One with exactly these labels where there is one, so that <c>asr</c> is the
    /// platform's and not every trunk's; else all that carry them.
    /// </summary>
    public ImmutableArray<Series> Matching(
        string name,
        ImmutableSortedDictionary<string, string> labels,
        TimeSpan? over = null
    )
    {
        if (!_byName.TryGetValue((name, over), out var all))
            return [];
        if (all.Find(s => Same(s.Labels, labels)) is { } exact)
            return [exact];
        return [.. all.Where(s => labels.All(l => s.Labels.TryGetValue(l.Key, out var value) && value == l.Value))];
    }

    private bool Forget(DateTimeOffset before)
    {
        foreach (var all in _byName.Values)
            _count -= all.RemoveAll(s => s.Latest.At < before);
        return _count < maxSeries;
    }

    private static bool Same(
        ImmutableSortedDictionary<string, string> a,
        ImmutableSortedDictionary<string, string> b
    ) => a.Count == b.Count && a.SequenceEqual(b);

    /// <summary>The samples of one name, label set and window, the oldest first.</summary>
    public sealed class Series
    {
        private readonly List<Sample> _samples = [];
        private int _expired;

        internal Series(ImmutableSortedDictionary<string, string> labels) => Labels = labels;

        public ImmutableSortedDictionary<string, string> Labels { get; }

        public int Count => _samples.Count - _expired;

        public Sample this[int index] => _samples[_expired + index];

        public Sample Latest => _samples[^1];

        /// <summary>The time between two samples: the median of the last gaps, a minute while there is none.</summary>
        public TimeSpan Spacing
        {
            get
            {
                var gaps = Math.Min(15, Count - 1);
                if (gaps < 1)
                    return TimeSpan.FromMinutes(1);
                Span<TimeSpan> last = stackalloc TimeSpan[gaps];
                for (var i = 0; i < gaps; i++)
                    last[i] = this[Count - 1 - i].At - this[Count - 2 - i].At;
                last.Sort();
                return last[gaps / 2];
            }
        }

        internal bool Add(Sample sample, DateTimeOffset expired)
        {
            if (_samples.Count > 0 && sample.At <= Latest.At)
                return false;
            _samples.Add(sample);
            while (_samples[_expired].At < expired)
                _expired++;
            // Moving the rest down now and then, not each time, keeps adding cheap.
            if (_expired > 64 && _expired > _samples.Count / 2)
            {
                _samples.RemoveRange(0, _expired);
                _expired = 0;
            }
            return true;
        }
    }
}
