using System.Globalization;
using System.Text;
using System.Text.Json;
using Akira.Core.Voice;

namespace Akira.Voice.CdrRelay;

/// <summary>An event as it goes to the stream. What cannot be read goes as it came: the worker says why it is none.</summary>
/// <param name="Id">
/// For the stream to know it again. Setup and end of a call share their <c>call_uid</c>, so the type belongs to it. Null: unknown.
/// </param>
internal readonly record struct Outgoing(string Subject, string? Id, ReadOnlyMemory<byte> Payload)
{
    private const string Unknown = "unknown";
    private const int LongestId = 256;

    /// <param name="line">One JSON object; one without a <c>call_uid</c> gets it here.</param>
    public static Outgoing From(ReadOnlyMemory<byte> line)
    {
        line = WithoutQuoteEscapes(line);
        var head = new Head();
        try
        {
            if (!head.Read(line.Span))
                return new($"akira.cdr.{Unknown}", null, line);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // no JSON, or no text in it
        {
            return new($"akira.cdr.{Unknown}", null, line);
        }
        var subject = $"akira.cdr.{Token(head.Node)}";
        if (head.Type == "heartbeat")
            return new(subject, Header(Invariant($"{head.Node}/{head.Epoch}/{head.Emitted}/heartbeat")), line);
        if (head.Uid is not null)
            return new(subject, Header($"{head.Uid}/{head.Type}"), line);
        if (head is not { CallId: { } callId, FromTag: { } fromTag, Invited: > 0 and var invited })
            return new(subject, null, line);
        var uid = CallUid.Of(invited, callId, fromTag, (int)head.Leg, (int)head.Attempt);
        return new(subject, Header($"{uid}/{head.Type}"), WithUid(line.Span, uid));
    }

    private static byte[] WithUid(ReadOnlySpan<byte> line, string uid)
    {
        var brace = line.IndexOf((byte)'{') + 1;
        var insert = Encoding.ASCII.GetBytes($"\"call_uid\":\"{uid}\",");
        var payload = new byte[line.Length + insert.Length];
        line[..brace].CopyTo(payload);
        insert.CopyTo(payload, brace);
        line[brace..].CopyTo(payload.AsSpan(brace + insert.Length));
        return payload;
    }

    /// <summary>
    /// Kamailio's <c>s.escape.common</c> puts a backslash before an apostrophe, which JSON does not know, and Call-IDs may hold one.
    /// </summary>
    private static ReadOnlyMemory<byte> WithoutQuoteEscapes(ReadOnlyMemory<byte> line)
    {
        if (line.Span.IndexOf("\\'"u8) < 0)
            return line;
        var (text, kept) = (line.ToArray(), 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                if (text[i + 1] != '\'')
                    text[kept++] = text[i];
                i++;
            }
            text[kept++] = text[i];
        }
        return text.AsMemory(0, kept);
    }

    /// <summary>Null for what no header may hold: the event goes without an id rather than never.</summary>
    private static string? Header(string id) =>
        id.Length <= LongestId && id.All(c => c is > ' ' and < '\x7F') ? id : null;

    private static string Token(string? node) =>
        node is { Length: > 0 and <= 64 } && node.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? node
            : Unknown;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The few fields that matter here; all others pass unread.</summary>
    private struct Head()
    {
        public string? Type;
        public string? Uid;
        public string? CallId;
        public string? FromTag;
        public string? Node;
        public long Leg;
        public long Attempt = 1;
        public long Invited;
        public long Epoch;
        public long Emitted;

        public bool Read(ReadOnlySpan<byte> json)
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("type"u8))
                    Text(ref reader, ref Type);
                else if (reader.ValueTextEquals("call_uid"u8))
                    Text(ref reader, ref Uid);
                else if (reader.ValueTextEquals("call_id"u8))
                    Text(ref reader, ref CallId);
                else if (reader.ValueTextEquals("from_tag"u8))
                    Text(ref reader, ref FromTag);
                else if (reader.ValueTextEquals("node"u8))
                    Text(ref reader, ref Node);
                else if (reader.ValueTextEquals("leg"u8))
                    Number(ref reader, ref Leg);
                else if (reader.ValueTextEquals("attempt"u8))
                    Number(ref reader, ref Attempt);
                else if (reader.ValueTextEquals("t_invite"u8))
                    Number(ref reader, ref Invited);
                else if (reader.ValueTextEquals("node_epoch"u8))
                    Number(ref reader, ref Epoch);
                else if (reader.ValueTextEquals("t_emit"u8))
                    Number(ref reader, ref Emitted);
                else
                    reader.Skip();
            }
            return reader.TokenType == JsonTokenType.EndObject && Type is not null;
        }

        private static void Text(ref Utf8JsonReader reader, ref string? into)
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
                into = reader.GetString();
            else
                reader.Skip();
        }

        private static void Number(ref Utf8JsonReader reader, ref long into)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number)
                reader.Skip();
            else if (reader.TryGetInt64(out var number))
                into = number;
        }
    }
}
