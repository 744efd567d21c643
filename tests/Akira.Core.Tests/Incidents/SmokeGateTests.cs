using System.Collections.Immutable;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Core.Tests.Runbooks;

namespace Akira.Core.Tests.Incidents;

/// <summary>The smoke test is judged by the calls it made, as the platform wrote them down.</summary>
public class SmokeGateTests
{
    private static readonly Policy Policy = Policies.Small with { SmokeBaseline = new(0.95, TimeSpan.FromSeconds(2)) };

    [Fact]
    public void The_shipped_runbook_and_the_document_that_was_handed_over_say_what_is_normal()
    {
        var expected = new SmokeBaseline(0.95, TimeSpan.FromSeconds(2));
        Assert.Equal(expected, Shipped.Policy.SmokeBaseline);
        var asHandedOver = File.ReadAllText(
            Path.Combine(Shipped.Root, "tests/Akira.Core.Tests/Runbooks/as-handed-over/incident-response.md")
        );
        var files = ImmutableDictionary<string, string>.Empty.Add("incident-response.md", asHandedOver);
        Assert.Equal(expected, PolicyReader.Read(files).Policy!.SmokeBaseline);
    }

    [Fact]
    public void Calls_that_were_answered_and_rang_soon_hold_the_gate()
    {
        var gate = After(new Command.MeasureSmoke(1, 40, 39, 1.2));
        Assert.True(gate.Met);
        Assert.EndsWith(
            "40 calls, ASR 97.5 %, PDD p95 1.2 s; normal is ASR of 95 % or more, PDD p95 below 2 s",
            gate.Evidence,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(40, 37, 1.2)]
    [InlineData(40, 40, 2.0)]
    [InlineData(1, 0, null)]
    public void Too_few_answers_or_late_ringing_do_not_though_the_program_was_content(
        int calls,
        int answered,
        double? pdd
    ) => Assert.False(After(new Command.MeasureSmoke(1, calls, answered, pdd)).Met);

    [Fact]
    public void A_smoke_test_whose_records_never_came_does_not_hold_it()
    {
        var gate = After(new Command.MeasureSmoke(1, 0, 0, null));
        Assert.False(gate.Met);
        Assert.Contains("no call record of it came", gate.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void While_its_records_are_awaited_it_does_not_hold_yet_however_long_that_takes()
    {
        var story = Story.OfAlert(policy: Policy).Ends("A1").Says("/mitigated restarted").Runs("smoke");

        Assert.False(Gate(story, "smoke").Met);
        Assert.False(
            Gates.Of(story.Incident, story.Policy, story.Now.AddHours(1)).Single(g => g.Gate.Name == "smoke").Met
        );
    }

    [Fact]
    public void Where_no_call_records_reach_the_responder_the_program_is_believed_and_the_gate_says_so()
    {
        var gate = After(new Command.MeasureSmoke(1, null, 0, null));
        Assert.True(gate.Met);
        Assert.Contains("were not measured", gate.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_no_gate_for_a_tick() => Assert.False(After(new Command.MeasureSmoke(1, 0, 0, null)).Tickable);

    [Fact]
    public void Alerts_that_ended_do_not_hold_the_symptom_gate_while_a_probe_is_bad()
    {
        var story = Story
            .OfAlert()
            .Ends("A1")
            .Does(new Command.ObserveGate("symptom", false, "no answer"), Actor.Akira);
        Assert.False(Gate(story, "symptom").Met);
        story.Does(new Command.ObserveGate("symptom", true, "the probe of kamailio is good"), Actor.Akira);
        Assert.Equal("its alert has ended; the probe of kamailio is good", Gate(story, "symptom").Evidence);
    }

    [Fact]
    public void A_ticket_without_alerts_is_judged_by_probes_where_there_are_some()
    {
        var story = Story.OfTicket(Policies.Sev1).Does(new Command.ObserveGate("symptom", true, "good"), Actor.Akira);
        Assert.True(Gate(story, "symptom").Met);
        Assert.Equal("gate-is-measured", story.Says("/tick symptom I called").RefusalCode);
    }

    private static GateResult After(Command.MeasureSmoke? measured)
    {
        var story = Story.OfAlert(policy: Policy).Ends("A1").Says("/mitigated restarted").Runs("smoke");
        if (measured is not null)
            story.Does(measured, Actor.Akira);
        return Gate(story, "smoke");
    }

    private static GateResult Gate(Story story, string name) =>
        Gates.Of(story.Incident, story.Policy, story.Now).Single(g => g.Gate.Name == name);
}
