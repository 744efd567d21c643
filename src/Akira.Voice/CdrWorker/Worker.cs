using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Threading.Channels;
using Akira.Voice.Replay;
using Akira.Voice.Stream;
using NATS.Client.Core;
using Npgsql;

namespace Akira.Voice.CdrWorker;

/// <param name="Database">In Npgsql's words.</param>
/// <param name="Metrics">Where Prometheus' page is; null: nowhere.</param>
/// <param name="BatchRows">How many messages are written together, at most.</param>
public sealed record WorkerOptions(NatsLogin Nats, string Database, Uri? Metrics = null, int BatchRows = 5000);

/// <summary>
/// Brings call records from the stream to PostgreSQL. A message is acknowledged after its transaction was committed; what comes again changes
/// nothing. While the database is away a batch is held and tried again; while NATS is away it waits. Several may run.
/// </summary>
/// <param name="say">What an operator reads in the journal.</param>
public sealed class Worker(WorkerOptions options, TimeProvider time, Action<string> say)
{
    private const string TheDatabase = "the database";
    private const string TheStream = "the stream";
    private const int BatchBytes = 4 << 20; // five such batches may be in hand
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Report = TimeSpan.FromMinutes(1);

    // Three things at once: a batch is fetched, one is read, and one is written.
    private readonly Channel<List<Delivery>> _fetched = Channel.CreateBounded<List<Delivery>>(1);
    private readonly Channel<(List<Delivery> Messages, Batch Batch)> _read = Channel.CreateBounded<(
        List<Delivery>,
        Batch
    )>(1);
    private readonly ConcurrentDictionary<string, bool> _trouble = []; // by what is in it
    private long _rows;
    private long _known;
    private long _deadLetters;

