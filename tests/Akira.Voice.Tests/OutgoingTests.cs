using System.Text;
using System.Text.Json;
using Akira.Core.Voice;
using Akira.Voice.CdrRelay;

namespace Akira.Voice.Tests;

public class OutgoingTests
{
    [Fact]
    public void A_setup_and_an_end_share_their_call_uid_and_not_their_message_id()
    {
        var (setup, end) = (Outgoing.From(Events.Utf8(Events.Setup(1))), Outgoing.From(Events.Utf8(Events.End(1))));
        Assert.Equal(Read(setup).CallUid, Read(end).CallUid);
        Assert.Equal($"{Read(setup).CallUid}/setup", setup.Id);
        Assert.Equal($"{Read(end).CallUid}/end", end.Id);
    }

    [Fact]
    public void Another_leg_or_attempt_of_the_same_call_is_another()
    {
        var uids = new[]
        {
            CallUid.Of(1000, "a", "b", 0, 1),
            CallUid.Of(1000, "a", "b", 1, 1),
            CallUid.Of(1000, "a", "b", 0, 2),
        };
        Assert.Equal(3, uids.Distinct().Count());
        Assert.Equal("000000000001", uids[0][..12]); // one millisecond since 1970
    }

    [Theory]
    [InlineData("mi\\r\\nne")]
    [InlineData("mi ne")]
    [InlineData("m\u00efne")]
    public void One_that_no_header_may_hold_goes_without_an_id_rather_than_never(string uid)
    {
        var line = Events.Setup(1).Replace("{", $"{{\"call_uid\":\"{uid}\",", StringComparison.Ordinal);

        var outgoing = Outgoing.From(Events.Utf8(line));

        Assert.Null(outgoing.Id);
        Assert.Equal(line, Encoding.UTF8.GetString(outgoing.Payload.Span));
    }

    [Fact]
    public void A_call_uid_that_the_sender_gave_is_kept()
    {
        var line = Events.Setup(1).Replace("{", "{\"call_uid\":\"mine\",", StringComparison.Ordinal);
        var outgoing = Outgoing.From(Events.Utf8(line));
        Assert.Equal(("mine/setup", line), (outgoing.Id, Encoding.UTF8.GetString(outgoing.Payload.Span)));
    }

    [Theory]
    [InlineData("""o\'brien\\\'@\"test""", """o'brien\'@"test""")]
    [InlineData("""plain\\'""", """plain\'""")]
    public void Apostrophes_that_the_sip_server_escaped_are_read(string sent, string meant)
    {
        var line = Events.Setup(1).Replace("call-1@test", sent, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(Outgoing.From(Events.Utf8(line)).Payload);
        Assert.Equal(meant, json.RootElement.GetProperty("call_id").GetString());
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("")]
    [InlineData("""{"type":"\ud800"}""")]
    [InlineData("""{"type":"setup"} and more""")]
    [InlineData("""{"v":1}""")]
    public void What_is_no_event_goes_on_as_it_came(string line)
    {
        var outgoing = Outgoing.From(Events.Utf8(line));
        Assert.Null(outgoing.Id);
        Assert.Equal(line, Encoding.UTF8.GetString(outgoing.Payload.Span));
    }

    [Theory]
    [InlineData("sip-01", "akira.cdr.sip-01")]
    [InlineData("a.>", "akira.cdr.unknown")]
    public void The_node_is_a_word_of_the_subject_if_it_can_be_one(string node, string subject) =>
        Assert.Equal(
            subject,
            Outgoing.From(Events.Utf8(Events.Setup(1).Replace("sip-01", node, StringComparison.Ordinal))).Subject
        );

    private static CallRecord Read(Outgoing outgoing)
    {
        Assert.True(CallRecords.TryRead(outgoing.Payload.Span, 1, out var record, out var fault), fault?.ToString());
        return record;
    }
}
