namespace Akira.Core.Voice;

/// <summary>
/// Calls between their answer and their end, by digest, with the hour of their answer. What a scope has open stands in
/// <see cref="ScopeCounts"/>; this says whose end is the end of a call that was counted there.
/// </summary>
internal sealed class CallsInProgress
{
    /// <summary>Longer calls are rarer than ends that were lost.</summary>
    public const int Hours = 4;

    /// <summary>A bound for the memory: the calls that a large platform has at one time.</summary>
    private const int Most = 1_000_000;

    private readonly Dictionary<ulong, long> _hours = [];
    private long _newest;

    /// <returns>False when it is not to be counted.</returns>
    public bool Begin(ulong call, long hour)
    {
        if (hour > _newest)
            Forget(hour);
        return _hours.Count < Most && hour > _newest - Hours && _hours.TryAdd(call, hour);
    }

    /// <returns>The hour of its answer; null when that was not seen, or too long ago.</returns>
    public long? End(ulong call) => _hours.Remove(call, out var hour) && hour > _newest - Hours ? hour : null;

    private void Forget(long now)
    {
        _newest = now;
        foreach (var (call, hour) in _hours)
            if (hour <= now - Hours)
                _hours.Remove(call);
    }
}
