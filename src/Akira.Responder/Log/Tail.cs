using Akira.Core.Incidents;

namespace Akira.Responder.Log;

/// <summary>The last entries, kept as they are: who follows closely need not read them back from the disk.</summary>
internal sealed class Tail
{
    private const int Capacity = 512;

    private readonly Lock _gate = new();
    private readonly LogEntry[] _ring = new LogEntry[Capacity];
    private long _count;

    public void Add(IReadOnlyList<LogEntry> entries)
    {
        lock (_gate)
            foreach (var entry in entries)
                _ring[_count++ % Capacity] = entry;
    }

    /// <summary>Null: the entry that comes first after the position is no longer here.</summary>
    public IReadOnlyList<LogEntry>? After(long position, int most)
    {
        lock (_gate)
        {
            var oldest = Math.Max(0, _count - Capacity);
            if (_count == 0 || _ring[oldest % Capacity].Position > position + 1)
                return null;
            // Positions have no gaps, so the place in the ring follows from the position.
            var first = oldest + (position + 1 - _ring[oldest % Capacity].Position);
            var found = new List<LogEntry>();
            for (var i = first; i < _count && found.Count < most; i++)
                found.Add(_ring[i % Capacity]);
            return found;
        }
    }
}
