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
    public static NpgsqlDataSource Open(string connection) =>
        Open(
            new NpgsqlConnectionStringBuilder(connection)
            {
                ApplicationName = "akira-cdr",
                Timeout = 5,
                CommandTimeout = 20,
                CancellationTimeout = 2000,
                MaxPoolSize = 8,
            }
        );

    /// <summary>For people who wait for an answer: a query that takes longer is ended by the server, then by us.</summary>
    /// <exception cref="ArgumentException">It cannot be understood.</exception>
    public static NpgsqlDataSource OpenForPeople(string connection) =>
        Open(
            new NpgsqlConnectionStringBuilder(connection)
            {
                ApplicationName = "akira-backend",
                Timeout = 3,
                CommandTimeout = 6,
                CancellationTimeout = 1000,
                MaxPoolSize = 20,
                Options = "-c statement_timeout=5000 -c idle_in_transaction_session_timeout=10000",
            }
        );

    private static NpgsqlDataSource Open(NpgsqlConnectionStringBuilder set)
    {
        if (set.Host?.Contains(',', StringComparison.Ordinal) == true)
            set.TargetSessionAttributes = "primary";
        return NpgsqlDataSource.Create(set);
    }
}
