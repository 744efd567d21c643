using System.Text.Json;
using Akira.Voice.Management;
using Npgsql;

namespace Akira.Voice.Backend.Registers;

/// <summary>What else is kept, for a check in the transaction of a change.</summary>
internal sealed class Rest(NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    /// <param name="table">One of ours.</param>
    public async Task<bool> Has(string table, string id, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT EXISTS (SELECT FROM {table} WHERE id = $1 AND NOT archived)",
            connection,
            transaction
        )
        {
            Parameters = { new() { Value = id } },
        };
        return await command.ExecuteScalarAsync(cancel) is true;
    }

    /// <summary>Those that are not archived.</summary>
    public async Task<List<Route>> Routes(CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "SELECT to_jsonb(route)::text FROM route WHERE NOT archived",
            connection,
            transaction
        );
        var routes = new List<Route>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            routes.Add(JsonSerializer.Deserialize(reader.GetString(0), RowJson.Default.Route)!);
        return routes;
    }
}
