using Npgsql;
using NpgsqlTypes;

namespace Akira.Voice.Backend.Calls;

/// <summary>
/// The search as SQL. It first finds the keys of one page along an index in which calls lie by time, and then only their rows.
/// </summary>
internal static class CallSql
{
    public const string Row =
        "c.call_uid, c.t_invite, c.call_id, c.src, c.dst, c.customer, c.trunk_out, c.sip_code, c.code_origin, "
        + "least(c.t_ring, c.t_early, coalesce(c.t_answer, CASE WHEN c.sip_code BETWEEN 200 AND 299 THEN c.t_final END)), "
        + "coalesce(c.t_answer, e.t_answer), e.t_end, e.disconnect_by";

    // The end of a call is found by its identity, which it shares with the setup.
    private const string Joins =
        "JOIN cdr c ON c.call_uid = hit.call_uid AND c.type = 'setup' AND c.t_invite = hit.t_invite "
        + "LEFT JOIN cdr e ON e.call_uid = hit.call_uid AND e.type = 'end' AND e.t_invite = hit.t_invite";

    /// <param name="newestFirst">As people read; an export goes with time.</param>
    public static NpgsqlCommand Page(
        NpgsqlDataSource database,
        CallQuery query,
        Cursor? after,
        int limit,
        bool newestFirst
    )
    {
        var command = database.CreateCommand();
        var where = new List<string> { "type = 'setup'" };
        if (query.CallId is { } callId)
            where.Add($"call_id = {Text(callId)}");
        if (query.Customer is { } customer)
            where.Add($"customer = {Text(customer)}");
        if (query.Trunk is { } trunk)
            where.Add($"trunk_out = {Text(trunk)}");
        if (query.Code is var (first, last))
            where.Add(
                first == last ? $"sip_code = {Number(first)}" : $"sip_code BETWEEN {Number(first)} AND {Number(last)}"
            );
        if (query.From is { } from)
            where.Add($"t_invite >= {Time(from)}");
        if (query.To is { } to)
            where.Add($"t_invite < {Time(to)}");
        if (after is { } cursor)
        {
            // Said twice: by the time alone, days are left out and an index is entered at the right place.
            var (at, uid) = (Time(cursor.At), Text(cursor.Uid));
            where.Add($"t_invite {(newestFirst ? "<=" : ">=")} {at}");
            where.Add($"(t_invite, call_uid) {(newestFirst ? "<" : ">")} ({at}, {uid})");
        }
        var order = newestFirst ? "t_invite DESC, call_uid DESC" : "t_invite, call_uid";
        var count = Number(limit);
        var keys = string.Join(" AND ", where);
        var hits = query.Number is { } number
            ? EitherSide(Text(query.IsPrefix ? number + "%" : number), query.IsPrefix ? "LIKE" : "=")
            : Keys(keys);
        command.CommandText =
            $"SELECT {Row} FROM (SELECT * FROM ({hits}) hits ORDER BY {order} LIMIT {count}) hit {Joins} ORDER BY {Prefixed("hit")}";
        return command;

        // One index each; what is in both (a call to oneself) comes once.
        string EitherSide(string value, string like) =>
            $"({Keys($"{keys} AND src {like} {value}")}) UNION ({Keys($"{keys} AND dst {like} {value}")})";

        string Keys(string condition) =>
            $"SELECT t_invite, call_uid FROM cdr WHERE {condition} ORDER BY {order} LIMIT {count}";

        string Prefixed(string table) =>
            newestFirst ? $"{table}.t_invite DESC, {table}.call_uid DESC" : $"{table}.t_invite, {table}.call_uid";

        string Text(string value) => Parameter(value, NpgsqlDbType.Text);
        string Number(int value) => Parameter(value, NpgsqlDbType.Integer);
        string Time(DateTimeOffset value) => Parameter(value.UtcDateTime, NpgsqlDbType.TimestampTz);

        string Parameter(object value, NpgsqlDbType type)
        {
            command.Parameters.Add(new() { Value = value, NpgsqlDbType = type });
            return $"${command.Parameters.Count}";
        }
    }
}
