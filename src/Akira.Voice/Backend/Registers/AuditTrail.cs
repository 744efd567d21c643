using System.Globalization;
using System.Text.Json;
using Akira.Voice.Management;
using Npgsql;
using NpgsqlTypes;

namespace Akira.Voice.Backend.Registers;

/// <summary>Who did what, written in the transaction in which it was done.</summary>
internal sealed class AuditTrail(NpgsqlDataSource database)
{
    /// <param name="audit">Without its <c>seq</c>, which the database gives.</param>
    public static async Task Note(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        Audit audit,
        CancellationToken cancel
    )
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO audit (at, by, what, kind, id, before, after) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            connection,
            transaction
        )
        {
            Parameters =
            {
                new() { Value = audit.At.UtcDateTime },
                new() { Value = audit.By },
                new() { Value = audit.What },
                new() { Value = audit.Kind },
                new() { Value = audit.Id },
                Json(audit.Before),
                Json(audit.After),
            },
        };
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task Note(Audit audit, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await Note(connection, null, audit, cancel);
    }

    /// <param name="after">The <c>next</c> of the page before.</param>
    public async Task<Page<Audit>> List(string? kind, string? id, long? after, int limit, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            SELECT seq, at, by, what, kind, id, before::text, after::text FROM audit
            WHERE ($1 IS NULL OR kind = $1) AND ($2 IS NULL OR id = $2) AND ($3 IS NULL OR seq < $3)
            ORDER BY seq DESC LIMIT $4
            """
        );
        command.Parameters.Add(new() { Value = (object?)kind ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)after ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = limit + 1 });
        var lines = new List<Audit>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            lines.Add(
                new(
                    reader.GetInt64(0),
                    reader.GetFieldValue<DateTimeOffset>(1),
                    reader.GetString(2),
                    reader.GetString(3),
                    reader.GetString(4),
                    reader.GetString(5),
                    Element(reader, 6),
                    Element(reader, 7)
                )
            );
        var isMore = lines.Count > limit;
        return new([.. lines.Take(limit)], isMore ? lines[limit - 1].Seq.ToString(CultureInfo.InvariantCulture) : null);
    }

    private static JsonElement? Element(NpgsqlDataReader reader, int column)
    {
        if (reader.IsDBNull(column))
            return null;
        using var document = JsonDocument.Parse(reader.GetString(column));
        return document.RootElement.Clone();
    }

    private static NpgsqlParameter Json(JsonElement? element) =>
        new() { Value = (object?)element?.GetRawText() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb };
}
