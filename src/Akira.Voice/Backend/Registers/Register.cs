using System.Globalization;
using System.Text.Json;
using Akira.Http;
using Akira.Voice.Management;
using Microsoft.AspNetCore.Http;
using Npgsql;
using NpgsqlTypes;

namespace Akira.Voice.Backend.Registers;

/// <summary>
/// The entries of one kind: listed, and changed one change after another, each with its line in the audit trail. Of two who change the
/// same version the second is told of the first.
/// </summary>
internal sealed class Register<T>(NpgsqlDataSource database, Kind<T> kind, TimeProvider time)
    where T : class, IEntry
{
    private const long Lock = 0x616B_6972_6163_6667; // "akiracfg": all registers change one after another, so that checks hold

    public Kind<T> Kind => kind;

    public async Task<List<T>> List(bool archived, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            $"SELECT to_jsonb(e)::text FROM {kind.Table} e WHERE $1 OR NOT archived ORDER BY {(kind.IdFrom is null ? "id" : "id::integer")}"
        );
        command.Parameters.Add(new() { Value = archived });
        var all = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            all.Add(Read(reader.GetString(0)));
        return all;
    }

    public async Task<T?> Find(string id, CancellationToken cancel)
    {
        await using var command = database.CreateCommand($"SELECT to_jsonb(e)::text FROM {kind.Table} e WHERE id = $1");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteScalarAsync(cancel) is string row ? Read(row) : null;
    }

    /// <returns>The entry as it is now, or why it was not made.</returns>
    public Task<(T? Entry, Problem? Problem)> Create(T entry, string by, CancellationToken cancel) =>
        Change(
            async (connection, transaction) =>
            {
                var id = kind.IdFrom is { } sequence
                    ? (string)(await Scalar(connection, transaction, $"SELECT nextval('{sequence}')::text", cancel))!
                    : entry.Id;
                var fresh = Set(entry, id, 1, archived: false, by);
                if (kind.CheckFields(fresh) is { } bad)
                    return (null, bad);
                if (kind.IdFrom is null && await Current(connection, transaction, id, cancel) is not null)
                    return (null, Taken(fresh) with { Field = "id" });
                if (await kind.CheckRest(fresh, new(connection, transaction), cancel) is { } wrong)
                    return (null, wrong);
                await Write(
                    connection,
                    transaction,
                    $"INSERT INTO {kind.Table} ({kind.Columns}) SELECT {kind.Columns} FROM jsonb_populate_record(NULL::{kind.Table}, $1)",
                    fresh,
                    cancel
                );
                await Note(connection, transaction, "create", null, fresh, cancel);
                return (fresh, null);
            },
            entry,
            cancel
        );

    /// <param name="entry">As it is to become; null: only whether it is archived changes.</param>
    /// <param name="version">The one that the sender has seen.</param>
    /// <param name="archived">Null: as it is.</param>
    public Task<(T? Entry, Problem? Problem)> Update(
        string id,
        T? entry,
        int version,
        bool? archived,
        string by,
        CancellationToken cancel
    ) =>
        Change(
            async (connection, transaction) =>
            {
                if (await Current(connection, transaction, id, cancel) is not { } before)
                    return (null, NotFound(id));
                if (before.Version != version)
                    return (null, ChangedMeanwhile(before));
                if (entry is not null && before.Archived)
                    return (null, Archived(id));
                if (archived == before.Archived)
                    return (before, null);
                var after = Set(entry ?? before, id, before.Version + 1, archived ?? before.Archived, by);
                if (kind.CheckFields(after) is { } bad)
                    return (null, bad);
                var rest = new Rest(connection, transaction);
                var check = after.Archived ? kind.CheckUse : kind.CheckRest;
                if (await check(after, rest, cancel) is { } wrong)
                    return (null, wrong);
                await Write(
                    connection,
                    transaction,
                    $"UPDATE {kind.Table} SET ({kind.Columns}) = (SELECT {kind.Columns} FROM jsonb_populate_record(NULL::{kind.Table}, $1)) WHERE id = $1 ->> 'id'",
                    after,
                    cancel
                );
                var what = archived switch
                {
                    true => "archive",
                    false => "restore",
                    null => "change",
                };
                await Note(connection, transaction, what, before, after, cancel);
                return (after, null);
            },
            entry,
            cancel
        );

    private async Task<(T?, Problem?)> Change(
        Func<NpgsqlConnection, NpgsqlTransaction, Task<(T? Entry, Problem? Problem)>> change,
        T? entry,
        CancellationToken cancel
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Scalar(connection, transaction, $"SELECT pg_advisory_xact_lock({Lock})", cancel);
        try
        {
            var done = await change(connection, transaction);
            if (done.Problem is null)
                await transaction.CommitAsync(cancel);
            return done;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation && entry is not null)
        {
            return (null, Taken(entry));
        }
    }

    private async Task<T?> Current(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        string id,
        CancellationToken cancel
    )
    {
        await using var command = new NpgsqlCommand(
            $"SELECT to_jsonb(e)::text FROM {kind.Table} e WHERE id = $1",
            connection,
            transaction
        )
        {
            Parameters = { new() { Value = id } },
        };
        return await command.ExecuteScalarAsync(cancel) is string row ? Read(row) : null;
    }

    private async Task Write(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        string sql,
        T entry,
        CancellationToken cancel
    )
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction) { Parameters = { Json(entry) } };
        await command.ExecuteNonQueryAsync(cancel);
    }

    private Task Note(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        string what,
        T? before,
        T after,
        CancellationToken cancel
    ) =>
        AuditTrail.Note(
            connection,
            transaction,
            new(0, after.ChangedAt!.Value, after.ChangedBy!, what, kind.Table, after.Id, Wire(before), Wire(after)),
            cancel
        );

    /// <summary>What the server says of an entry is laid over what was sent.</summary>
    private T Set(T entry, string id, int version, bool archived, string by)
    {
        var row = JsonSerializer.SerializeToNode(entry, kind.Row)!.AsObject();
        row["id"] = id;
        row["version"] = version;
        row["archived"] = archived;
        row["changed_at"] = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);
        row["changed_by"] = by;
        return row.Deserialize(kind.Row)!;
    }

    private T Read(string row) => JsonSerializer.Deserialize(row, kind.Row)!;

    private NpgsqlParameter Json(T entry) =>
        new() { Value = JsonSerializer.Serialize(entry, kind.Row), NpgsqlDbType = NpgsqlDbType.Jsonb };

    private JsonElement? Wire(T? entry) => entry is null ? null : JsonSerializer.SerializeToElement(entry, kind.Wire);

    private static async Task<object?> Scalar(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        string sql,
        CancellationToken cancel
    )
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        return await command.ExecuteScalarAsync(cancel);
    }

    private Problem Taken(T entry) => Problem.Of(StatusCodes.Status409Conflict, "id-taken", $"{kind.Taken(entry)}.");

    public Problem NotFound(string id) =>
        Problem.Of(StatusCodes.Status404NotFound, "not-found", $"There is no {kind.Table} {id}.");

    private Problem Archived(string id) =>
        Problem.Of(
            StatusCodes.Status409Conflict,
            "archived",
            $"{kind.Table} {id} is archived: restore it before you change it."
        );

    private static Problem ChangedMeanwhile(T now) =>
        Problem.Of(
            StatusCodes.Status412PreconditionFailed,
            "changed-meanwhile",
            $"{now.ChangedBy} changed it at {now.ChangedAt:yyyy-MM-dd HH:mm:ss} UTC, after you read it. Read it again."
        ) with
        {
            By = now.ChangedBy,
            At = now.ChangedAt,
        };
}
