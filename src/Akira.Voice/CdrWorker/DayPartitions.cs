using System.Globalization;
using Npgsql;

namespace Akira.Voice.CdrWorker;

/// <summary>
/// A partition of <c>cdr</c> for each day, made ahead, and for late days of the last five weeks when a record of one comes. What has none goes
/// to the default partition, and is as safe there.
/// </summary>
internal sealed class DayPartitions(NpgsqlDataSource database)
{
    private static readonly TimeSpan Late = TimeSpan.FromDays(35);
    private const int Ahead = 3;

    private readonly HashSet<DateTime> _made = [];

    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task Ensure(IEnumerable<Row> rows, DateTimeOffset now, CancellationToken cancel)
    {
        var today = now.UtcDateTime.Date;
        for (var day = today; day <= today.AddDays(Ahead); day = day.AddDays(1))
            await Ensure(day, cancel);
        var last = DateTime.MinValue;
        foreach (var row in rows)
        {
            var day = row.Record.InvitedAt!.Value.UtcDateTime.Date;
            if (day != last && day >= today - Late)
                await Ensure(last = day, cancel);
        }
    }

    private async Task Ensure(DateTime day, CancellationToken cancel)
    {
        if (!_made.Add(day))
            return;
        var sql = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SET lock_timeout = '3s';
            CREATE TABLE IF NOT EXISTS cdr_{day:yyyyMMdd} PARTITION OF cdr
                FOR VALUES FROM ('{day:yyyy-MM-dd} 00:00:00+00') TO ('{day.AddDays(1):yyyy-MM-dd} 00:00:00+00');
            RESET lock_timeout;
            """
        );
        try
        {
            await using var make = database.CreateCommand(sql);
            await make.ExecuteNonQueryAsync(cancel);
        }
        // Another worker makes it at this moment; somebody reads for long; or rows of that day are in the default partition.
        catch (PostgresException e)
            when (e.SqlState
                    is PostgresErrorCodes.LockNotAvailable
                        or PostgresErrorCodes.CheckViolation
                        or PostgresErrorCodes.DuplicateTable
                        or PostgresErrorCodes.UniqueViolation
            ) { }
        catch
        {
            _made.Remove(day);
            throw;
        }
    }
}
