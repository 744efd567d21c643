using System.Text;
using Akira.Core.Voice;

namespace Akira.Core.Tests.Voice;

public class CallRecordTests
{
    private const string Setup =
        """{"v":1,"type":"setup","call_uid":"u1","t_invite":1772366400000000,"t_ring":1772366401250001,"t_final":1772366402000000,"sip_code":486,"is_last":true,"q850":17,"trunk_out":"t1","rate":0.05,"currency":"EUR","to_tag":null}""";

    [Fact]
    public void A_record_is_read_with_its_times_to_the_microsecond()
    {
        var record = Assert.Single(Read(Setup).Records);

        Assert.Equal(CallRecordType.Setup, record.Type);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 1, 250, 1, TimeSpan.Zero), record.RangAt);
        Assert.Equal(486, record.SipCode);
        Assert.Equal(0.05m, record.Rate);
        Assert.Null(record.ToTag);
        Assert.Null(record.AnsweredAt);
    }

    [Fact]
    public void What_is_written_is_read_as_the_same()
    {
        var records = new[] { Calls.Ended(503), Calls.HungUp(60), Calls.Ended(487, ring: 1) };

        Assert.Equal(records, CallRecords.Read(CallRecords.Write(records)).Records);
    }

    [Fact]
    public void A_fault_names_line_and_field_and_leaves_the_other_lines()
    {
        var batch = Read($"{Setup}\n\n{Setup.Replace("486", "\"486\"", StringComparison.Ordinal)}\r\n{Setup}\n");

        Assert.Equal(2, batch.Records.Length);
        Assert.Equal("line 3: sip_code: must be a whole number, once", Assert.Single(batch.Faults).ToString());
    }

    [Theory]
    [InlineData("\"v\":1", "\"v\":2", "v: this reader knows version 1")]
    [InlineData("\"v\":1,", "", "v: missing")]
    [InlineData("\"setup\"", "\"begin\"", "type: must be setup, end or heartbeat")]
    [InlineData("\"u1\"", "\"\"", "call_uid: missing")]
    [InlineData("\"u1\"", "7", "call_uid: must be a string, once")]
    [InlineData("\"t_final\":1772366402000000,", "", "t_final: missing")]
    [InlineData("\"sip_code\":486,", "", "sip_code: missing")]
    [InlineData("486", "180", "sip_code: a final response is 200 to 699")]
    [InlineData("1772366401250001", "1772366399999999", "t_ring: before t_invite")]
    [InlineData(
        "1772366402000000",
        "1772366402",
        "t_final: must be whole microseconds since 1970-01-01 UTC, between the years 2000 and 2100, once"
    )]
    [InlineData("\"rate\":0.05", "\"rate\":-1", "rate: below zero")]
    [InlineData("\"rate\":0.05", "\"price\":1", "price: no such field in version 1")]
    [InlineData("\"q850\":17", "\"sip_code\":200", "sip_code: must be a whole number, once")]
    public void A_wrong_field_is_named(string part, string wrong, string expected)
    {
        var fault = Assert.Single(Read(Setup.Replace(part, wrong, StringComparison.Ordinal)).Faults);

        Assert.Equal("line 1: " + expected, fault.ToString());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"v":1""")]
    public void A_line_that_is_no_object_says_so(string line) =>
        Assert.Equal("line 1: not a JSON object; write one record a line", Assert.Single(Read(line).Faults).ToString());

    [Fact]
    public void A_heartbeat_needs_only_its_node_and_its_time()
    {
        Assert.Empty(
            Read("""{"v":1,"type":"heartbeat","node":"sip-01","node_seq":7,"t_emit":1772366400000000}""").Faults
        );
        Assert.Equal("node", Assert.Single(Read("""{"v":1,"type":"heartbeat"}""").Faults).Field);
    }

    private static CallRecords.Batch Read(string text) => CallRecords.Read(Encoding.UTF8.GetBytes(text));
}
