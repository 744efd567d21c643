using System.Text.Json;
using System.Text.Json.Serialization;

namespace Akira.Core.Voice;

/// <summary>
/// One event of the call detail stream. A <c>setup</c> is written at the final response to the INVITE and feeds the
/// KPIs; an <c>end</c> at hang-up and carries what is billed; a <c>heartbeat</c> each second tells that the node lives
/// and which number it gave last. In JSON all names are snake_case, all times whole microseconds since 1970 (UTC), and
/// what is absent may be left out or null.
/// </summary>
public sealed record CallRecord
{
    /// <summary>The version of this shape: 1.</summary>
    [JsonPropertyName("v")]
    public int? Version { get; init; }

    [JsonPropertyName("type")]
    public CallRecordType? Type { get; init; }

    /// <summary>Identity of the attempt, the same in its setup and its end. Sorts by time where the platform makes it so.</summary>
    [JsonPropertyName("call_uid")]
    public string? CallUid { get; init; }

    /// <summary>Which egress leg of a forked call, from 0.</summary>
    [JsonPropertyName("leg")]
    public int? Leg { get; init; }

    /// <summary>Which route was tried for this leg, from 1.</summary>
    [JsonPropertyName("attempt")]
    public int? Attempt { get; init; }

    /// <summary>Whether the call ended with this attempt. Absent means that it did.</summary>
    [JsonPropertyName("is_last")]
    public bool? IsLast { get; init; }

    [JsonPropertyName("call_id")]
    public string? CallId { get; init; }

    [JsonPropertyName("from_tag")]
    public string? FromTag { get; init; }

    [JsonPropertyName("to_tag")]
    public string? ToTag { get; init; }

    [JsonPropertyName("node")]
    public string? Node { get; init; }

    /// <summary>Changes when the node restarts and numbers from 1 again.</summary>
    [JsonPropertyName("node_epoch")]
    public long? NodeEpoch { get; init; }

    /// <summary>Rises by one a record; a hole is a lost record.</summary>
    [JsonPropertyName("node_seq")]
    public long? NodeSeq { get; init; }

    [JsonPropertyName("t_invite")]
    public DateTimeOffset? InvitedAt { get; init; }

    /// <summary>The first 180.</summary>
    [JsonPropertyName("t_ring")]
    public DateTimeOffset? RangAt { get; init; }

    /// <summary>The first 183 that carried a session description.</summary>
    [JsonPropertyName("t_early")]
    public DateTimeOffset? EarlyMediaAt { get; init; }

    [JsonPropertyName("t_answer")]
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>The final response to the INVITE.</summary>
    [JsonPropertyName("t_final")]
    public DateTimeOffset? FinalAt { get; init; }

    [JsonPropertyName("t_end")]
    public DateTimeOffset? EndedAt { get; init; }

    [JsonPropertyName("t_emit")]
    public DateTimeOffset? EmittedAt { get; init; }

    /// <summary>The final response's code, 200 to 699, as it came.</summary>
    [JsonPropertyName("sip_code")]
    public int? SipCode { get; init; }

    /// <summary>ISDN cause, 1 to 127, as the Reason header gave it.</summary>
    [JsonPropertyName("q850")]
    public int? Q850 { get; init; }

    /// <summary>Who made the final response: <c>local</c> or <c>remote</c>.</summary>
    [JsonPropertyName("code_origin")]
    public string? CodeOrigin { get; init; }

    /// <summary><c>caller</c>, <c>callee</c>, <c>platform</c> or <c>timeout</c>.</summary>
    [JsonPropertyName("disconnect_by")]
    public string? DisconnectBy { get; init; }

    [JsonPropertyName("customer")]
    public string? Customer { get; init; }

    [JsonPropertyName("trunk_in")]
    public string? TrunkIn { get; init; }

    /// <summary>The trunk of the egress leg. Absent: the platform refused the call before it chose one.</summary>
    [JsonPropertyName("trunk_out")]
    public string? TrunkOut { get; init; }

    [JsonPropertyName("src")]
    public string? Source { get; init; }

    [JsonPropertyName("dst")]
    public string? Destination { get; init; }

    [JsonPropertyName("config_version")]
    public string? ConfigVersion { get; init; }

    /// <summary>What the customer pays a minute, in <see cref="Currency"/>.</summary>
    [JsonPropertyName("rate")]
    public decimal? Rate { get; init; }

    /// <summary>ISO 4217.</summary>
    [JsonPropertyName("currency")]
    public string? Currency { get; init; }

    /// <summary>When the event happened: final response, hang-up, or the heartbeat itself.</summary>
    [JsonIgnore]
    public DateTimeOffset At =>
        Type switch
        {
            CallRecordType.Setup => FinalAt,
            CallRecordType.End => EndedAt,
            _ => EmittedAt,
        } ?? DateTimeOffset.MinValue;

    /// <summary>The same, as it would have been so much later: for a clock that has run ahead of the world's.</summary>
    public CallRecord Later(TimeSpan by) =>
        this with
        {
            InvitedAt = InvitedAt + by,
            RangAt = RangAt + by,
            EarlyMediaAt = EarlyMediaAt + by,
            AnsweredAt = AnsweredAt + by,
            FinalAt = FinalAt + by,
            EndedAt = EndedAt + by,
            EmittedAt = EmittedAt + by,
        };
}

[JsonConverter(typeof(JsonStringEnumConverter<CallRecordType>))]
public enum CallRecordType
{
    [JsonStringEnumMemberName("setup")]
    Setup,

    [JsonStringEnumMemberName("end")]
    End,

    [JsonStringEnumMemberName("heartbeat")]
    Heartbeat,
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(MicrosecondsJson)]
)]
[JsonSerializable(typeof(CallRecord))]
internal sealed partial class CallRecordJson : JsonSerializerContext;

internal sealed class MicrosecondsJson : JsonConverter<DateTimeOffset>
{
    private const long Year2000 = 946_684_800_000_000;
    private const long Year2100 = 4_102_444_800_000_000;

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.Number || !reader.TryGetInt64(out var microseconds))
            throw new JsonException();
        return Time(microseconds) ?? throw new JsonException();
    }

    /// <returns>Null for what is no time of a call.</returns>
    public static DateTimeOffset? Time(long microseconds) =>
        microseconds is < Year2000 or > Year2100
            ? null
            : DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteNumberValue((value - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
}
