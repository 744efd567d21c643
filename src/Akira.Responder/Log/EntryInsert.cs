using Akira.Core.Incidents;
using Microsoft.Data.Sqlite;

namespace Akira.Responder.Log;

/// <summary>The statement that appends; prepared once for a batch.</summary>
internal sealed class EntryInsert : IDisposable
{
    private readonly SqliteCommand _command;

    public EntryInsert(SqliteConnection connection, SqliteTransaction transaction)
    {
        _command = connection.CreateCommand();
        _command.Transaction = transaction;
        _command.CommandText = """
            insert into entry(position, incident, seq, at, by_name, by_id, by_via, kind, json)
            values ($position, $incident, $seq, $at, $by_name, $by_id, $by_via, $kind, cast($json as text))
            """;
        foreach (var name in (ReadOnlySpan<string>)["$position", "$incident", "$seq", "$at"])
            _command.Parameters.Add(name, SqliteType.Integer);
        foreach (var name in (ReadOnlySpan<string>)["$by_name", "$by_id", "$by_via", "$kind"])
            _command.Parameters.Add(name, SqliteType.Text);
        // UTF-8 as it is: a text would be translated to UTF-16 and back, and a storm's are large.
        _command.Parameters.Add("$json", SqliteType.Blob);
    }

    public void Run(LogEntry e)
    {
        object?[] values =
        [
            e.Position,
            e.IncidentNumber,
            e.Seq,
            Micros.Of(e.At),
            e.By.Name,
            (object?)e.By.Id ?? DBNull.Value,
            e.By.Via,
            EntryJson.KindOf(e.Entry),
            EntryJson.Write(e.Entry),
        ];
        for (var i = 0; i < values.Length; i++)
            _command.Parameters[i].Value = values[i];
        _command.ExecuteNonQuery();
    }

    public void Dispose() => _command.Dispose();
}
