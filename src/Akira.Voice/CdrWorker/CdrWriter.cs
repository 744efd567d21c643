using Npgsql;
using NpgsqlTypes;

namespace Akira.Voice.CdrWorker;

/// <param name="Inserted">The rows that were not there before: what a count may be fed from.</param>
/// <param name="WentBackTo">Nothing was written: the database has come no further than this, and had once; see <see cref="CdrWriter.Expect"/>.</param>
internal readonly record struct Written(IReadOnlyList<Row> Inserted, int DeadLetters, long? WentBackTo = null);

/// <summary>Writes a batch in one transaction: rows, dead letters, counts of nodes, and how far the consumer has come.</summary>
/// <param name="consumer">The name in <c>ingest_state</c>; null leaves it alone, as a replay does.</param>
internal sealed class CdrWriter(NpgsqlDataSource database, string? consumer)
{
    private const int LongestReason = 500;
    private const int Patience = 20_000; // ms: a server that is frozen says nothing

    private bool _collided;

    /// <summary>The highest number of the stream that is known to have been committed.</summary>
    public long Committed { get; private set; }

    /// <summary>
    /// The database had everything up to there: it was acknowledged. One that has less is another one, a standby that lagged when it
    /// took over, or a backup.
    /// </summary>
    public void Expect(long seq) => Committed = Math.Max(Committed, seq);

    /// <summary>What the database lacks has been written to it again.</summary>
    public void Mended() => Committed = 0;

    /// <exception cref="NpgsqlException">Nothing of the batch was written.</exception>
    public async Task<Written> Write(Batch batch, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (consumer is not null && await WentBackTo(connection, cancel) is { } back)
            return new([], 0, back);
        var written = await Write(connection, transaction, batch, cancel);
        await transaction.CommitAsync(cancel);
        Expect(batch.LastSeq);
        return written;
    }

    /// <returns>How far the database has come, when that is less than it had; else null.</returns>
    public async Task<long?> WentBackTo(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await WentBackTo(connection, cancel);
    }

    private async Task<long?> WentBackTo(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var ask = new NpgsqlCommand(
            "SELECT max(last_seq) FROM ingest_state WHERE consumer = $1",
            connection
        )
        {
            Parameters = { new() { Value = consumer } },
        };
        var last = await ask.ExecuteScalarAsync(cancel) as long? ?? 0;
        return last < Committed ? last : null;
    }

    /// <summary>The same, in a transaction of the caller's.</summary>
    public async Task<Written> Write(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        Batch batch,
        CancellationToken cancel
    )
    {
        var (inserted, refused) = await Rows(connection, transaction, batch, cancel);
        var poison = batch.Poison.Concat(refused).ToList();
        await using var rest = new NpgsqlBatch(connection, transaction);
        foreach (var letter in poison)
            rest.BatchCommands.Add(Bury(letter));
        foreach (var node in NodeCounts.Of(inserted, batch.Heartbeats))
            rest.BatchCommands.Add(node.Add());
        if (consumer is not null && batch.LastSeq > 0)
            rest.BatchCommands.Add(Advance(consumer, batch.LastSeq));
        if (rest.BatchCommands.Count > 0)
            await rest.ExecuteNonQueryAsync(cancel);
        return new(inserted, poison.Count);
    }

    private async Task<(IReadOnlyList<Row> Inserted, IEnumerable<DeadLetter> Refused)> Rows(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        Batch batch,
        CancellationToken cancel
    )
    {
        if (batch.Rows.Count == 0)
            return ([], []);
        // New messages seldom hold known calls; when they do, the next batches are likely to as well.
        var straight = batch is { Again: false, Copy: not null } && !_collided;
        await transaction.SaveAsync("batch", cancel);
        try
        {
            if (straight)
            {
                await Copy(connection, "cdr", batch.Copy!, cancel);
                return (batch.Rows, []);
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            _collided = true;
            await transaction.RollbackAsync("batch", cancel);
        }
        catch (PostgresException e) when (IsAboutData(e))
        {
            await transaction.RollbackAsync("batch", cancel);
            return await OneByOne(connection, transaction, batch, cancel);
        }
        try
        {
            var inserted = batch.Copy is { } copy
                ? await Stage(connection, batch.Rows, copy, cancel)
                : await Unnest(connection, batch.Rows, cancel);
            _collided &= inserted.Count < batch.Rows.Count;
            return (inserted, []);
        }
        catch (PostgresException e) when (IsAboutData(e))
        {
            await transaction.RollbackAsync("batch", cancel);
            return await OneByOne(connection, transaction, batch, cancel);
        }
    }

    /// <summary>The row is at fault, whoever writes it: class 22 is data, class 23 constraints. A lost connection never is.</summary>
    private static bool IsAboutData(PostgresException e) =>
        e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal);

