namespace Akira.Core.Alerts;

/// <summary>
/// How far a standby is behind, in time: since when the primary has been further than what the standby has replayed now.
/// Exact to the distance between two looks. Not safe for threads.
/// </summary>
public sealed class ReplicationLag
{
    /// <summary>An hour of looks, one a second; of a longer lag only its beginning must be known.</summary>
    private const int Most = 3600;

    /// <summary>Where the primary stood, from the last place that the standby is known to have reached.</summary>
    private readonly Queue<(DateTimeOffset At, long Position)> _primary = new();
    private long? _replayed;

    /// <param name="primary">Where the primary stands now, in bytes of its write-ahead log.</param>
    /// <param name="standby">Up to where the standby has replayed; null: it did not answer, and is where it was.</param>
    /// <returns>Null while the standby has not been seen to be where the primary once was.</returns>
    public TimeSpan? Note(DateTimeOffset now, long primary, long? standby)
    {
        // A primary that goes back is another one: its past says nothing about this one's.
        if (_primary.Count > 0 && primary < _primary.Last().Position)
            _primary.Clear();
        _replayed = standby ?? _replayed;
        if (_primary.Count < Most)
            _primary.Enqueue((now, primary));
        if (_replayed is not { } replayed)
            return null;
        if (replayed >= primary)
        {
            _primary.Clear();
            _primary.Enqueue((now, primary));
            return TimeSpan.Zero;
        }
        while (_primary.Count > 1 && _primary.ElementAt(1).Position <= replayed)
            _primary.Dequeue();
        return _primary.Peek() is var (at, position) && position <= replayed ? now - at : null;
    }
}
