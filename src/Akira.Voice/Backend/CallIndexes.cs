using Npgsql;

namespace Akira.Voice.Backend;

/// <summary>
/// The indexes that call search stands on. They are built beside the running worker, one day after the other; days to come get theirs with their
/// partition.
/// </summary>
internal static class CallIndexes
{
    // In each, calls lie by time: the first page is read off its end. A name that changes here is a new index.
    private static readonly (string Name, string On)[] All =
    [
        ("cdr_by_time", "(t_invite, call_uid) WHERE type = 'setup'"),
        ("cdr_by_src", "(src text_pattern_ops, t_invite) WHERE type = 'setup'"),
        ("cdr_by_dst", "(dst text_pattern_ops, t_invite) WHERE type = 'setup'"),
        ("cdr_by_call_id", "(call_id text_pattern_ops) WHERE type = 'setup'"),
        ("cdr_by_customer", "(customer, t_invite) WHERE type = 'setup'"),
        ("cdr_by_trunk", "(trunk_out, t_invite) WHERE type = 'setup'"),
        ("cdr_by_code", "(sip_code, t_invite) WHERE type = 'setup'"),
        ("cdr_by_end", "(t_end) WHERE type = 'end'"),
    ];

    private const long Lock = 0x616B_6972_6169_6478; // "akiraidx"
    private const int Attempts = 3; // on a partition that is dropped meanwhile, or busy

    /// <exception cref="NpgsqlException">The database cannot be reached, or the role may not. What was built stays.</exception>
    public static async Task Ensure(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        // Who waits for the lock would hold a snapshot, and building waits for snapshots.
        await using (var take = new NpgsqlCommand($"SELECT pg_try_advisory_lock({Lock})", connection))
            if (await take.ExecuteScalarAsync(cancel) is false)
                return; // another backend is at it
        await Do(connection, "SET statement_timeout = 0", cancel);
        try
        {
            foreach (var (name, on) in All)
                await Ensure(connection, name, on, cancel);
        }
        finally
        {
            await Do(connection, $"RESET statement_timeout; SELECT pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    private static async Task Ensure(NpgsqlConnection connection, string name, string on, CancellationToken cancel)
    {
        await Do(connection, $"CREATE INDEX IF NOT EXISTS {name} ON ONLY cdr {on}", cancel);
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var lacking = await PartitionsWithout(connection, name, cancel);
            foreach (var partition in lacking)
            {
                var index = $"{partition}_{name["cdr_".Length..]}";
                // One that was interrupted is there and invalid.
                await Do(connection, $"DROP INDEX CONCURRENTLY IF EXISTS {index}", cancel);
                await Do(connection, $"CREATE INDEX CONCURRENTLY {index} ON {partition} {on}", cancel);
                await Do(connection, $"ALTER INDEX {name} ATTACH PARTITION {index}", cancel);
            }
            if (lacking.Count == 0)
                return;
        }
    }

    private static async Task<List<string>> PartitionsWithout(
        NpgsqlConnection connection,
        string index,
        CancellationToken cancel
    )
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT p.inhrelid::regclass::text FROM pg_inherits p
            WHERE p.inhparent = 'cdr'::regclass AND NOT EXISTS (
                SELECT FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid
                WHERE i.inhparent = $1::regclass AND x.indrelid = p.inhrelid)
            ORDER BY 1 DESC
            """,
            connection
        )
        {
            Parameters = { new() { Value = index } },
        };
        var partitions = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            partitions.Add(reader.GetString(0));
        return partitions;
    }

    private static async Task Do(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
