using System.Collections.Immutable;
using Akira.Core.Alerts;

namespace Akira.Core.Voice;

/// <summary>
/// Which of the numbers that nodes gave their records have not come. A node counts from 1 in each epoch; one that is first heard of
/// later has sent what came before to somebody else. Bounded in nodes and in holes. Not safe for threads.
/// </summary>
/// <param name="pace">Seconds of the clock that it is told that pass in one of the nodes'.</param>
public sealed class NumberGaps(double pace = 1)
{
    /// <summary>Several processes of a node send at once, so records come in another order by moments.</summary>
    public static readonly TimeSpan Disorder = TimeSpan.FromSeconds(10);

    /// <summary>What has not come for so long is lost, and no news any more; a node that was silent for so long is gone.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    /// <summary>A node that sends heartbeats and is silent for so long may have sent anything.</summary>
    private static readonly TimeSpan HeartbeatPatience = TimeSpan.FromSeconds(30);

    private const int MostNodes = 1000;
    private const int MostHoles = 1000;

    private readonly SortedDictionary<string, Node> _nodes = new(StringComparer.Ordinal);

    /// <summary>Numbers that were given up.</summary>
    public long Lost { get; private set; }

    /// <param name="now">When it came; a hole that it shows begins then.</param>
    public void Add(CallRecord record, DateTimeOffset now)
    {
        if (record is not { Node: { } name, NodeEpoch: { } epoch, NodeSeq: { } seq } || seq < 0)
            return;
        if (!_nodes.TryGetValue(name, out var node))
        {
            if (_nodes.Count >= MostNodes)
                return;
            // A heartbeat tells the last number that was given.
            _nodes[name] = node = new(epoch, seq + 1);
        }
        var isHeartbeat = record.Type == CallRecordType.Heartbeat;
        node.HeardAt = now;
        if (isHeartbeat)
            node.BeatAt = now;
        if (epoch > node.Epoch)
            (node.Epoch, node.Next) = (epoch, 1);
        if (epoch == node.Epoch && seq >= node.Next)
        {
            var last = isHeartbeat ? seq : seq - 1;
            if (last >= node.Next)
                node.Holes.Add(new(epoch, node.Next, last, now));
            node.Next = seq + 1;
            while (node.Holes.Count > MostHoles)
                GiveUp(node);
        }
        else if (!isHeartbeat)
            node.Fill(epoch, seq);
    }

    /// <summary><c>cdr.gaps</c> of all nodes together, and by node. Unknown while one that sends heartbeats is silent.</summary>
    public ImmutableArray<Sample> Samples(DateTimeOffset now)
    {
        Forget(now);
        if (_nodes.Count == 0)
            return [];
        var all = Sample.Of("cdr.gaps", 0, now);
        var each = ImmutableArray.CreateBuilder<Sample>(_nodes.Count + 1);
        foreach (var (name, node) in _nodes)
        {
            var sample = all with
            {
                Labels = all.Labels.Add("node", name),
                Value = node.Missing(now - Disorder * pace),
            };
            if (node.BeatAt is { } beat && now - beat > HeartbeatPatience * pace)
                sample = sample with
                {
                    Value = null,
                    Remark = $"no heartbeat of {name} for {SampleUnits.Format(now - beat)}",
                };
            each.Add(sample);
        }
        var silent = each.FirstOrDefault(s => s.Value is null);
        each.Insert(0, all with { Value = silent is null ? each.Sum(s => s.Value) : null, Remark = silent?.Remark });
        return each.ToImmutable();
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var node in _nodes.Values)
            while (node.Holes.Count > 0 && node.Holes[0].Since < now - Remembered)
                GiveUp(node);
        foreach (var gone in _nodes.Where(n => n.Value.HeardAt < now - Remembered).Select(n => n.Key).ToList())
            _nodes.Remove(gone);
    }

    private void GiveUp(Node node)
    {
        Lost += node.Holes[0].Count;
        node.Holes.RemoveAt(0);
    }

    private readonly record struct Hole(long Epoch, long First, long Last, DateTimeOffset Since)
    {
        public long Count => Last - First + 1;
    }

    private sealed class Node(long epoch, long next)
    {
        public long Epoch = epoch;
        public long Next = next;
        public DateTimeOffset HeardAt;
        public DateTimeOffset? BeatAt;

        /// <summary>The oldest first.</summary>
        public readonly List<Hole> Holes = [];

        public double Missing(DateTimeOffset before) => Holes.Where(h => h.Since <= before).Sum(h => h.Count);

        public void Fill(long epoch, long seq)
        {
            var at = Holes.FindIndex(h => h.Epoch == epoch && h.First <= seq && seq <= h.Last);
            if (at < 0)
                return;
            var hole = Holes[at];
            Holes.RemoveAt(at);
            if (seq < hole.Last)
                Holes.Insert(at, hole with { First = seq + 1 });
            if (seq > hole.First)
                Holes.Insert(at, hole with { Last = seq - 1 });
        }
    }
}