    /// <summary>Runs until it is cancelled; then the batch at hand is written and acknowledged first.</summary>
    public async Task Run(CancellationToken cancel)
    {
        await using var database = Voice.CdrWorker.Database.Open(options.Database);
        var nats = options.Nats.Connect($"akira-cdr-worker@{Environment.MachineName}");
        var writer = new CdrWriter(database, CdrStream.Worker);
        await using var metrics = await MetricsPage.Serve(options.Metrics, () => Metrics(writer.Committed));
        await Persist(TheDatabase, () => CdrTables.Ensure(database, cancel), cancel);
        await Persist(TheStream, () => CatchUp(writer, database, nats, cancel), cancel);
        var fetching = Fetch(nats, cancel);
        var reading = Task.Run(Read, CancellationToken.None);
        var partitions = new DayPartitions(database);
        var told = time.GetTimestamp();
        var settled = Task.CompletedTask;
        await foreach (var (messages, batch) in _read.Reader.ReadAllAsync(CancellationToken.None))
        {
            var done =
                !cancel.IsCancellationRequested
                && await Write(messages.Count, batch, writer, partitions, database, nats, cancel);
            batch.Dispose();
            await settled;
            // While it is acknowledged the next one is written already.
            settled = Settle(messages, done, nats, cancel);
            if (time.GetElapsedTime(told) > Report)
            {
                told = time.GetTimestamp();
                say($"{_rows} rows written, {_known} were there already, {_deadLetters} dead letters");
            }
        }
        await settled;
        await fetching;
        await reading;
        say($"ends: {_rows} rows written, {_known} were there already, {_deadLetters} dead letters");
        // A client that cannot log in tries for ever, also while it is disposed of.
        await nats.DisposeAsync()
            .AsTask()
            .WaitAsync(Patience, time, CancellationToken.None)
            .ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>A database may have taken over since the last run.</summary>
    private async Task CatchUp(
        CdrWriter writer,
        NpgsqlDataSource database,
        NatsConnection nats,
        CancellationToken cancel
    )
    {
        var jetstream = nats.JetStream();
        await CdrStream.Ensure(jetstream, CdrStream.Limits.Usual, cancel).WaitAsync(Patience, time, cancel);
        var consumer = await CdrStream.EnsureWorker(jetstream, cancel).WaitAsync(Patience, time, cancel);
        writer.Expect((long)consumer.Info.AckFloor.StreamSeq);
        if (await writer.WentBackTo(cancel) is { } back)
            await Mend(back, writer, database, nats, cancel);
    }

    /// <summary>
    /// Writes again what the database has lost. Other workers may have committed beyond its last number before their earlier batches:
    /// as many as all can have in hand are read again too.
    /// </summary>
    private async Task Mend(
        long back,
        CdrWriter writer,
        NpgsqlDataSource database,
        NatsConnection nats,
        CancellationToken cancel
    )
    {
        say($"the database ends at message {back} and had come to {writer.Committed}: what it lost is written again");
        var replay = new WindowReplay(nats, database, time);
        var plan = await replay.Write(back + 1 - CdrStream.MostInHand, writer.Committed, cancel);
        writer.Mended();
        say($"{plan.New} records were missing and are there again, of {plan.Messages} messages");
    }

    private async Task Fetch(NatsConnection nats, CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested)
                await Persist(TheStream, () => FetchAll(nats, cancel), cancel);
        }
        finally
        {
            _fetched.Writer.Complete();
        }
    }

    private async Task FetchAll(NatsConnection nats, CancellationToken cancel)
    {
        var jetstream = nats.JetStream();
        await CdrStream.Ensure(jetstream, CdrStream.Limits.Usual, cancel).WaitAsync(Patience, time, cancel);
        await CdrStream.EnsureWorker(jetstream, cancel).WaitAsync(Patience, time, cancel);
        await using var pull = await Pull.Begin(nats, CdrStream.Worker, time, cancel);
        Eased(TheStream);
        while (!cancel.IsCancellationRequested)
        {
            var messages = await pull.Next(options.BatchRows, BatchBytes, cancel);
            if (messages.Count > 0)
                await _fetched.Writer.WriteAsync(messages, CancellationToken.None);
        }
    }

    private async Task Read()
    {
        await foreach (var messages in _fetched.Reader.ReadAllAsync(CancellationToken.None))
            await _read.Writer.WriteAsync(
                (messages, Batch.Of(messages.ConvertAll(m => m.Message), time.GetUtcNow())),
                CancellationToken.None
            );
        _read.Writer.Complete();
    }

    /// <returns>Whether it is committed. When the worker was told to end while the database was away, it is not.</returns>
    private async Task<bool> Write(
        int messages,
        Batch batch,
        CdrWriter writer,
        DayPartitions partitions,
        NpgsqlDataSource database,
        NatsConnection nats,
        CancellationToken cancel
    )
    {
        var written = default(Written?);
        await Persist(
            TheDatabase,
            async () =>
            {
                try
                {
                    // The batch at hand is finished when the worker is told to end.
                    using var patience = new CancellationTokenSource(Patience * 3, time);
                    await partitions.Ensure(batch.Rows, time.GetUtcNow(), patience.Token);
                    var done = await writer.Write(batch, patience.Token);
                    if (done.WentBackTo is { } back)
                    {
                        await Mend(back, writer, database, nats, cancel);
                        done = await writer.Write(batch, cancel);
                    }
                    written = done;
                }
                catch
                {
                    database.Clear(); // connections to a primary that is none any more
                    throw;
                }
            },
            cancel
        );
        if (written is not { } done)
            return false;
        _rows += done.Inserted.Count;
        _known += messages - batch.Heartbeats.Count - done.Inserted.Count - done.DeadLetters;
        _deadLetters += done.DeadLetters;
        foreach (var letter in batch.Poison.Take(3))
            say($"dead letter: message {letter.Message.Seq}: {letter.Reason}");
        return true;
    }

    private Task Settle(List<Delivery> messages, bool done, NatsConnection nats, CancellationToken cancel) =>
        Persist(
            TheStream,
            async () =>
            {
                foreach (var message in messages)
                {
                    var sending = message.Settle(nats, done);
                    // While NATS is away it would wait for ever, also for a worker that is to end.
                    if (!sending.IsCompletedSuccessfully)
                        await sending.AsTask().WaitAsync(Patience, time, CancellationToken.None);
                }
            },
            cancel
        );

    /// <summary>Tries until it is done or the worker is to end. Whatever fails here is outside: it is never the records' fault.</summary>
    private async Task Persist(string whose, Func<Task> act, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await act();
                Eased(whose);
                return;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
                when (e
                        is NpgsqlException
                            or NatsException
                            or TimeoutException
                            or IOException
                            or SocketException
                            or OperationCanceledException
                            or ObjectDisposedException
                )
            {
                if (_trouble.TryAdd(whose, true))
                    say($"{whose} is in trouble, trying again: {e.Message}");
            }
            try
            {
                await Task.Delay(Retry, time, cancel);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Eased(string whose)
    {
        if (_trouble.TryRemove(whose, out _))
            say($"{whose} answers again");
    }

    /// <param name="committed">The highest number of the stream that is known to be in the database.</param>
    private string Metrics(long committed) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # TYPE akira_cdr_worker_rows_total counter
            akira_cdr_worker_rows_total {_rows}
            # TYPE akira_cdr_worker_known_total counter
            akira_cdr_worker_known_total {_known}
            # TYPE akira_cdr_worker_dead_letters_total counter
            akira_cdr_worker_dead_letters_total {_deadLetters}
            # TYPE akira_cdr_worker_committed_seq gauge
            akira_cdr_worker_committed_seq {committed}
            # TYPE akira_cdr_worker_database_up gauge
            akira_cdr_worker_database_up {(_trouble.ContainsKey(TheDatabase) ? 0 : 1)}
            # TYPE akira_cdr_worker_stream_up gauge
            akira_cdr_worker_stream_up {(_trouble.ContainsKey(TheStream) ? 0 : 1)}

            """
        );
}
