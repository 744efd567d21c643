using Akira.Core.Voice;
using Akira.Voice.Management;
using Npgsql;

namespace Akira.Voice.Backend.Calls;

/// <summary>Calls out of the worker's table.</summary>
internal sealed class CallSearch(NpgsqlDataSource database)
{
    /// <exception cref="NpgsqlException">The database is away, or the search takes too long.</exception>
    public async Task<Page<Call>> Page(
        CallQuery query,
        Cursor? after,
        int limit,
        CancellationToken cancel,
        bool newestFirst = true
    )
    {
        await using var command = CallSql.Page(database, query, after, limit + 1, newestFirst);
        var calls = new List<Call>(limit + 1);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            calls.Add(Read(reader));
        if (calls.Count <= limit)
            return new([.. calls], null);
        calls.RemoveAt(limit);
        return new([.. calls], new Cursor(calls[^1].At, calls[^1].Uid).ToString());
    }

    private static Call Read(NpgsqlDataReader row)
    {
        var at = row.GetFieldValue<DateTimeOffset>(1);
        var (answered, ended) = (Time(row, 10), Time(row, 11));
        return new(
            row.GetString(0),
            at,
            Text(row, 2),
            Text(row, 3),
            Text(row, 4),
            Text(row, 5),
            Text(row, 6),
            row.IsDBNull(7) ? null : row.GetInt32(7),
            Text(row, 8),
            Seconds(Time(row, 9) - at),
            answered,
            ended,
            Seconds(ended - answered),
            Text(row, 12)
        );
    }

    /// <returns>Null: there is no such call.</returns>
    public async Task<CallPage?> Find(string uid, CancellationToken cancel)
    {
        if (await CallIdOf(uid, cancel) is not { } found)
            return null;
        // Every attempt of it: by Call-ID where it has one.
        var records = await Records(uid, found.CallId, found.FromTag, found.At, cancel);
        return CallStory.Of(uid, records);
    }

    private async Task<(DateTimeOffset At, string? CallId, string? FromTag)?> CallIdOf(
        string uid,
        CancellationToken cancel
    )
    {
        await using var command = database.CreateCommand(
            "SELECT t_invite, call_id, from_tag FROM cdr WHERE call_uid = $1 ORDER BY type DESC LIMIT 1"
        );
        command.Parameters.Add(new() { Value = uid });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? (reader.GetFieldValue<DateTimeOffset>(0), Text(reader, 1), Text(reader, 2))
            : null;
    }

    private static readonly TimeSpan LongestSetup = TimeSpan.FromMinutes(10);

    private async Task<List<CallRecord>> Records(
        string uid,
        string? callId,
        string? fromTag,
        DateTimeOffset at,
        CancellationToken cancel
    )
    {
        const string columns =
            "type, call_uid, leg, attempt, is_last, call_id, from_tag, to_tag, node, t_invite, t_ring, t_early, t_answer, t_final, "
            + "t_end, sip_code, q850, code_origin, disconnect_by, customer, trunk_in, trunk_out, src, dst, config_version, rate, currency";
        await using var command = database.CreateCommand(
            $"""
            SELECT {columns} FROM cdr WHERE call_uid = $1 AND t_invite = $2
            UNION SELECT {columns} FROM cdr WHERE call_uid IN (
                SELECT call_uid FROM cdr WHERE type = 'setup' AND call_id = $3 AND from_tag = $4 AND t_invite BETWEEN $5 AND $6 LIMIT 100)
                AND t_invite BETWEEN $5 AND $6
            """
        );
        command.Parameters.Add(new() { Value = uid });
        command.Parameters.Add(new() { Value = at.UtcDateTime });
        command.Parameters.Add(new() { Value = callId ?? "" });
        command.Parameters.Add(new() { Value = fromTag ?? "" });
        command.Parameters.Add(new() { Value = (at - LongestSetup).UtcDateTime });
        command.Parameters.Add(new() { Value = (at + LongestSetup).UtcDateTime });
        var records = new List<CallRecord>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            records.Add(
                new()
                {
                    Version = 1,
                    Type = row.GetString(0) == "setup" ? CallRecordType.Setup : CallRecordType.End,
                    CallUid = row.GetString(1),
                    Leg = Integer(row, 2),
                    Attempt = Integer(row, 3),
                    IsLast = row.IsDBNull(4) ? null : row.GetBoolean(4),
                    CallId = Text(row, 5),
                    FromTag = Text(row, 6),
                    ToTag = Text(row, 7),
                    Node = Text(row, 8),
                    InvitedAt = Time(row, 9),
                    RangAt = Time(row, 10),
                    EarlyMediaAt = Time(row, 11),
                    AnsweredAt = Time(row, 12),
                    FinalAt = Time(row, 13),
                    EndedAt = Time(row, 14),
                    SipCode = Integer(row, 15),
                    Q850 = Integer(row, 16),
                    CodeOrigin = Text(row, 17),
                    DisconnectBy = Text(row, 18),
                    Customer = Text(row, 19),
                    TrunkIn = Text(row, 20),
                    TrunkOut = Text(row, 21),
                    Source = Text(row, 22),
                    Destination = Text(row, 23),
                    ConfigVersion = Text(row, 24),
                    Rate = row.IsDBNull(25) ? null : row.GetDecimal(25),
                    Currency = Text(row, 26),
                }
            );
        return records;
    }

    private static string? Text(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    private static int? Integer(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    internal static double? Seconds(TimeSpan? span) => span is { } some ? Math.Round(some.TotalSeconds, 6) : null;
}