    private static async Task Copy(NpgsqlConnection connection, string table, CopyBytes rows, CancellationToken cancel)
    {
        // What the server says of the rows, it says when the stream is closed.
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"COPY {table} ({Column.Names}) FROM STDIN (FORMAT BINARY)",
            cancel
        );
        copy.ReadTimeout = copy.WriteTimeout = Patience;
        await copy.WriteAsync(rows.Memory, cancel);
    }

    private static async Task<IReadOnlyList<Row>> Stage(
        NpgsqlConnection connection,
        List<Row> rows,
        CopyBytes copy,
        CancellationToken cancel
    )
    {
        await using (
            var make = new NpgsqlCommand(
                "CREATE TEMP TABLE IF NOT EXISTS cdr_staging (LIKE cdr) ON COMMIT DELETE ROWS; TRUNCATE cdr_staging",
                connection
            )
        )
            await make.ExecuteNonQueryAsync(cancel);
        await Copy(connection, "cdr_staging", copy, cancel);
        await using var insert = new NpgsqlCommand(
            $"INSERT INTO cdr ({Column.Names}) SELECT {Column.Names} FROM cdr_staging ON CONFLICT DO NOTHING RETURNING stream_seq",
            connection
        );
        return await Returned(insert, rows, cancel);
    }

    private static async Task<IReadOnlyList<Row>> Unnest(
        NpgsqlConnection connection,
        IReadOnlyList<Row> rows,
        CancellationToken cancel
    )
    {
        var arrays = string.Join(", ", Enumerable.Range(1, Column.All.Length).Select(i => $"${i}"));
        await using var insert = new NpgsqlCommand(
            $"INSERT INTO cdr ({Column.Names}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING RETURNING stream_seq",
            connection
        );
        foreach (var column in Column.All)
            insert.Parameters.Add(column.Array(rows));
        return await Returned(insert, rows, cancel);
    }

    private static async Task<IReadOnlyList<Row>> Returned(
        NpgsqlCommand insert,
        IReadOnlyList<Row> rows,
        CancellationToken cancel
    )
    {
        var seqs = new HashSet<long>(rows.Count);
        await using (var reader = await insert.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel))
                seqs.Add(reader.GetInt64(0));
        return seqs.Count == rows.Count ? rows : [.. rows.Where(r => seqs.Contains(r.StreamSeq))];
    }

    /// <summary>The database refused a row of the batch: each is tried by itself, so that only those at fault are left out.</summary>
    private static async Task<(IReadOnlyList<Row>, IEnumerable<DeadLetter>)> OneByOne(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        Batch batch,
        CancellationToken cancel
    )
    {
        var (inserted, refused) = (new List<Row>(), new List<DeadLetter>());
        foreach (var row in batch.Rows)
        {
            await transaction.SaveAsync("row", cancel);
            try
            {
                inserted.AddRange(await Unnest(connection, [row], cancel));
                await transaction.ReleaseAsync("row", cancel);
            }
            catch (PostgresException e) when (IsAboutData(e))
            {
                await transaction.RollbackAsync("row", cancel);
                refused.Add(new(batch.MessageOf(row), $"the database refused it: {e.MessageText}"));
            }
        }
        return (inserted, refused);
    }

    private static NpgsqlBatchCommand Bury(DeadLetter letter) =>
        new("INSERT INTO cdr_dead_letter VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING")
        {
            Parameters =
            {
                new() { Value = letter.Message.Seq },
                new() { Value = letter.Message.PublishedAt.UtcDateTime },
                new() { Value = letter.Message.Subject },
                new() { Value = Plain(letter.Reason) },
                new() { Value = letter.Message.Payload, NpgsqlDbType = NpgsqlDbType.Bytea },
            },
        };

    /// <summary>What it quotes may be what the database refuses.</summary>
    private static string Plain(string reason) =>
        string.Concat(
            (reason.Length > LongestReason ? reason[..LongestReason] : reason).Select(c => char.IsControl(c) ? '?' : c)
        );

    private static NpgsqlBatchCommand Advance(string consumer, long seq) =>
        new(
            """
            INSERT INTO ingest_state VALUES ($1, $2, now()) ON CONFLICT (consumer)
            DO UPDATE SET last_seq = greatest(ingest_state.last_seq, excluded.last_seq), at = excluded.at
            """
        )
        {
            Parameters =
            {
                new() { Value = consumer },
                new() { Value = seq },
            },
        };
}
