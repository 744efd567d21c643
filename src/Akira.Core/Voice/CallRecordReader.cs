using System.Text;
using System.Text.Json;

namespace Akira.Core.Voice;

/// <summary>
/// Reads the usual record several times quicker than the serializer does. Whatever is not usual it leaves to the serializer, which
/// knows what is wrong with it: the two never disagree about what is a record.
/// </summary>
internal static class CallRecordReader
{
    private const int Recalled = 256;

    /// <summary>Nodes, customers and trunks are few, and come again and again: one string for each is enough.</summary>
    [ThreadStatic]
    private static string?[]? recalled;

    /// <returns>Null: ask the serializer.</returns>
    public static CallRecord? Read(ReadOnlySpan<byte> json)
    {
        var fields = new Fields();
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                if (reader.ValueIsEscaped || !fields.Take(ref reader))
                    return null;
            if (reader.TokenType != JsonTokenType.EndObject || reader.Read())
                return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // no JSON, or no text in it
        {
            return null;
        }
        return fields.ToRecord();
    }

    private ref struct Fields
    {
        private ulong _seen;
        private CallRecordType? _type;
        private bool? _isLast;
        private decimal? _rate;
        private long? _version,
            _leg,
            _attempt,
            _epoch,
            _seq,
            _code,
            _q850;
        private DateTimeOffset? _invite,
            _ring,
            _early,
            _answer,
            _final,
            _end,
            _emit;
        private string? _uid,
            _callId,
            _fromTag,
            _toTag,
            _node,
            _origin,
            _by,
            _customer,
            _trunkIn,
            _trunkOut,
            _src,
            _dst,
            _config,
            _currency;

        public bool Take(ref Utf8JsonReader reader)
        {
            var name = reader.ValueSpan;
            // By length and by what tells those of one length apart; the whole name is compared after that.
            return name.Length switch
            {
                1 => Is(name, "v"u8) && Number(ref reader, 0, int.MaxValue, ref _version),
                3 when name[0] == 'l' => Is(name, "leg"u8) && Number(ref reader, 1, int.MaxValue, ref _leg),
                3 when name[0] == 's' => Is(name, "src"u8) && Text(ref reader, 2, ref _src),
                3 => Is(name, "dst"u8) && Text(ref reader, 3, ref _dst),
                4 when name[0] == 't' => Is(name, "type"u8) && Type(ref reader),
                4 when name[0] == 'n' => Is(name, "node"u8) && Recall(ref reader, 5, ref _node),
                4 when name[0] == 'q' => Is(name, "q850"u8) && Number(ref reader, 6, int.MaxValue, ref _q850),
                4 => Is(name, "rate"u8) && Rate(ref reader),
                5 => Is(name, "t_end"u8) && Time(ref reader, 8, ref _end),
                6 when name[2] == 'r' => Is(name, "t_ring"u8) && Time(ref reader, 9, ref _ring),
                6 when name[2] == 'e' => Is(name, "t_emit"u8) && Time(ref reader, 10, ref _emit),
                6 => Is(name, "to_tag"u8) && Text(ref reader, 11, ref _toTag),
                7 when name[0] == 'c' => Is(name, "call_id"u8) && Text(ref reader, 12, ref _callId),
                7 when name[0] == 'a' => Is(name, "attempt"u8) && Number(ref reader, 13, int.MaxValue, ref _attempt),
                7 when name[0] == 'i' => Is(name, "is_last"u8) && Flag(ref reader),
                7 when name[2] == 'e' => Is(name, "t_early"u8) && Time(ref reader, 15, ref _early),
                7 => Is(name, "t_final"u8) && Time(ref reader, 16, ref _final),
                8 when name[0] == 'c' && name[1] == 'a' => Is(name, "call_uid"u8) && Text(ref reader, 17, ref _uid),
                8 when name[0] == 'c' && name[2] == 's' => Is(name, "customer"u8)
                    && Recall(ref reader, 18, ref _customer),
                8 when name[0] == 'c' => Is(name, "currency"u8) && Recall(ref reader, 19, ref _currency),
                8 when name[0] == 'f' => Is(name, "from_tag"u8) && Text(ref reader, 20, ref _fromTag),
                8 when name[0] == 'n' => Is(name, "node_seq"u8) && Number(ref reader, 21, long.MaxValue, ref _seq),
                8 when name[0] == 's' => Is(name, "sip_code"u8) && Number(ref reader, 22, int.MaxValue, ref _code),
                8 when name[2] == 'i' => Is(name, "t_invite"u8) && Time(ref reader, 23, ref _invite),
                8 when name[2] == 'a' => Is(name, "t_answer"u8) && Time(ref reader, 24, ref _answer),
                8 => Is(name, "trunk_in"u8) && Recall(ref reader, 25, ref _trunkIn),
                9 => Is(name, "trunk_out"u8) && Recall(ref reader, 26, ref _trunkOut),
                10 => Is(name, "node_epoch"u8) && Number(ref reader, 27, long.MaxValue, ref _epoch),
                11 => Is(name, "code_origin"u8) && Recall(ref reader, 28, ref _origin),
                13 => Is(name, "disconnect_by"u8) && Recall(ref reader, 29, ref _by),
                14 => Is(name, "config_version"u8) && Recall(ref reader, 30, ref _config),
                _ => false,
            };
        }

        public readonly CallRecord ToRecord() =>
            new()
            {
                Version = (int?)_version,
                Type = _type,
                CallUid = _uid,
                Leg = (int?)_leg,
                Attempt = (int?)_attempt,
                IsLast = _isLast,
                CallId = _callId,
                FromTag = _fromTag,
                ToTag = _toTag,
                Node = _node,
                NodeEpoch = _epoch,
                NodeSeq = _seq,
                InvitedAt = _invite,
                RangAt = _ring,
                EarlyMediaAt = _early,
                AnsweredAt = _answer,
                FinalAt = _final,
                EndedAt = _end,
                EmittedAt = _emit,
                SipCode = (int?)_code,
                Q850 = (int?)_q850,
                CodeOrigin = _origin,
                DisconnectBy = _by,
                Customer = _customer,
                TrunkIn = _trunkIn,
                TrunkOut = _trunkOut,
                Source = _src,
                Destination = _dst,
                ConfigVersion = _config,
                Rate = _rate,
                Currency = _currency,
            };

        private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> expected) => name.SequenceEqual(expected);

