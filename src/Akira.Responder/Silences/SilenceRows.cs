using System.Text.Json;
using System.Text.Json.Serialization;
using Akira.Core.Incidents;
using Akira.Core.Silences;
using Akira.Responder.Log;
using Microsoft.Data.Sqlite;

namespace Akira.Responder.Silences;

/// <summary>The log of silences on disk: append-only, beside the incident log and in the same transactions.</summary>
public static class SilenceRows
{
    public const string Table = """
        create table if not exists silence_entry(
            seq integer primary key, at integer not null,
            by_name text not null, by_id text, by_via text not null, kind text not null, json text not null) strict;
        """;

    public static void Insert(
        SqliteConnection connection,
        SqliteTransaction transaction,
        IReadOnlyList<LoggedSilence> entries
    )
    {
        foreach (var e in entries)
        {
            using var insert = connection.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = """
                insert into silence_entry(seq, at, by_name, by_id, by_via, kind, json)
                values ($seq, $at, $by_name, $by_id, $by_via, $json ->> '$.kind', $json)
                """;
            insert.Parameters.AddWithValue("$seq", e.Seq);
            insert.Parameters.AddWithValue("$at", Micros.Of(e.At));
            insert.Parameters.AddWithValue("$by_name", e.By.Name);
            insert.Parameters.AddWithValue("$by_id", (object?)e.By.Id ?? DBNull.Value);
            insert.Parameters.AddWithValue("$by_via", e.By.Via);
            insert.Parameters.AddWithValue(
                "$json",
                JsonSerializer.Serialize(e.Entry, SilenceJson.Default.SilenceEntry)
            );
            insert.ExecuteNonQuery();
        }
    }

    /// <summary>What is silenced, from the whole log.</summary>
    public static Silencing Fold(Store store) =>
        Query(store, "select * from silence_entry order by seq limit $most", -1)
            .Aggregate(Silencing.None, Silencing.Evolve);

    /// <summary>The newest first.</summary>
    public static IReadOnlyList<LoggedSilence> Latest(Store store, int most) =>
        [.. Query(store, "select * from silence_entry order by seq desc limit $most", most)];

    private static IEnumerable<LoggedSilence> Query(Store store, string sql, int most)
    {
        using var connection = store.Read();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only the constants above come here
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$most", most);
        using var row = command.ExecuteReader();
        while (row.Read())
            yield return new LoggedSilence(
                row.GetInt64(0),
                Micros.ToInstant(row.GetInt64(1)),
                new Actor(row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetString(4)),
                EntryOf(row)
            );
    }

    private static SilenceEntry EntryOf(SqliteDataReader row)
    {
        try
        {
            return JsonSerializer.Deserialize(row.GetString(6), SilenceJson.Default.SilenceEntry)!;
        }
        catch (JsonException e)
        {
            throw new CannotStart(
                $"The log of silences cannot be read at {row.GetInt64(0)} ({e.Message}). It was written by another version of Akira, or is damaged.",
                inner: e
            );
        }
    }
}

/// <summary>Entries as they are on disk. Strict: a member nobody knows is an error, not something to lose quietly.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SilenceEntry))]
public sealed partial class SilenceJson : JsonSerializerContext;
