using Akira.Core.Alerts;

namespace Akira.Core.Voice;

/// <summary>
/// <c>cdr.dead_letters</c>: how many messages of the last hour were no call records, so that the worker lays them aside. Not safe for
/// threads.
/// </summary>
public sealed class DeadLetterCount
{
    /// <summary>As long as a record that did not come is remembered.</summary>
    private static readonly TimeSpan Remembered = NumberGaps.Remembered;

    /// <summary>A flood of them is counted by the second.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(1);

    private readonly Queue<Second> _seconds = new();
    private Second? _newest;
    private DateTimeOffset? _since;
    private long _count;

    /// <param name="count">Of the messages that have been read now; zero when all were records.</param>
    public void Note(int count, DateTimeOffset now)
    {
        _since ??= now;
        Forget(now);
        if (count == 0)
            return;
        if (_newest is null || now - _newest.At >= Grain)
            _seconds.Enqueue(_newest = new(now));
        _newest.Count += count;
        _count += count;
    }

    /// <returns>None where no message was ever read. Zero is said when a whole hour was watched.</returns>
    public Sample? Of(DateTimeOffset now)
    {
        if (_since is not { } since)
            return null;
        Forget(now);
        var sample = Sample.Of("cdr.dead_letters", _count, now);
        return _count > 0 || now - since >= Remembered
            ? sample
            : sample with
            {
                Value = null,
                Remark = $"none seen, and watched for {SampleUnits.Format(now - since)} only",
            };
    }

    private void Forget(DateTimeOffset now)
    {
        while (_seconds.TryPeek(out var oldest) && oldest.At < now - Remembered)
            _count -= _seconds.Dequeue().Count;
        if (_seconds.Count == 0)
            _newest = null;
    }

    private sealed class Second(DateTimeOffset at)
    {
        public DateTimeOffset At { get; } = at;
        public long Count { get; set; }
    }
}
