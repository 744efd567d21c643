using Akira.Core.Voice;
using Npgsql;
using NpgsqlTypes;

namespace Akira.Voice.CdrWorker;

/// <summary>A column of <c>cdr</c>: how it is copied, and how it is sent as an array.</summary>
internal abstract class Column(string name, NpgsqlDbType type)
{
    public string Name => name;

    protected NpgsqlDbType Type => type;

    public abstract void Copy(CopyBytes into, in Row row);

    public abstract NpgsqlParameter Array(IReadOnlyList<Row> rows);

    /// <summary>In the order of cdr.sql.</summary>
    public static readonly Column[] All =
    [
        Text("call_uid", r => r.CallUid),
        Text("type", r => r.Type == CallRecordType.Setup ? "setup" : "end"),
        Time("t_invite", r => r.InvitedAt),
        Integer("leg", r => r.Leg),
        Integer("attempt", r => r.Attempt),
        new Of<bool>("is_last", NpgsqlDbType.Boolean, row => row.Record.IsLast, (into, some) => into.Add(some)),
        Text("call_id", r => r.CallId),
        Text("from_tag", r => r.FromTag),
        Text("to_tag", r => r.ToTag),
        Text("node", r => r.Node),
        Bigint("node_epoch", row => row.Record.NodeEpoch),
        Bigint("node_seq", row => row.Record.NodeSeq),
        Time("t_ring", r => r.RangAt),
        Time("t_early", r => r.EarlyMediaAt),
        Time("t_answer", r => r.AnsweredAt),
        Time("t_final", r => r.FinalAt),
        Time("t_end", r => r.EndedAt),
        Time("t_emit", r => r.EmittedAt),
        Integer("sip_code", r => r.SipCode),
        Integer("q850", r => r.Q850),
        Text("code_origin", r => r.CodeOrigin),
        Text("disconnect_by", r => r.DisconnectBy),
        Text("customer", r => r.Customer),
        Text("trunk_in", r => r.TrunkIn),
        Text("trunk_out", r => r.TrunkOut),
        Text("src", r => r.Source),
        Text("dst", r => r.Destination),
        Text("config_version", r => r.ConfigVersion),
        new Of<decimal>("rate", NpgsqlDbType.Numeric, row => row.Record.Rate, (into, some) => into.Add(some)),
        Text("currency", r => r.Currency),
        Bigint("stream_seq", row => row.StreamSeq),
    ];

    public static readonly string Names = string.Join(", ", All.Select(c => c.Name));

    private static readonly OfText[] Texts = [.. All.OfType<OfText>()];

    /// <returns>The first text that is not fit, with its name; null when all are.</returns>
    public static (string Name, string Value)? Unfit(CallRecord record, Func<string, bool> isUnfit)
    {
        foreach (var column in Texts)
            if (column.Value(record) is { } text && isUnfit(text))
                return (column.Name, text);
        return null;
    }

    private static OfText Text(string name, Func<CallRecord, string?> value) => new(name, value);

    private static Of<int> Integer(string name, Func<CallRecord, int?> value) =>
        new(name, NpgsqlDbType.Integer, row => value(row.Record), (into, some) => into.Add(some));

    private static Of<long> Bigint(string name, Func<Row, long?> value) =>
        new(name, NpgsqlDbType.Bigint, value, (into, some) => into.Add(some));

    private static Of<DateTimeOffset> Time(string name, Func<CallRecord, DateTimeOffset?> value) =>
        new(name, NpgsqlDbType.TimestampTz, row => value(row.Record), (into, some) => into.Add(some));

    private sealed class Of<T>(string name, NpgsqlDbType type, Func<Row, T?> value, Action<CopyBytes, T> copy)
        : Column(name, type)
        where T : struct
    {
        public override void Copy(CopyBytes into, in Row row)
        {
            if (value(row) is { } some)
                copy(into, some);
            else
                into.Null();
        }

        public override NpgsqlParameter Array(IReadOnlyList<Row> rows) =>
            new() { NpgsqlDbType = Type | NpgsqlDbType.Array, Value = rows.Select(value).ToArray() };
    }

    private sealed class OfText(string name, Func<CallRecord, string?> value) : Column(name, NpgsqlDbType.Text)
    {
        public string? Value(CallRecord record) => value(record);

        public override void Copy(CopyBytes into, in Row row)
        {
            if (value(row.Record) is { } some)
                into.Add(some);
            else
                into.Null();
        }

        public override NpgsqlParameter Array(IReadOnlyList<Row> rows) =>
            new()
            {
                NpgsqlDbType = NpgsqlDbType.Text | NpgsqlDbType.Array,
                Value = rows.Select(r => value(r.Record)).ToArray(),
            };
    }
}
