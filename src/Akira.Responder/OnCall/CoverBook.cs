using System.Collections.Immutable;
using Akira.Core.OnCall;
using Akira.Responder.Log;
using Microsoft.Data.Sqlite;

namespace Akira.Responder.OnCall;

/// <summary>Who is primary in another's place, as people said. It belongs to no incident, so it has a table of its own.</summary>
public sealed class CoverBook
{
    private readonly Store _store;
    private ImmutableArray<Cover> _all;

    public CoverBook(Store store)
    {
        _store = store;
        _all = Read(store);
    }

    /// <summary>In the order in which they were said; the last one that holds counts.</summary>
    public ImmutableArray<Cover> All => _all;

    /// <summary>Several at once, and others end with them: all of it, or nothing.</summary>
    /// <param name="ended">Those that are over now; one that had not begun never does.</param>
    /// <param name="also">Recorded with it.</param>
    /// <returns>What was added, with the ids.</returns>
    /// <exception cref="StoreFailure">Nothing was recorded.</exception>
    public ImmutableArray<Cover> Change(
        ImmutableArray<Cover> added,
        ImmutableArray<Cover> ended,
        DateTimeOffset now,
        Reached? also = null
    )
    {
        now = Micros.Round(now);
        var kept = ImmutableArray<Cover>.Empty;
        _store.Write(
            (connection, transaction) =>
            {
                kept = [.. added.Select(c => c with { Id = Insert(c, connection, transaction) })];
                foreach (var cover in ended)
                {
                    using var update = connection.CreateCommand();
                    update.Transaction = transaction;
                    update.CommandText = "update cover set ends_at = max(starts_at, $now) where rowid = $id";
                    update.Parameters.AddWithValue("$now", Micros.Of(now));
                    update.Parameters.AddWithValue("$id", cover.Id);
                    update.ExecuteNonQuery();
                }
                if (also is { } done)
                    IncidentLog.SaveCursors(
                        connection,
                        transaction,
                        new Dictionary<string, long> { [done.Follower] = done.Position }
                    );
            }
        );
        var over = ended.Select(c => c.Id).ToHashSet();
        ImmutableInterlocked.Update(
            ref _all,
            all =>
                [
                    .. all.Select(c => over.Contains(c.Id) ? c with { Until = now > c.From ? now : c.From } : c)
                        .Concat(kept)
                        .Where(c => c.Until > c.From),
                ]
        );
        return kept;
    }

    private static long Insert(Cover cover, SqliteConnection connection, SqliteTransaction transaction)
    {
        using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText =
            "insert into cover(name, starts_at, ends_at, by_name, event, role) values ($name, $from, $until, $by, $event, $role) returning rowid";
        insert.Parameters.AddWithValue("$name", cover.Name);
        insert.Parameters.AddWithValue("$from", Micros.Of(cover.From));
        insert.Parameters.AddWithValue("$until", Micros.Of(cover.Until));
        insert.Parameters.AddWithValue("$by", cover.By);
        insert.Parameters.AddWithValue("$event", (object?)cover.Event ?? DBNull.Value);
        insert.Parameters.AddWithValue("$role", cover.Role);
        return (long)insert.ExecuteScalar()!;
    }

    private static ImmutableArray<Cover> Read(Store store)
    {
        using var connection = store.Read();
        using var command = connection.CreateCommand();
        command.CommandText =
            "select name, starts_at, ends_at, by_name, rowid, event, role from cover where ends_at > starts_at order by rowid";
        using var row = command.ExecuteReader();
        var covers = ImmutableArray.CreateBuilder<Cover>();
        while (row.Read())
            covers.Add(
                new Cover(
                    row.GetString(0),
                    Micros.ToInstant(row.GetInt64(1)),
                    Micros.ToInstant(row.GetInt64(2)),
                    row.GetString(3),
                    row.GetInt64(4),
                    row.IsDBNull(5) ? null : row.GetString(5),
                    row.GetString(6)
                )
            );
        return covers.DrainToImmutable();
    }
}
