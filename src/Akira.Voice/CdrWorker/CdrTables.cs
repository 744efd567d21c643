using Npgsql;

namespace Akira.Voice.CdrWorker;

/// <summary>The tables of the worker; see cdr.sql.</summary>
public static class CdrTables
{
    private const long Lock = 0x616B_6972_6163_6472; // "akiracdr": workers that start together wait for each other

    /// <summary>Makes what is missing.</summary>
    /// <exception cref="NpgsqlException">The database cannot be reached, or the role may not.</exception>
    public static async Task Ensure(NpgsqlDataSource database, CancellationToken cancel)
    {
        using var reader = new StreamReader(typeof(CdrTables).Assembly.GetManifestResourceStream("cdr.sql")!);
        var sql = await reader.ReadToEndAsync(cancel);
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({Lock});\n{sql}", connection);
        await command.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}
