using System.CommandLine;
using System.Globalization;
using Akira.Cli.CommandLine;
using Akira.Core.Runbooks.Reading;
using Akira.Voice.Stream;
using NATS.Client.Core;
using NATS.NKeys;
using Npgsql;

namespace Akira.Cli.Cdr;

/// <summary>Where NATS and the database are: from the command line, else from the environment.</summary>
internal sealed class CdrSettings
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Option<string?> _nats = new("--nats")
    {
        Description = "Where NATS is; AKIRA_Nats__Url, else nats://127.0.0.1:4222",
        HelpName = "URL",
    };
    private readonly Option<string?> _database = new("--database")
    {
        Description = "The PostgreSQL of call records; AKIRA_Cdr__Database",
        HelpName = "Host=…;Database=…",
    };

    private readonly Option<string?> _metrics = new("--metrics")
    {
        Description = "Where /metrics answers; nowhere",
        HelpName = "URL",
    };

    public CdrSettings AddNatsTo(Command verb)
    {
        verb.Add(_nats);
        return this;
    }

    public CdrSettings AddDatabaseTo(Command verb)
    {
        verb.Add(_database);
        return this;
    }

    public CdrSettings AddMetricsTo(Command verb)
    {
        verb.Add(_metrics);
        return this;
    }

    public NatsLogin Nats(ParseResult parsed) =>
        new(
            parsed.GetValue(_nats) ?? Setting("AKIRA_Nats__Url") ?? new NatsLogin().Url,
            Setting("AKIRA_Nats__Creds"),
            Setting("AKIRA_Nats__NKey")
        );

    /// <exception cref="ArgumentException">It is not set.</exception>
    public string Database(ParseResult parsed) =>
        parsed.GetValue(_database)
        ?? Setting("AKIRA_Cdr__Database")
        ?? throw new ArgumentException(
            "The database is not known: --database 'Host=db-1;Database=akira;Username=akira;Password=…', or AKIRA_Cdr__Database."
        );

    /// <returns>Null: nowhere.</returns>
    /// <exception cref="ArgumentException">It is no address.</exception>
    public Uri? Metrics(ParseResult parsed) =>
        parsed.GetValue(_metrics) is not { } url ? null
        : Uri.TryCreate(url, UriKind.Absolute, out var page) ? page
        : throw new ArgumentException("--metrics takes an address: http://127.0.0.1:9471");

    /// <summary>Runs what needs both, with limits, and says in one line what does not answer.</summary>
    public async Task<int> With(
        ParseResult parsed,
        Func<NatsConnection, NpgsqlDataSource, Task<int>> act,
        CancellationToken cancel
    )
    {
        try
        {
            await using var database = Voice.CdrWorker.Database.Open(Database(parsed));
            var nats = Nats(parsed).Connect("akira-cdr");
            try
            {
                await nats.PingAsync(cancel).AsTask().WaitAsync(Patience, TimeProvider.System, cancel);
                return await act(nats, database);
            }
            finally
            {
                // A client without a server tries for ever, also while it is disposed of.
                await Task.WhenAny(
                    nats.DisposeAsync().AsTask(),
                    Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None)
                );
            }
        }
        catch (Exception e) when (Explain(e) is { } why)
        {
            Screen.Complain(why);
            return e is ArgumentException ? Exit.Usage : Exit.Unavailable;
        }
    }

    public static string? Explain(Exception e) =>
        e switch
        {
            ArgumentException or IOException or UnauthorizedAccessException => e.Message,
            System.Net.Sockets.SocketException => e.Message,
            NKeysException => $"The key of NATS cannot be used: {e.Message}",
            TimeoutException => "NATS does not answer.",
            NatsException => $"NATS: {e.Message}",
            PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } =>
                "The database has no tables of call records: a worker makes them when it starts.",
            NpgsqlException => $"The database: {e.Message}",
            _ => null,
        };

    /// <summary>A point in time: in full, or the hour of a day that is past, in UTC, or how long ago.</summary>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    public static DateTimeOffset Moment(string text, DateTimeOffset now)
    {
        var style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var hour))
        {
            var today = new DateTimeOffset(now.UtcDateTime.Date + hour.ToTimeSpan(), TimeSpan.Zero);
            return today <= now ? today : today.AddDays(-1);
        }
        if (Durations.TryParse(text, out var ago))
            return now - ago;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, style, out var at)
            ? at
            : throw new ArgumentException(
                $"'{text}' is no time. Write 2026-11-24T02:00Z, or 02:00 (UTC), or 1h for an hour ago."
            );
    }

    private static string? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
