using System.Globalization;
using Akira.Voice.CdrWorker;
using Akira.Voice.Stream;
using NATS.Client.Core;
using NATS.Client.JetStream.Models;
using Npgsql;

namespace Akira.Voice.Replay;

/// <summary>What a window of the stream would change in the database, or did.</summary>
/// <param name="Messages">Of the window.</param>
/// <param name="New">Rows that were not there.</param>
/// <param name="Known">Records that were there already, or come twice in the window.</param>
/// <param name="Twice">Rows that a second writing of the same messages added: anything but zero means the consumer is not idempotent.</param>
public sealed record ReplayPlan(long Messages, long New, long Known, long DeadLetters, long Heartbeats, long Twice)
{
    public bool IsIdempotent => Twice == 0;
}

/// <summary>
/// Writes a window of the stream to the database once more, through the code and the keys that the worker writes with. Counts are fed from new
/// rows alone, so what was there changes nothing.
/// </summary>
public sealed class WindowReplay(NatsConnection nats, NpgsqlDataSource database, TimeProvider time)
{
    private const int BatchRows = 5000;
    private const int BatchBytes = 16 << 20;

    /// <summary>
    /// The proof: each batch of the window is written twice in one transaction, which is then rolled back. Nothing is changed.
    /// </summary>
    public Task<ReplayPlan> Prove(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        Each(Since(from), Until(to), write: false, cancel);

    public Task<ReplayPlan> Write(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        Each(Since(from), Until(to), write: true, cancel);

    /// <summary>Writes what lies between two numbers of the stream, both included.</summary>
    public Task<ReplayPlan> Write(long from, long to, CancellationToken cancel) =>
        Each(
            new()
            {
                DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartSequence,
                OptStartSeq = (ulong)Math.Max(1, from),
            },
            m => m.Seq <= to,
            write: true,
            cancel
        );

    /// <summary>A window that ends in the future ends now: a stream that is written to would never be read to its end.</summary>
    private Func<Message, bool> Until(DateTimeOffset to)
    {
        var now = time.GetUtcNow();
        var end = to < now ? to : now;
        return m => m.PublishedAt < end;
    }

    private static ConsumerConfig Since(DateTimeOffset from) =>
        new() { DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartTime, OptStartTime = from };

    private async Task<ReplayPlan> Each(
        ConsumerConfig start,
        Func<Message, bool> isWithin,
        bool write,
        CancellationToken cancel
    )
    {
        var jetstream = nats.JetStream();
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"cdr_replay_{Environment.MachineName.Replace('.', '_')}_{Environment.ProcessId}"
        );
        start.Name = name;
        start.AckPolicy = ConsumerConfigAckPolicy.Explicit;
        start.MaxAckPending = -1;
        start.AckWait = TimeSpan.FromHours(1);
        start.InactiveThreshold = TimeSpan.FromMinutes(1);
        await jetstream.CreateOrUpdateConsumerAsync(CdrStream.Name, start, cancel);
        try
        {
            await using var pull = await Pull.Begin(nats, name, time, cancel);
            var partitions = new DayPartitions(database);
            var sum = new ReplayPlan(0, 0, 0, 0, 0, 0);
            while (await pull.Next(BatchRows, BatchBytes, cancel) is { Count: > 0 } deliveries)
            {
                var messages = deliveries.Select(d => d.Message).Where(isWithin).ToList();
                using var batch = Batch.Of(messages, time.GetUtcNow());
                if (messages.Count > 0)
                    sum = await One(sum, batch, messages.Count, partitions, write, cancel);
                if (messages.Count < deliveries.Count)
                    break;
            }
            return sum;
        }
        finally
        {
            await jetstream.DeleteConsumerAsync(CdrStream.Name, name, CancellationToken.None);
        }
    }

    private async Task<ReplayPlan> One(
        ReplayPlan sum,
        Batch batch,
        int messages,
        DayPartitions partitions,
        bool write,
        CancellationToken cancel
    )
    {
        // Its own position is not the worker's: what it has reached stays as it is.
        var writer = new CdrWriter(database, consumer: null);
        await partitions.Ensure(batch.Rows, time.GetUtcNow(), cancel);
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var written = await writer.Write(connection, transaction, batch, cancel);
        var twice = 0;
        if (write)
            await transaction.CommitAsync(cancel);
        else
        {
            twice = (await writer.Write(connection, transaction, batch, cancel)).Inserted.Count;
            await transaction.RollbackAsync(cancel);
        }
        return new(
            sum.Messages + messages,
            sum.New + written.Inserted.Count,
            sum.Known + messages - written.Inserted.Count - written.DeadLetters - batch.Heartbeats.Count,
            sum.DeadLetters + written.DeadLetters,
            sum.Heartbeats + batch.Heartbeats.Count,
            sum.Twice + twice
        );
    }
}
