using Microsoft.Data.Sqlite;

namespace Akira.Responder.Log;

/// <summary>
/// One SQLite file. Everybody reads on connections of their own; all writes go through one connection, one after
/// another, and are on the disk when <see cref="Write"/> returns (WAL with <c>synchronous=FULL</c>).
/// </summary>
public sealed class Store : IDisposable
{
    private const int SchemaVersion = 1;

    private const string Schema = """
        create table entry(
            position integer primary key, incident integer not null, seq integer not null, at integer not null,
            by_name text not null, by_id text, by_via text not null, kind text not null, json text not null,
            unique(incident, seq)) strict;
        create table incident(
            number integer primary key, version integer not null, state text not null, severity integer not null,
            subsystem text not null, title text not null, detected_at integer not null, acknowledged_at integer,
            acknowledged_by text, mitigated_at integer, resolved_at integer) strict;
        create index incident_unresolved on incident(number) where resolved_at is null;
        create table cursor(follower text primary key, position integer not null) strict;
        create table policy(hash text primary key, files text not null) strict;
        create table token(
            name text primary key collate nocase, role text not null, hash text not null unique,
            created_at integer not null) strict;
        create table deploy(
            version text not null, service text, at integer not null) strict;
        create index deploy_at on deploy(at);
        create table heartbeat(id integer primary key check (id = 1), at integer not null) strict;
        """;

    /// <summary>What came later beside the rest. An older Akira that opens the file does not miss it.</summary>
    private const string Additions = """
        create table if not exists seen_service(
            service text not null, address text not null, primary key(service, address)) strict;
        create index if not exists entry_action on entry(incident) where kind = 'action-added';
        """;

    /// <summary>
    /// Bytes that must be free for a write. SQLite would go on for a while in the room that its write-ahead log has left, so
    /// that a small entry passes and a large one does not; a disk is full, or it is not.
    /// </summary>
    private const long Reserve = 512 * 1024;

    /// <summary>What came later and changes nothing that was there: an older version passes it over.</summary>
    private const string Added = """
        create table if not exists cover(
            name text not null, starts_at integer not null, ends_at integer not null, by_name text not null) strict;
        """;

    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly DriveInfo _disk;
    private readonly Lock _writing = new();

    private Store(string connectionString, SqliteConnection writer) =>
        (_connectionString, _writer, _disk) = (connectionString, writer, new DriveInfo(writer.DataSource));

    /// <summary>False after a write failed, until one succeeds.</summary>
    public bool CanWrite { get; private set; } = true;

    /// <exception cref="CannotStart">The file is damaged, of a newer version, or cannot be written.</exception>
    public static Store Open(string file)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 5 }.ToString();
        var writer = new SqliteConnection(connectionString);
        try
        {
            writer.Open();
            Execute(writer, "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;");
            // 64 MiB; before that, Checkpoint does it without holding up an append.
            Execute(writer, "pragma wal_autocheckpoint = 16384");
            MakeSchema(writer, file);
            Execute(writer, Added);
            if (!HasColumn(writer, "cover", "event"))
                Execute(writer, "alter table cover add column event text");
            if (!HasColumn(writer, "cover", "role"))
                Execute(writer, "alter table cover add column role text not null default 'primary'");
            Execute(writer, Silences.SilenceRows.Table);
            return new Store(connectionString, writer);
        }
        catch (SqliteException e) when (StoreFailure.IsUnreadable(e))
        {
            writer.Dispose();
            throw new CannotStart(
                $"{file} is damaged ({e.Message}). Restore it from a backup, or move it away to begin anew.",
                inner: e
            );
        }
        catch (SqliteException e) when (StoreFailure.IsUnwritable(e))
        {
            writer.Dispose();
            throw new CannotStart(
                $"{file} cannot be written ({e.Message}). Make its folder writable and free some space, or choose another: --data DIR",
                inner: e
            );
        }
    }

    /// <summary>One transaction: all of it is on the disk when this returns, or nothing of it is.</summary>
    /// <exception cref="StoreFailure">Nothing was written.</exception>
    public void Write(Action<SqliteConnection, SqliteTransaction> change)
    {
        lock (_writing)
        {
            if (_disk.AvailableFreeSpace < Reserve)
            {
                CanWrite = false;
                throw StoreFailure.OfFullDisk();
            }
            try
            {
                using var transaction = _writer.BeginTransaction();
                change(_writer, transaction);
                transaction.Commit();
                CanWrite = true;
            }
            catch (SqliteException e) when (!IsConflict(e))
            {
                CanWrite = false;
                throw StoreFailure.Of(e);
            }
        }
    }

    /// <summary>Whether a write works now; tried when the last one failed.</summary>
    public bool ProveWritable(DateTimeOffset now)
    {
        if (CanWrite)
            return true;
        try
        {
            Write(
                (connection, transaction) =>
                {
                    using var beat = connection.CreateCommand();
                    beat.Transaction = transaction;
                    beat.CommandText =
                        "insert into heartbeat(id, at) values (1, $at) on conflict(id) do update set at = $at";
                    beat.Parameters.AddWithValue("$at", Micros.Of(now));
                    beat.ExecuteNonQuery();
                }
            );
        }
        catch (StoreFailure)
        {
            return false;
        }
        return true;
    }

    /// <summary>A connection to read with; dispose it.</summary>
    public SqliteConnection Read()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return connection;
    }

    public void Dispose()
    {
        _writer.Dispose();
        SqliteConnection.ClearPool(new SqliteConnection(_connectionString));
    }

    internal static bool IsConflict(SqliteException e) => e.SqliteErrorCode == 19;

    private static void MakeSchema(SqliteConnection writer, string file)
    {
        using var ask = writer.CreateCommand();
        ask.CommandText = "pragma user_version";
        var version = Convert.ToInt32(ask.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        if (version > SchemaVersion)
            throw new CannotStart(
                $"{file} was written by a newer Akira (format {version}, this one knows {SchemaVersion}). Start that version."
            );
        if (version == 0)
            Execute(writer, $"begin immediate; {Schema} pragma user_version = {SchemaVersion}; commit;");
        Execute(writer, Additions);
    }

    private static bool HasColumn(SqliteConnection connection, string table, string column)
    {
        using var ask = connection.CreateCommand();
        ask.CommandText = "select count(*) from pragma_table_info($table) where name = $column";
        ask.Parameters.AddWithValue("$table", table);
        ask.Parameters.AddWithValue("$column", column);
        return ask.ExecuteScalar() is 1L;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only the constants above come here
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
