using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace Akira.Responder.Log;

/// <summary>
/// Each second: carries what was appended from SQLite's write-ahead log into the file proper, beside the writer. Left
/// to SQLite, every so many commits one would take long, and a page would wait for it.
/// </summary>
public sealed class Checkpoint(Store store) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        while (await second.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                using var connection = store.Read();
                using var checkpoint = connection.CreateCommand();
                checkpoint.CommandText = "pragma wal_checkpoint(passive)";
                checkpoint.ExecuteNonQuery();
            }
            catch (SqliteException)
            {
                // A disk that refuses shows at the next append, which says so. Nothing is lost here.
            }
        }
    }
}
