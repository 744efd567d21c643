using Akira.Core.Voice;
using Npgsql;

namespace Akira.Voice.CdrWorker;

/// <summary>What a batch adds to the count of a node: records that are new, and the highest number that was seen or told of.</summary>
internal sealed record NodeCounts(string Node, long Epoch, long Received, long LastSeq)
{
    public static IEnumerable<NodeCounts> Of(IEnumerable<Row> inserted, IEnumerable<CallRecord> heartbeats) =>
        inserted
            .Select(r => (r.Record, Counts: 1))
            .Concat(heartbeats.Select(h => (Record: h, Counts: 0)))
            .Where(r => r.Record is { Node: not null, NodeEpoch: not null, NodeSeq: not null })
            .GroupBy(r => (r.Record.Node, r.Record.NodeEpoch))
            .OrderBy(g => g.Key) // workers that write together lock in one order
            .Select(g => new NodeCounts(
                g.Key.Node!,
                g.Key.NodeEpoch!.Value,
                g.Sum(r => (long)r.Counts),
                g.Max(r => r.Record.NodeSeq!.Value)
            ));

    public NpgsqlBatchCommand Add() =>
        new(
            """
            INSERT INTO cdr_node VALUES ($1, $2, $3, $4, now()) ON CONFLICT (node, node_epoch) DO UPDATE SET
                received = cdr_node.received + excluded.received,
                last_seq = greatest(cdr_node.last_seq, excluded.last_seq),
                at = excluded.at
            """
        )
        {
            Parameters =
            {
                new() { Value = Node },
                new() { Value = Epoch },
                new() { Value = Received },
                new() { Value = LastSeq },
            },
        };
}
