using Akira.Core.Incidents;
using Microsoft.Data.Sqlite;

namespace Akira.Responder.Log;

/// <summary>One incident of a list, without its log.</summary>
public sealed record IncidentRow(
    int Number,
    IncidentState State,
    Severity Severity,
    string Subsystem,
    string Title,
    DateTimeOffset DetectedAt,
    DateTimeOffset? AcknowledgedAt,
    string? AcknowledgedBy,
    DateTimeOffset? MitigatedAt,
    DateTimeOffset? ResolvedAt
);

/// <summary>The table that lists are read from. Derived: the entries alone are the truth.</summary>
public static class IncidentRows
{
    /// <summary>The newest first.</summary>
    /// <param name="open">True: unresolved ones; false: resolved ones; null: both.</param>
    /// <param name="before">Only numbers below this one.</param>
    public static IReadOnlyList<IncidentRow> List(Store store, bool? open, int before = int.MaxValue, int most = 100)
    {
        using var connection = store.Read();
        using var command = connection.CreateCommand();
        command.CommandText = """
            select number, state, severity, subsystem, title, detected_at, acknowledged_at, acknowledged_by,
                   mitigated_at, resolved_at
            from incident where number < $before and ($open is null or (resolved_at is null) = $open)
            order by number desc limit $most
            """;
        command.Parameters.AddWithValue("$before", before);
        command.Parameters.AddWithValue("$open", open is { } o ? (o ? 1 : 0) : DBNull.Value);
        command.Parameters.AddWithValue("$most", most);
        using var row = command.ExecuteReader();
        var rows = new List<IncidentRow>();
        while (row.Read())
            rows.Add(
                new IncidentRow(
                    row.GetInt32(0),
                    Enum.Parse<IncidentState>(row.GetString(1)),
                    new Severity(row.GetInt32(2)),
                    row.GetString(3),
                    row.GetString(4),
                    Micros.ToInstant(row.GetInt64(5)),
                    At(6),
                    row.IsDBNull(7) ? null : row.GetString(7),
                    At(8),
                    At(9)
                )
            );
        return rows;

        DateTimeOffset? At(int column) => row.IsDBNull(column) ? null : Micros.ToInstant(row.GetInt64(column));
    }

    internal static void Save(
        SqliteConnection connection,
        SqliteTransaction transaction,
        IReadOnlyCollection<Incident> incidents
    )
    {
        if (incidents.Count == 0)
            return;
        using var save = connection.CreateCommand();
        save.Transaction = transaction;
        save.CommandText = """
            insert or replace into incident(number, version, state, severity, subsystem, title, detected_at,
                acknowledged_at, acknowledged_by, mitigated_at, resolved_at)
            values ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """;
        foreach (var i in incidents)
        {
            object?[] values =
            [
                i.Number,
                i.Version,
                i.State.ToString(),
                i.Severity.Level,
                i.Subsystem,
                i.Title,
                Micros.Of(i.DetectedAt),
                Micros.Of(i.AcknowledgedAt),
                i.AcknowledgedBy,
                Micros.Of(i.MitigatedAt),
                Micros.Of(i.ResolvedAt),
            ];
            save.Parameters.Clear();
            for (var n = 0; n < values.Length; n++)
                save.Parameters.AddWithValue($"${n}", values[n] ?? DBNull.Value);
            save.ExecuteNonQuery();
        }
    }
}
