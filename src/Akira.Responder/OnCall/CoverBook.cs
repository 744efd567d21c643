using System.Collections.Immutable;
using Akira.Core.OnCall;
using Akira.Responder.Log;

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

    /// <exception cref="StoreFailure">Nothing was recorded.</exception>
    public void Add(ImmutableArray<Cover> covers)
    {
        _store.Write(
            (connection, transaction) =>
            {
                foreach (var cover in covers)
                {
                    using var insert = connection.CreateCommand();
                    insert.Transaction = transaction;
                    insert.CommandText =
                        "insert into cover(name, starts_at, ends_at, by_name) values ($name, $from, $until, $by)";
                    insert.Parameters.AddWithValue("$name", cover.Name);
                    insert.Parameters.AddWithValue("$from", Micros.Of(cover.From));
                    insert.Parameters.AddWithValue("$until", Micros.Of(cover.Until));
                    insert.Parameters.AddWithValue("$by", cover.By);
                    insert.ExecuteNonQuery();
                }
            }
        );
        ImmutableInterlocked.Update(ref _all, all => all.AddRange(covers));
    }

    private static ImmutableArray<Cover> Read(Store store)
    {
        using var connection = store.Read();
        using var command = connection.CreateCommand();
        command.CommandText = "select name, starts_at, ends_at, by_name from cover order by rowid";
        using var row = command.ExecuteReader();
        var covers = ImmutableArray.CreateBuilder<Cover>();
        while (row.Read())
            covers.Add(
                new Cover(
                    row.GetString(0),
                    Micros.ToInstant(row.GetInt64(1)),
                    Micros.ToInstant(row.GetInt64(2)),
                    row.GetString(3)
                )
            );
        return covers.DrainToImmutable();
    }
}
