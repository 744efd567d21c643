using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Akira.Core.Voice;

/// <summary>Call records as JSON and as NDJSON, one record a line.</summary>
public static class CallRecords
{
    /// <param name="Line">From 1.</param>
    /// <param name="Field">As in the JSON; empty when the line as a whole is wrong.</param>
    public sealed record Fault(int Line, string Field, string Message)
    {
        public override string ToString() =>
            Field.Length == 0
                ? string.Create(CultureInfo.InvariantCulture, $"line {Line}: {Message}")
                : string.Create(CultureInfo.InvariantCulture, $"line {Line}: {Field}: {Message}");
    }

    /// <param name="Records">Of the lines that could be read, in order.</param>
    /// <param name="Faults">One for each line that could not.</param>
    public sealed record Batch(ImmutableArray<CallRecord> Records, ImmutableArray<Fault> Faults);

    /// <summary>Reads all lines; blank ones are skipped.</summary>
    /// <param name="ndjson">UTF-8.</param>
    public static Batch Read(ReadOnlySpan<byte> ndjson)
    {
        var records = ImmutableArray.CreateBuilder<CallRecord>();
        var faults = ImmutableArray.CreateBuilder<Fault>();
        var line = 0;
        foreach (var range in ndjson.Split((byte)'\n'))
        {
            line++;
            var text = ndjson[range].Trim(" \t\r"u8);
            if (text.IsEmpty)
                continue;
            if (TryRead(text, line, out var record, out var fault))
                records.Add(record);
            else
                faults.Add(fault);
        }
        return new(records.ToImmutable(), faults.ToImmutable());
    }

    public static bool TryRead(
        ReadOnlySpan<byte> json,
        int line,
        [NotNullWhen(true)] out CallRecord? record,
        [NotNullWhen(false)] out Fault? fault
    )
    {
        (record, fault) = (null, null);
        try
        {
            record = CallRecordReader.Read(json) ?? JsonSerializer.Deserialize(json, CallRecordJson.Default.CallRecord);
        }
        catch (JsonException e)
        {
            // A field with a wrong value has a path and no inner error of the JSON reader; broken JSON has both.
            var field = e.InnerException is not JsonException && e.Path is ['$', '.', .. var name] ? name : "";
            fault = new(
                line,
                field,
                field.Length == 0 ? "not a JSON object; write one record a line" : Expected(field)
            );
            return false;
        }
        fault = record is null ? new(line, "", "null is not a record") : Check(record, line);
        return fault is null;
    }

    /// <summary>Writes NDJSON, every record closed by a line feed.</summary>
    public static byte[] Write(IEnumerable<CallRecord> records)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        foreach (var record in records)
        {
            JsonSerializer.Serialize(writer, record, CallRecordJson.Default.CallRecord);
            writer.Flush();
            buffer.Write("\n"u8);
            writer.Reset();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What a record of this type must have, and what can not be true.</summary>
    private static Fault? Check(CallRecord r, int line)
    {
        if (r.Version is null)
            return Missing("v");
        if (r.Version != 1)
            return Wrong("v", "this reader knows version 1");
        if (r.Type is not { } type)
            return Missing("type");
        if (type == CallRecordType.Heartbeat)
            return r.Node is null ? Missing("node")
                : r.EmittedAt is null ? Missing("t_emit")
                : null;
        if (string.IsNullOrEmpty(r.CallUid))
            return Missing("call_uid");
        if (r.CallUid.Length > 128)
            return Wrong("call_uid", "longer than 128 characters");
        if (r.InvitedAt is not { } invited)
            return Missing("t_invite");
        if (type == CallRecordType.Setup && r.FinalAt is null)
            return Missing("t_final");
        if (type == CallRecordType.Setup && r.SipCode is null)
            return Missing("sip_code");
        if (type == CallRecordType.End && r.AnsweredAt is null)
            return Missing("t_answer");
        if (type == CallRecordType.End && r.EndedAt is null)
            return Missing("t_end");
        if (r.SipCode is < 200 or > 699)
            return Wrong("sip_code", "a final response is 200 to 699");
        if (r.Q850 is < 0 or > 127)
            return Wrong("q850", "a cause is 0 to 127");
        if (r.Rate < 0)
            return Wrong("rate", "below zero");
        if (r.RangAt < invited)
            return Wrong("t_ring", "before t_invite");
        if (r.EarlyMediaAt < invited)
            return Wrong("t_early", "before t_invite");
        if (r.AnsweredAt < invited)
            return Wrong("t_answer", "before t_invite");
        if (r.FinalAt < invited)
            return Wrong("t_final", "before t_invite");
        if (r.EndedAt < (r.AnsweredAt ?? invited))
            return Wrong("t_end", "before t_answer");
        return null;

        Fault Missing(string field) => new(line, field, "missing");
        Fault Wrong(string field, string message) => new(line, field, message);
    }

    private static string Expected(string field) =>
        field switch
        {
            "type" => "must be setup, end or heartbeat",
            "is_last" => "must be true or false, once",
            "rate" => "must be a number, once",
            "v" or "leg" or "attempt" or "node_epoch" or "node_seq" or "sip_code" or "q850" =>
                "must be a whole number, once",
            "t_invite" or "t_ring" or "t_early" or "t_answer" or "t_final" or "t_end" or "t_emit" =>
                "must be whole microseconds since 1970-01-01 UTC, between the years 2000 and 2100, once",
            "call_uid" or "call_id" or "from_tag" or "to_tag" or "node" or "code_origin" or "disconnect_by" => Text,
            "customer" or "trunk_in" or "trunk_out" or "src" or "dst" or "config_version" or "currency" => Text,
            _ => "no such field in version 1",
        };

    private const string Text = "must be a string, once";
}
