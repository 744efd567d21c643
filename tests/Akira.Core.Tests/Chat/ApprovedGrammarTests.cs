using System.Text;
using Akira.Core.Chat;
using Akira.Core.Tests.Incidents;

namespace Akira.Core.Tests.Chat;

/// <summary>The grammar is a contract: with people's fingers, and with whoever sends commands over HTTP.</summary>
public class ApprovedGrammarTests
{
    private static readonly string[] Lines =
    [
        "ACK anna",
        "ack Anna Maria",
        "/handover bruno as secondary for 8h",
        "/ack anna",
        "/ack@AkiraOpsBot anna",
        "ack, I see it too",
        "ACK",
        "/ticket \"SEV1 - no calls\" severity:critical",
        "/ticket \"SEV2 - slow\"",
        "/ticket \"no calls\" severity:critical",
        "/ticket SEV3 - one customer",
        "/ticket \"SEV3 - odd\" severity:critical",
        "/ticket \"something\"",
        "/ticket",
        "/log restarting on akira-sip-01-staging",
        "/update still looking",
        "/classify database",
        "/sev SEV2 it is better",
        "/sev SEV2",
        "/sev 2 better",
        "/run kamailio-restart",
        "/run dr.md#postgresql-primary-failover",
        "/confirm 123456",
        "/mitigated restarted",
        "/gates",
        "/tick symptom customer says so",
        "/tick symptom",
        "/resolve",
        "/resolve override: the customer left",
        "/resolve because I say so",
        "/reopen it is back",
        "/handover bruno",
        "/handover bruno for 8h",
        "/handover bruno 2h",
        "/handover bruno for 0h",
        "/handover bruno for 40d",
        "/handover bruno for a while",
        "/uncover bruno",
        "/uncover",
        "/silence signaling for 2h new kernel on akira-sip-01-staging",
        "/silence SEV1 signaling for 30m the switch is replaced",
        "/silence severity=critical {alertname=~\"Disk.*\", host!=\"db-2\"} for 1 hour 30 minutes disks are moved",
        "/silence CDR pipeline for 45 min: replay",
        "/silence alertname=“slow for all” for 2h known",
        "/silence signalling for 2h typo",
        "/silence alertname=~\"(\" for 2h broken",
        "/silence severity=worst for 2h no such word",
        "/silence signaling",
        "/silence signaling for 2h",
        "/silence signaling from tonight for 2h reboot",
        "/silences",
        "/unsilence 3",
        "/unsilence",
        "/oncall",
        "/status",
        "/postmortem",
        "/policy reload",
        "/policy",
        "/help",
        "/start",
        "/frobnicate",
        "it looks like the trunk",
        "",
    ];

    [Fact]
    public void The_verbs_and_what_lines_are_read_as_stand_in_the_approved_file()
    {
        var text = new StringBuilder();
        foreach (var verb in ChatVerb.All)
            text.Append($"{verb.Usage, -44} {verb.What}\n");
        text.Append('\n');
        foreach (var line in Lines)
            text.Append($"{line}\n    {Said(ChatGrammar.Read(line, Policies.Small))}\n");
        Approval.Check("chat-grammar.txt", text.ToString());
    }

    private static string Said(Utterance utterance) =>
        utterance is Utterance.Misread { Refusal: var refusal }
            ? $"refused, {refusal.Code}: {refusal.Sentence}"
            : utterance.ToString();
}
