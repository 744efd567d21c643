using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Npgsql;

namespace Akira.Voice.Stream;

/// <summary>How the pipeline of call records stands.</summary>
/// <param name="LastSeq">Of the stream.</param>
/// <param name="CommittedSeq">Up to here a worker has committed, at least once.</param>
/// <param name="Backlog">Messages between the two: what is in the stream and not in the database.</param>
/// <param name="BacklogAge">How long the oldest of them has waited; null: none waits.</param>
/// <param name="LossIn">Until a limit of the stream drops a message that is not in the database; null: none waits.</param>
/// <param name="Dropped">Messages that a limit has dropped before they were in the database.</param>
/// <param name="Redelivered">Messages that are under way for another time.</param>
/// <param name="DeadLetters">What was no call record.</param>
public sealed record PipelineStatus(
    DateTimeOffset At,
    long LastSeq,
    long CommittedSeq,
    long Backlog,
    TimeSpan? BacklogAge,
    TimeSpan? LossIn,
    long Dropped,
    int Unacknowledged,
    int Redelivered,
    long DeadLetters,
    IReadOnlyList<PipelineStatus.NodeGap> Nodes
)
{
    private const int RateOf = 1000; // messages; how fast they come is seen from the last so many

    /// <param name="Missing">Numbers the node gave that have not come: under way, or lost.</param>
    public sealed record NodeGap(string Node, long Epoch, long LastSeq, long Received, long Missing, DateTimeOffset At);

    /// <exception cref="NatsException">NATS does not answer, or has no such stream.</exception>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public static async Task<PipelineStatus> Read(
        NatsConnection nats,
        NpgsqlDataSource database,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        var jetstream = nats.JetStream();
        var stream = await jetstream.GetStreamAsync(CdrStream.Name, cancellationToken: cancel);
        var consumer = await jetstream.GetConsumerAsync(CdrStream.Name, CdrStream.Worker, cancel);
        var (state, limits) = (stream.Info.State, stream.Info.Config);
        var (last, first) = ((long)state.LastSeq, (long)state.FirstSeq);
        var committed = await Number(
            database,
            $"SELECT coalesce(max(last_seq), 0) FROM ingest_state WHERE consumer = '{CdrStream.Worker}'",
            cancel
        );
        var oldest = last > committed ? await PublishedAt(stream, Math.Max(committed + 1, first), cancel) : null;
        var age = now - oldest;
        TimeSpan? lossIn = null;
        if (age is { } waited)
        {
            var size = state.Messages > 0 ? (double)state.Bytes / state.Messages : 0;
            var before = await PublishedAt(stream, Math.Max(first, last - RateOf), cancel);
            var seconds = (now - (before ?? now)).TotalSeconds;
            var rate = seconds > 0 ? Math.Min(RateOf, last - first) * size / seconds : 0;
            lossIn = LossOf(waited, (last - committed) * size, rate, limits.MaxAge, limits.MaxBytes);
        }
        return new(
            now,
            last,
            committed,
            Math.Max(0, last - committed),
            age,
            lossIn,
            Math.Max(0, Math.Min(first - 1, last) - committed),
            consumer.Info.NumAckPending,
            consumer.Info.NumRedelivered,
            await Number(database, "SELECT count(*) FROM cdr_dead_letter", cancel),
            await Gaps(database, cancel)
        );
    }

    /// <param name="waited">By the oldest message that waits.</param>
    /// <param name="bytes">Of all that wait.</param>
    /// <param name="rate">Bytes a second that come.</param>
    /// <param name="maxAge">Zero or below: no limit.</param>
    /// <param name="maxBytes">Zero or below: no limit.</param>
    public static TimeSpan? LossOf(TimeSpan waited, double bytes, double rate, TimeSpan maxAge, long maxBytes)
    {
        TimeSpan? byAge = maxAge > TimeSpan.Zero ? maxAge - waited : null;
        TimeSpan? byBytes =
            maxBytes > 0 && rate > 0
                ? TimeSpan.FromSeconds(Math.Min((maxBytes - bytes) / rate, TimeSpan.FromDays(3650).TotalSeconds))
                : null;
        var loss = byAge is null || byBytes < byAge ? byBytes : byAge;
        return loss < TimeSpan.Zero ? TimeSpan.Zero : loss;
    }

    private static async Task<DateTimeOffset?> PublishedAt(INatsJSStream stream, long seq, CancellationToken cancel)
    {
        try
        {
            var answer = await stream.GetAsync(new StreamMsgGetRequest { Seq = (ulong)seq }, cancel);
            return answer.Message.Time;
        }
        catch (NatsJSApiException)
        {
            return null; // deleted meanwhile
        }
    }

    private static async Task<long> Number(NpgsqlDataSource database, string query, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(query);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static async Task<List<NodeGap>> Gaps(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "SELECT node, node_epoch, last_seq, received, at FROM cdr_node ORDER BY at DESC LIMIT 100"
        );
        var gaps = new List<NodeGap>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            gaps.Add(
                new(
                    reader.GetString(0),
                    reader.GetInt64(1),
                    reader.GetInt64(2),
                    reader.GetInt64(3),
                    reader.GetInt64(2) - reader.GetInt64(3),
                    reader.GetFieldValue<DateTimeOffset>(4)
                )
            );
        return gaps;
    }
}
