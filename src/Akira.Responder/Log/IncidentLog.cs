using System.Text.Json;
using Akira.Core.Incidents;
using Microsoft.Data.Sqlite;

namespace Akira.Responder.Log;

/// <summary>
/// The log of all incidents: append-only, in one global order. It is the responder's only memory. An entry is on the
/// disk when <see cref="Append"/> returns, and visible to followers once it was announced.
/// </summary>
public sealed class IncidentLog
{
    private readonly Store _store;
    private readonly Tail _tail = new();
    private TaskCompletionSource _announced = NewSignal();
    private long _position;

    public IncidentLog(Store store)
    {
        _store = store;
        using var connection = store.Read();
        _position = Number(connection, "select coalesce(max(position), 0) from entry");
        LastNumber = (int)Number(connection, "select coalesce(max(incident), 0) from entry");
        var at = Number(
            connection,
            "select coalesce(max(at), 0) from entry where position = (select max(position) from entry)"
        );
        LastEntryAt = at == 0 ? null : Micros.ToInstant(at);
    }

    /// <summary>The position of the last announced entry; 0 when there is none.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>The highest incident number when the log was opened.</summary>
    public int LastNumber { get; }

    /// <summary>The instant of the last entry when the log was opened.</summary>
    public DateTimeOffset? LastEntryAt { get; }

    /// <exception cref="StoreFailure">Nothing was recorded.</exception>
    public AppendOutcome Append(Batch batch)
    {
        LogEntry? current = null;
        try
        {
            _store.Write(
                (connection, transaction) =>
                {
                    using var insert = new EntryInsert(connection, transaction);
                    foreach (var entry in batch.Entries)
                    {
                        current = entry;
                        insert.Run(entry);
                    }
                    current = null;
                    IncidentRows.Save(connection, transaction, batch.Changed);
                    SaveCursors(connection, transaction, batch.Cursors);
                    Deploys.DeployRows.Insert(connection, transaction, batch.Deploys);
                    Silences.SilenceRows.Insert(connection, transaction, batch.Silences);
                }
            );
            return new AppendOutcome.Recorded();
        }
        catch (SqliteException e) when (Store.IsConflict(e) && current is not null)
        {
            return new AppendOutcome.Conflict(current.IncidentNumber, current.Seq);
        }
    }

    /// <summary>Shows recorded entries to followers: after the board they belong to can be seen.</summary>
    public void Announce(IReadOnlyList<LogEntry> entries)
    {
        if (entries.Count == 0)
            return;
        _tail.Add(entries);
        Volatile.Write(ref _position, entries[^1].Position);
        Interlocked.Exchange(ref _announced, NewSignal()).SetResult();
    }

    /// <summary>Ends when an entry after <paramref name="position"/> has been announced.</summary>
    public async Task WaitPast(long position, CancellationToken cancel)
    {
        while (Position <= position)
        {
            var signal = Volatile.Read(ref _announced).Task;
            if (Position > position)
                return;
            await signal.WaitAsync(cancel);
        }
    }

    /// <summary>Announced entries after a global position, at most <paramref name="most"/>.</summary>
    public IReadOnlyList<LogEntry> ReadAfter(long position, int most = 256)
    {
        var head = Position;
        if (position >= head)
            return [];
        return _tail.After(position, most)
            ?? Query(
                "select * from entry where position > $a and position <= $b order by position limit $c",
                position,
                head,
                most
            );
    }

    /// <summary>The log of one incident, after a seq.</summary>
    public IReadOnlyList<LogEntry> Of(int number, int afterSeq = 0) =>
        Query(
            "select * from entry where incident = $a and seq > $b order by seq limit $c",
            number,
            afterSeq,
            int.MaxValue
        );

    /// <summary>An incident folded from its log; null when there is none of that number.</summary>
    public Incident? Fold(int number) => Incident.Fold(Of(number));

    /// <summary>Numbers of the incidents that are not resolved.</summary>
    public IReadOnlyList<int> Unresolved()
    {
        using var connection = _store.Read();
        using var command = connection.CreateCommand();
        command.CommandText = "select number from incident where resolved_at is null order by number";
        using var row = command.ExecuteReader();
        var numbers = new List<int>();
        while (row.Read())
            numbers.Add(row.GetInt32(0));
        return numbers;
    }

