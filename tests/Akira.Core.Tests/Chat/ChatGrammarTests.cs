using Akira.Core.Chat;
using Akira.Core.Incidents;
using Akira.Core.Tests.Incidents;
using CsCheck;

namespace Akira.Core.Tests.Chat;

public class ChatGrammarTests
{
    [Theory]
    [InlineData("ACK anna")]
    [InlineData("ack anna")]
    [InlineData("/ack anna")]
    [InlineData("/ACK@AkiraOpsBot anna")]
    [InlineData("  ACK   anna ")]
    [InlineData("ACK @anna")]
    [InlineData("ACK anna!")]
    [InlineData("ACK anna, on my way")]
    public void An_ack_may_be_typed_in_any_of_these_ways(string line) =>
        Assert.Equal(new Command.Acknowledge("anna"), OrderOf(line));

    [Theory]
    [InlineData("Maria de la Cruz")]
    [InlineData("D'Amico, Anna")]
    [InlineData("Anna (NOC)")]
    public void An_ack_takes_any_name_that_the_table_has(string name)
    {
        var policy = Policies.Small with
        {
            Platform = Policies.Small.Platform with
            {
                OnCall = [new("anna", "", "", "primary"), new(name, "", "", "lead")],
            },
        };

        var order = Assert.IsType<Utterance.Order>(ChatGrammar.Read($"ACK {name}", policy));

        Assert.Equal(new Command.Acknowledge(name), order.Command);
    }

    [Fact]
    public void An_ack_without_a_name_says_how()
    {
        Assert.Equal("usage", RefusalOf("ACK").Code);
        Assert.Contains("ACK <name>", RefusalOf("/ack").Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Talk_that_begins_with_ack_is_talk() =>
        Assert.IsType<Command.Note>(OrderOf("ack, I see the same on trunk 3 as well"));

    [Theory]
    [InlineData("/ticket \"SEV1 - no calls\" severity:critical")]
    [InlineData("/ticket “SEV1 - no calls” severity:critical")]
    [InlineData("/ticket SEV1 - no calls")]
    [InlineData("/ticket \"no calls\" severity:critical")]
    [InlineData("/ticket severity:SEV1 \"no calls\"")]
    public void A_ticket_has_a_severity_and_a_title(string line)
    {
        var ticket = Assert.IsType<Utterance.Ticket>(Read(line));
        Assert.Equal((Policies.Sev1, "no calls"), (ticket.Severity, ticket.Title));
    }

    [Fact]
    public void Where_title_and_word_disagree_the_worse_severity_is_assumed()
    {
        var ticket = Assert.IsType<Utterance.Ticket>(Read("/ticket \"SEV3 - no calls\" severity:critical"));
        Assert.Equal(Policies.Sev1, ticket.Severity);
        Assert.Contains("the worse is assumed", ticket.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/ticket \"no calls\"", "severity-missing")]
    [InlineData("/ticket \"no calls\" severity:huge", "unknown-severity")]
    [InlineData("/ticket \"SEV9 - no calls\"", "unknown-severity")]
    [InlineData("/ticket", "usage")]
    [InlineData("/sev", "usage")]
    [InlineData("/sev SEV2", "usage")]
    [InlineData("/tick smoke", "usage")]
    [InlineData("/resolve because", "usage")]
    [InlineData("/resolve override:", "usage")]
    [InlineData("/handover bruno for 40d", "bad-time")]
    [InlineData("/handover bruno for 0h", "bad-time")]
    [InlineData("/handover bruno for ever", "bad-time")]
    [InlineData("/policy delete", "usage")]
    [InlineData("/restart", "unknown-command")]
    [InlineData("", "empty")]
    [InlineData(" \u001b ", "empty")]
    public void What_cannot_be_read_is_refused_with_the_way_out(string line, string code) =>
        Assert.Equal(code, RefusalOf(line).Code);

    [Fact]
    public void A_near_miss_is_answered_with_the_verb_that_was_meant() =>
        Assert.Contains("/mitigated <text>", RefusalOf("/mitigate done").Sentence, StringComparison.Ordinal);

    [Fact]
    public void The_other_verbs_read_as_their_help_says()
    {
        Assert.Equal(new Command.Note("gateway rebooted"), OrderOf("/log gateway rebooted"));
        Assert.Equal(new Command.Update("still looking"), OrderOf("/update still looking"));
        Assert.Equal(new Command.Classify("CDR pipeline"), OrderOf("/classify cdr pipeline"));
        Assert.Equal(
            new Command.ChangeSeverity(new Severity(2), "calls pass again"),
            OrderOf("/sev SEV2 calls pass again")
        );
        Assert.Equal(new Command.Run("dr.md#failover"), OrderOf("/run dr.md#failover"));
        Assert.Equal(new Command.Confirm("424242"), OrderOf("/confirm 424242"));
        Assert.Equal(new Command.Mitigate("restarted"), OrderOf("/mitigated restarted"));
        Assert.Equal(new Command.Tick("smoke", "called myself"), OrderOf("/tick smoke called myself"));
        Assert.Equal(new Command.Resolve(null), OrderOf("/resolve"));
        Assert.Equal(new Command.Resolve("false alarm"), OrderOf("/resolve override: false alarm"));
        Assert.Equal(new Command.Reopen("again"), OrderOf("/reopen again"));
        Assert.Equal(new Command.HandOver("bruno"), OrderOf("/handover bruno"));
        Assert.Equal(new Command.MovePolicy(), OrderOf("/policy reload"));
        Assert.Equal(new Utterance.Question(Topic.OnCall), Read("/oncall"));
    }

    [Fact]
    public void A_plain_line_is_a_note_without_its_escape_sequences() =>
        Assert.Equal(new Command.Note("[31mred[0m <b>&\nsecond"), OrderOf("\u001b[31mred\u001b[0m <b>&\nsecond\u0007"));

    [Fact]
    public void A_line_that_no_channel_could_carry_is_refused() =>
        Assert.Equal("too-long", RefusalOf(new string('x', 5000)).Code);

    [Fact]
    public void Each_verb_of_the_help_is_understood() =>
        Assert.All(
            ChatVerb.All,
            v =>
                Assert.False(Read("/" + v.Verb + " x") is Utterance.Misread { Refusal.Code: "unknown-command" }, v.Verb)
        );

    [Fact]
    public void Whatever_is_typed_is_answered() =>
        Gen.OneOf(
                Gen.String,
                Gen.Int[0, ChatVerb.All.Length - 1]
                    .Select(i => ChatVerb.All[i])
                    .Select(Gen.String, (v, s) => $"/{v.Verb} {s}")
            )
            .Sample(line => Assert.NotNull(Read(line)));

    private static Utterance Read(string line) => ChatGrammar.Read(line, Policies.Small);

    private static Command OrderOf(string line) => Assert.IsType<Utterance.Order>(Read(line)).Command;

    private static Refusal RefusalOf(string line) => Assert.IsType<Utterance.Misread>(Read(line)).Refusal;
}
