using Akira.Voice.CdrWorker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Akira.Voice.Backend;

/// <summary>
/// Makes the tables and the indexes that are missing, as soon as the database lets it. Until then requests hear that the database is away.
/// </summary>
internal sealed class Schema(NpgsqlDataSource database, Seed seed, TimeProvider time, ILogger<Schema> log)
    : BackgroundService
{
    private const long Lock = 0x616B_6972_6162_6B64; // "akirabkd": backends that start together wait for each other
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var told = false;
        while (true)
            try
            {
                await Ensure(database, stoppingToken);
                await seed.Sow(stoppingToken);
                await CallIndexes.Ensure(database, stoppingToken);
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                if (!told)
                    log.NotReady(e.Message);
                told = true;
                await Task.Delay(Retry, time, stoppingToken);
            }
    }

    /// <exception cref="NpgsqlException">The database cannot be reached, or the role may not.</exception>
    public static async Task Ensure(NpgsqlDataSource database, CancellationToken cancel)
    {
        await CdrTables.Ensure(database, cancel);
        using var reader = new StreamReader(typeof(Schema).Assembly.GetManifestResourceStream("backend.sql")!);
        var sql = await reader.ReadToEndAsync(cancel);
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({Lock});\n{sql}", connection);
        await command.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}

internal static partial class Said
{
    [LoggerMessage(LogLevel.Warning, "the database is not ready, trying again: {Why}")]
    public static partial void NotReady(this ILogger log, string why);
}
