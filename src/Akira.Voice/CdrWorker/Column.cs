using Akira.Core.Voice;
using Npgsql;
using NpgsqlTypes;

namespace Akira.Voice.CdrWorker;

/// <summary>A column of <c>cdr</c>: how it is copied, and how it is sent as an array.</summary>
internal abstract class Column(string name, NpgsqlDbType type)
{
    public string Name => name;

    protected NpgsqlDbType Type => type;

    public abstract void Copy(NpgsqlBinaryImporter into, in Row row);

    public abstract NpgsqlParameter Array(IReadOnlyList<Row> rows);

    /// <summary>In the order of cdr.sql.</summary>
    public static readonly Column[] All =
    [
        Text("call_uid", r => r.CallUid),
        Text("type", r => r.Type == CallRecordType.Setup ? "setup" : "end"),
        Time("t_invite", r => r.InvitedAt),
        Integer("leg", r => r.Leg),
        Integer("attempt", r => r.Attempt),
        new Of<bool>("is_last", NpgsqlDbType.Boolean, row => row.Record.IsLast),
        Text("call_id", r => r.CallId),
        Text("from_tag", r => r.FromTag),
        Text("to_tag", r => r.ToTag),
        Text("node", r => r.Node),
        new Of<long>("node_epoch", NpgsqlDbType.Bigint, row => row.Record.NodeEpoch),
        new Of<long>("node_seq", NpgsqlDbType.Bigint, row => row.Record.NodeSeq),
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
        new Of<decimal>("rate", NpgsqlDbType.Numeric, row => row.Record.Rate),
        Text("currency", r => r.Currency),
        new Of<long>("stream_seq", NpgsqlDbType.Bigint, row => row.StreamSeq),
    ];

    public static readonly string Names = string.Join(", ", All.Select(c => c.Name));

    /// <summary>Every text that a record has.</summary>
    public static IEnumerable<(string Name, string? Value)> Texts(Row row) =>
        All.OfType<OfText>().Select(c => (c.Name, c.Value(row.Record)));

    private static OfText Text(string name, Func<CallRecord, string?> value) => new(name, value);

    private static Of<int> Integer(string name, Func<CallRecord, int?> value) =>
        new(name, NpgsqlDbType.Integer, row => value(row.Record));

    private static Of<DateTime> Time(string name, Func<CallRecord, DateTimeOffset?> value) =>
        new(name, NpgsqlDbType.TimestampTz, row => value(row.Record)?.UtcDateTime);

    private sealed class Of<T>(string name, NpgsqlDbType type, Func<Row, T?> value) : Column(name, type)
        where T : struct
    {
        public override void Copy(NpgsqlBinaryImporter into, in Row row)
        {
            if (value(row) is { } some)
                into.Write(some, Type);
            else
                into.WriteNull();
        }

        public override NpgsqlParameter Array(IReadOnlyList<Row> rows) =>
            new() { NpgsqlDbType = Type | NpgsqlDbType.Array, Value = rows.Select(value).ToArray() };
    }

    private sealed class OfText(string name, Func<CallRecord, string?> value) : Column(name, NpgsqlDbType.Text)
    {
        public string? Value(CallRecord record) => value(record);

        public override void Copy(NpgsqlBinaryImporter into, in Row row)
        {
            if (value(row.Record) is { } some)
                into.Write(some, NpgsqlDbType.Text);
            else
                into.WriteNull();
        }

        public override NpgsqlParameter Array(IReadOnlyList<Row> rows) =>
            new()
            {
                NpgsqlDbType = NpgsqlDbType.Text | NpgsqlDbType.Array,
                Value = rows.Select(r => value(r.Record)).ToArray(),
            };
    }
}