        /// <summary>Goes on to the value.</summary>
        /// <returns>False for the second one of a name.</returns>
        private bool Next(ref Utf8JsonReader reader, int field)
        {
            var bit = 1UL << field;
            var isFirst = (_seen & bit) == 0;
            _seen |= bit;
            return isFirst && reader.Read();
        }

        private bool Number(ref Utf8JsonReader reader, int field, long most, ref long? into)
        {
            if (!Next(ref reader, field))
                return false;
            if (reader.TokenType == JsonTokenType.Null)
                return true;
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number))
                return false;
            into = number;
            return number >= -most && number <= most;
        }

        private bool Time(ref Utf8JsonReader reader, int field, ref DateTimeOffset? into)
        {
            if (!Next(ref reader, field))
                return false;
            if (reader.TokenType == JsonTokenType.Null)
                return true;
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var microseconds))
                return false;
            into = MicrosecondsJson.Time(microseconds);
            return into is not null;
        }

        private bool Rate(ref Utf8JsonReader reader)
        {
            if (!Next(ref reader, 7))
                return false;
            if (reader.TokenType == JsonTokenType.Null)
                return true;
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out var rate))
                return false;
            _rate = rate;
            return true;
        }

        private bool Flag(ref Utf8JsonReader reader)
        {
            if (!Next(ref reader, 14))
                return false;
            if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
                _isLast = reader.TokenType == JsonTokenType.True;
            return reader.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null;
        }

        private bool Type(ref Utf8JsonReader reader)
        {
            if (!Next(ref reader, 4) || reader.TokenType != JsonTokenType.String)
                return false;
            _type =
                reader.ValueTextEquals("setup"u8) ? CallRecordType.Setup
                : reader.ValueTextEquals("end"u8) ? CallRecordType.End
                : reader.ValueTextEquals("heartbeat"u8) ? CallRecordType.Heartbeat
                : null;
            return _type is not null;
        }

        private bool Text(ref Utf8JsonReader reader, int field, ref string? into)
        {
            if (!Next(ref reader, field))
                return false;
            if (reader.TokenType == JsonTokenType.Null)
                return true;
            if (reader.TokenType != JsonTokenType.String)
                return false;
            into = reader.GetString();
            return true;
        }

        private bool Recall(ref Utf8JsonReader reader, int field, ref string? into)
        {
            if (!Next(ref reader, field))
                return false;
            if (reader.TokenType == JsonTokenType.Null)
                return true;
            if (reader.TokenType != JsonTokenType.String)
                return false;
            var text = reader.ValueSpan;
            if (reader.ValueIsEscaped || text.IsEmpty)
            {
                into = reader.GetString();
                return true;
            }
            var known = recalled ??= new string?[Recalled];
            var at = (text.Length * 31 + text[0] * 7 + text[^1] + field * 17) % Recalled;
            if (known[at] is not { } candidate || !Ascii.Equals(text, candidate))
                known[at] = candidate = reader.GetString()!;
            into = candidate;
            return true;
        }
    }
}
