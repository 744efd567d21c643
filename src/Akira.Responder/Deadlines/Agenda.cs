namespace Akira.Responder.Deadlines;

/// <summary>
/// The next deadline of each incident, and of all of them the one that comes first. Setting and taking cost O(log n): an
/// incident that changes puts a new one in, and what it makes stale is skipped when it comes up.
/// </summary>
public sealed class Agenda
{
    private readonly PriorityQueue<int, DateTimeOffset> _heap = new();
    private readonly Dictionary<int, DateTimeOffset> _next = [];

    /// <summary>When the first of all deadlines is due; null when there is none.</summary>
    public DateTimeOffset? Next
    {
        get
        {
            SkipStale();
            return _heap.TryPeek(out _, out var at) ? at : null;
        }
    }

    public void Set(int incident, DateTimeOffset due)
    {
        if (_next.TryGetValue(incident, out var known) && known == due)
            return;
        _next[incident] = due;
        _heap.Enqueue(incident, due);
    }

    public void Remove(int incident) => _next.Remove(incident);

    /// <summary>Takes the first incident whose deadline has come.</summary>
    public bool TryTake(DateTimeOffset now, out int incident, out DateTimeOffset due)
    {
        SkipStale();
        if (!_heap.TryPeek(out incident, out due) || due > now)
            return false;
        _heap.Dequeue();
        _next.Remove(incident);
        return true;
    }

    private void SkipStale()
    {
        while (
            _heap.TryPeek(out var incident, out var at)
            && !(_next.TryGetValue(incident, out var current) && current == at)
        )
            _heap.Dequeue();
    }
}
