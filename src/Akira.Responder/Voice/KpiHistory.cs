using Akira.Core.Voice;
using Akira.Responder.Log;
using Microsoft.Data.Sqlite;

namespace Akira.Responder.Voice;

/// <summary>
/// The figures of every scope at one minute for ninety days: a row an hour and scope, its minutes packed. A file of its
/// own, so that it never holds up the incident log. Writing a minute again replaces it: what is counted twice on the way
/// here is still counted once. Safe for threads.
/// </summary>
public sealed class KpiHistory : IDisposable
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private const string Schema = """
        create table if not exists scope(id integer primary key, kind text not null, name text not null, unique(kind, name)) strict;
        create table if not exists hour(
            scope integer not null, hour integer not null, minutes blob not null, primary key(scope, hour)
            ) strict;
        create index if not exists hour_hour on hour(hour);
        """;

    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private bool _isClosed;
    private readonly Dictionary<(Scope Scope, long Hour), Usual?> _usual = [];

    /// <exception cref="CannotStart">The file is damaged or cannot be written.</exception>
    public KpiHistory(string file)
    {
        _connection = new(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                DefaultTimeout = 5,
                Pooling = false,
            }.ToString()
        );
        try
        {
            _connection.Open();
            // A crash may cost the last minute, and the records on disk give it back.
            Run("pragma journal_mode = wal");
            Run("pragma synchronous = normal");
            Run(Schema);
        }
        catch (SqliteException e)
        {
            _connection.Dispose();
            throw new CannotStart(
                $"{file} cannot be used ({e.Message}). It holds nothing but the history of call figures: move it away to begin anew.",
                inner: e
            );
        }
    }

    /// <summary>Keeps minutes, each with all that was counted in it so far; drops what is older than ninety days.</summary>
    /// <exception cref="SqliteException">Nothing was kept.</exception>
    public void Keep(IEnumerable<(Scope Scope, DateTimeOffset Minute, Tally Tally)> changed, DateTimeOffset now)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            foreach (var hour in changed.GroupBy(c => (c.Scope, Hour: HourOf(c.Minute))))
            {
                var scope = Id(hour.Key.Scope);
                var minutes = Minutes(scope, hour.Key.Hour).ToDictionary(m => m.Minute);
                foreach (var (_, at, tally) in hour)
                    minutes[at.Minute] = KpiMinute.Of(at.Minute, tally);
                Run(
                    "insert or replace into hour(scope, hour, minutes) values ($a, $b, $c)",
                    scope,
                    hour.Key.Hour,
                    KpiMinute.Pack(minutes.Values)
                );
            }
            Run("delete from hour where hour < $a", HourOf(now - Kept));
            transaction.Commit();
        }
    }

    /// <summary>The minutes that have calls, in order, at most ninety days of them. None when the responder stops meanwhile.</summary>
    public IReadOnlyList<(DateTimeOffset At, KpiMinute Minute)> Read(
        Scope scope,
        DateTimeOffset from,
        DateTimeOffset to
    )
    {
        lock (_gate)
        {
            var read = new List<(DateTimeOffset, KpiMinute)>();
            if (_isClosed)
                return read;
            using var rows = Ask(
                "select hour, minutes from hour join scope on scope.id = hour.scope where kind = $a and name = $b and hour between $c and $d order by hour",
                scope.Kind,
                scope.Name,
                HourOf(from),
                HourOf(to)
            );
            using var row = rows.ExecuteReader();
            while (row.Read())
                foreach (var minute in KpiMinute.Unpack((byte[])row[1]))
                    if (StartOf(row.GetInt64(0)).AddMinutes(minute.Minute) is var at && at >= from && at < to)
                        read.Add((at, minute));
            return read;
        }
    }

    /// <summary>Whether call records ever came, in ninety days.</summary>
    public bool Any()
    {
        lock (_gate)
        {
            if (_isClosed)
                return false;
            using var rows = Ask("select 1 from hour limit 1");
            return rows.ExecuteScalar() is not null;
        }
    }

    /// <summary>What is usual at this hour of the week; null when the history has too few of them.</summary>
    public Usual? Usual(Scope scope, DateTimeOffset at)
    {
        var hour = HourOf(at);
        lock (_gate)
        {
            if (_usual.TryGetValue((scope, hour), out var known))
                return known;
            if (_usual.Count > 10_000)
                _usual.Clear();
        }
        List<Tally> same = [];
        for (var week = 1; week <= Core.Voice.Usual.MostWeeks; week++)
        {
            var start = StartOf(hour).AddDays(-7 * week);
            var sum = new Tally();
            foreach (var (_, minute) in Read(scope, start, start.AddHours(1)))
                sum.Add(minute.Counts);
            if (!sum.IsEmpty)
                same.Add(sum);
        }
        lock (_gate)
            return _usual[(scope, hour)] = Core.Voice.Usual.Of(same);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _connection.Dispose();
        }
    }

    private long Id(Scope scope)
    {
        Run("insert or ignore into scope(kind, name) values ($a, $b)", scope.Kind, scope.Name);
        using var ask = Ask("select id from scope where kind = $a and name = $b", scope.Kind, scope.Name);
        return (long)ask.ExecuteScalar()!;
    }

    private List<KpiMinute> Minutes(long scope, long hour)
    {
        using var ask = Ask("select minutes from hour where scope = $a and hour = $b", scope, hour);
        return ask.ExecuteScalar() is byte[] packed ? KpiMinute.Unpack(packed) : [];
    }

    private void Run(string sql, params ReadOnlySpan<object> values)
    {
        using var command = Ask(sql, values);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Ask(string sql, params ReadOnlySpan<object> values)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Only the constants above come here
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue("$" + (char)('a' + i), values[i]);
        return command;
    }

    private static long HourOf(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerHour;

    private static DateTimeOffset StartOf(long hour) => new(hour * TimeSpan.TicksPerHour, TimeSpan.Zero);
}