    /// <summary>
    /// What the statistics need of each incident that was detected in a stretch of time; its log without the rest.
    /// </summary>
    public IReadOnlyList<IncidentTimes> Times(DateTimeOffset from, DateTimeOffset to) =>
        [
            .. Query(
                    $"""
                    select entry.* from entry join incident on incident.number = entry.incident
                    where detected_at >= $a and detected_at < $b and kind in ({TimeKinds}) order by incident, seq limit $c
                    """,
                    Micros.Of(from),
                    Micros.Of(to),
                    long.MaxValue
                )
                .GroupBy(e => e.IncidentNumber)
                .Select(log => IncidentTimes.Of([.. log])),
        ];

    private static readonly string TimeKinds = string.Join(", ", IncidentTimes.KindsNeeded.Select(k => $"'{k}'"));

    /// <summary>Numbers of the incidents whose log has an action item.</summary>
    public IReadOnlyList<int> WithActions()
    {
        using var connection = _store.Read();
        using var command = connection.CreateCommand();
        command.CommandText = "select distinct incident from entry where kind = 'action-added' order by incident";
        using var row = command.ExecuteReader();
        var numbers = new List<int>();
        while (row.Read())
            numbers.Add(row.GetInt32(0));
        return numbers;
    }

    /// <summary>Up to where a follower has done its work; null when it never has.</summary>
    public long? Cursor(string follower)
    {
        using var connection = _store.Read();
        using var command = connection.CreateCommand();
        command.CommandText = "select position from cursor where follower = $follower";
        command.Parameters.AddWithValue("$follower", follower);
        return command.ExecuteScalar() as long?;
    }

    /// <summary>All whose name begins so, without that beginning.</summary>
    public IReadOnlyDictionary<string, long> Cursors(string beginning)
    {
        using var connection = _store.Read();
        using var command = connection.CreateCommand();
        command.CommandText =
            "select substr(follower, length($b) + 1), position from cursor where substr(follower, 1, length($b)) = $b";
        command.Parameters.AddWithValue("$b", beginning);
        using var row = command.ExecuteReader();
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        while (row.Read())
            found[row.GetString(0)] = row.GetInt64(1);
        return found;
    }

    private List<LogEntry> Query(string sql, long a, long b, long c)
    {
        using var connection = _store.Read();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only the constants above come here
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$a", a);
        command.Parameters.AddWithValue("$b", b);
        command.Parameters.AddWithValue("$c", c);
        using var row = command.ExecuteReader();
        var entries = new List<LogEntry>();
        while (row.Read())
            entries.Add(EntryOf(row));
        return entries;
    }

    private static LogEntry EntryOf(SqliteDataReader row)
    {
        var position = row.GetInt64(0);
        try
        {
            return new LogEntry(
                position,
                row.GetInt32(1),
                row.GetInt32(2),
                Micros.ToInstant(row.GetInt64(3)),
                new Actor(row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5), row.GetString(6)),
                EntryJson.Read(row.GetFieldValue<byte[]>(8))
            );
        }
        catch (JsonException e)
        {
            throw new CannotStart(
                $"The log's entry {position} cannot be read ({e.Message}). It was written by another version of Akira, or is damaged.",
                inner: e
            );
        }
    }

    internal static void SaveCursors(
        SqliteConnection connection,
        SqliteTransaction transaction,
        IReadOnlyDictionary<string, long> cursors
    )
    {
        if (cursors.Count == 0)
            return;
        using var save = connection.CreateCommand();
        save.Transaction = transaction;
        save.CommandText =
            "insert into cursor(follower, position) values ($f, $p) on conflict(follower) do update set position = $p";
        var follower = save.Parameters.Add("$f", SqliteType.Text);
        var position = save.Parameters.Add("$p", SqliteType.Integer);
        foreach (var (name, at) in cursors)
        {
            (follower.Value, position.Value) = (name, at);
            save.ExecuteNonQuery();
        }
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only the constants above come here
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar() as long? ?? 0;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
