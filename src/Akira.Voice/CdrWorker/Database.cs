using Npgsql;

namespace Akira.Voice.CdrWorker;

/// <summary>The PostgreSQL that keeps call records.</summary>
public static class Database
{
    /// <summary>
    /// With limits, so that a server that is frozen is noticed, and with several hosts only the one that takes writes.
    /// </summary>
    /// <param name="connection">In Npgsql's words: <c>Host=db-1,db-2;Database=akira;Username=akira;Password=…</c></param>
    /// <exception cref="ArgumentException">It cannot be understood.</exception>
    public static NpgsqlDataSource Open(string connection)
    {
        var set = new NpgsqlConnectionStringBuilder(connection)
        {
            ApplicationName = "akira-cdr",
            Timeout = 5,
            CommandTimeout = 20,
            CancellationTimeout = 2000,
            MaxPoolSize = 8,
        };
        if (set.Host?.Contains(',', StringComparison.Ordinal) == true)
            set.TargetSessionAttributes = "primary";
        return NpgsqlDataSource.Create(set);
    }
}
