using System.Text.Json;
using Akira.Responder.Log;

namespace Akira.Responder.Runbooks;

/// <summary>The text of every policy an incident ever ran under.</summary>
internal static class PolicyRows
{
    public static void Keep(Store store, string hash, IReadOnlyDictionary<string, string> files)
    {
        if (Find(store, hash) is not null)
            return;
        var json = JsonSerializer.Serialize(
            files.ToDictionary(StringComparer.Ordinal),
            EntryJson.Default.DictionaryStringString
        );
        store.Write(
            (connection, transaction) =>
            {
                using var insert = connection.CreateCommand();
                insert.Transaction = transaction;
                insert.CommandText = "insert into policy(hash, files) values ($hash, $files) on conflict do nothing";
                insert.Parameters.AddWithValue("$hash", hash);
                insert.Parameters.AddWithValue("$files", json);
                insert.ExecuteNonQuery();
            }
        );
    }

    public static IReadOnlyDictionary<string, string>? Find(Store store, string hash)
    {
        using var connection = store.Read();
        using var command = connection.CreateCommand();
        command.CommandText = "select files from policy where hash = $hash";
        command.Parameters.AddWithValue("$hash", hash);
        return command.ExecuteScalar() is string json
            ? JsonSerializer.Deserialize(json, EntryJson.Default.DictionaryStringString)
            : null;
    }
}
