using Akira.Responder.Log;
using Microsoft.Data.Sqlite;

namespace Akira.Responder.Deploys;

/// <summary>Deploys that somebody told us of.</summary>
public static class DeployRows
{
    /// <summary>By when it happened, not by when we were told.</summary>
    public static Deploy? Latest(Store store)
    {
        using var connection = store.Read();
        using var command = connection.CreateCommand();
        command.CommandText = "select version, service, at from deploy order by at desc, rowid desc limit 1";
        using var row = command.ExecuteReader();
        return row.Read()
            ? new Deploy(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), Micros.ToInstant(row.GetInt64(2)))
            : null;
    }

    internal static void Insert(
        SqliteConnection connection,
        SqliteTransaction transaction,
        IReadOnlyList<Deploy> deploys
    )
    {
        foreach (var deploy in deploys)
        {
            using var insert = connection.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = "insert into deploy(version, service, at) values ($version, $service, $at)";
            insert.Parameters.AddWithValue("$version", deploy.Version);
            insert.Parameters.AddWithValue("$service", (object?)deploy.Service ?? DBNull.Value);
            insert.Parameters.AddWithValue("$at", Micros.Of(deploy.At));
            insert.ExecuteNonQuery();
        }
    }
}
