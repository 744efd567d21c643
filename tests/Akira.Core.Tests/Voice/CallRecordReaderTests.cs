using System.Text;
using System.Text.Json;
using Akira.Core.Voice;
using CsCheck;

namespace Akira.Core.Tests.Voice;

/// <summary>The quick reader against the serializer, over records and over what is made of them by accident.</summary>
public class CallRecordReaderTests
{
    private const string Whole = """
        {"v":1,"type":"setup","call_uid":"0123","leg":0,"attempt":1,"is_last":true,"call_id":"a\"b@c","from_tag":"f","to_tag":null,
        "node":"sip-01","node_epoch":7,"node_seq":12345678901,"t_invite":1772366400000000,"t_ring":1772366401000000,"t_early":null,
        "t_answer":1772366402000000,"t_final":1772366402000001,"t_end":1772366403000000,"t_emit":1772366402000002,"sip_code":200,"q850":16,
        "code_origin":"remote","disconnect_by":"caller","customer":"brescià","trunk_in":"","trunk_out":"carrier-1","src":"+39","dst":"+44",
        "config_version":"2","rate":0.012,"currency":"EUR"}
        """;

    private static readonly string[] Pieces =
    [
        "\"",
        "{",
        "}",
        ",",
        ":",
        "null",
        "true",
        "-1",
        "1e3",
        "0.5",
        "99999999999",
        "4200000000000000",
        "\\u0041",
        "\\ud800",
        "é",
        " ",
        "\0",
        "\"v\":1,",
        "\"type\":\"end\"",
        "\"leg\":\"0\"",
        "\"node\":7",
        "\"unknown\":1",
        "[",
        "]",
    ];

    [Fact]
    public void A_whole_record_is_read_without_the_serializer()
    {
        var record = CallRecordReader.Read(Encoding.UTF8.GetBytes(Whole));
        Assert.NotNull(record);
        Assert.Equal(Slow(Encoding.UTF8.GetBytes(Whole)), record);
    }

    [Fact]
    public void What_it_reads_the_serializer_reads_the_same()
    {
        var read = 0;
        (
            from at in Gen.Int[0, Whole.Length]
            from cut in Gen.Int[0, 12]
            from piece in Gen.Int[0, Pieces.Length - 1]
            select Whole[..at] + Pieces[piece] + Whole[Math.Min(Whole.Length, at + cut)..]
        ).Sample(
            text =>
            {
                var json = Encoding.UTF8.GetBytes(text);
                if (CallRecordReader.Read(json) is not { } quick)
                    return true;
                Interlocked.Increment(ref read);
                return quick == Slow(json);
            },
            iter: 20_000
        );
        Assert.True(read > 100); // not all are left to the serializer
    }

    private static CallRecord? Slow(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, CallRecordJson.Default.CallRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
