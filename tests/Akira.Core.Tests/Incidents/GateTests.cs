using Akira.Core.Incidents;
using static Akira.Core.Tests.Incidents.Policies;

namespace Akira.Core.Tests.Incidents;

public class GateTests
{
    [Fact]
    public void Resolving_too_early_is_refused_with_every_unmet_gate()
    {
        var refusal = Story.OfAlert().Says("/resolve").Refusal;
        Assert.Equal("gates-unmet", refusal.Code);
        Assert.Equal(
            ["symptom", "smoke", "cdr", "stable", "timestamps", "customers-told"],
            refusal.Details.Select(d => d.Split(':')[0])
        );
    }

    [Fact]
    public void An_incident_resolves_when_each_gate_holds_on_evidence()
    {
        var story = Story.OfAlert().Says("ACK anna").At(4).Ends("A1").Says("/mitigated restarted");
        story.Runs("smoke").Does(new Command.ObserveGate("cdr", true, "no gap"), Actor.Akira);
        story.Says("/tick customers-told mail sent").At(34).Says("/resolve");
        Assert.Equal(IncidentState.Resolved, story.Incident.State);
        Assert.Null(story.Incident.Resolution!.Override);
        Assert.Empty(story.Incident.Resolution.UnmetGates);
    }

    [Fact]
    public void An_override_is_recorded_with_the_gates_it_passed_over()
    {
        var resolution = Story.OfAlert().Says("/resolve override: false alarm").Incident.Resolution!;
        Assert.Equal("false alarm", resolution.Override);
        Assert.Contains("smoke", resolution.UnmetGates);
    }

    [Fact]
    public void The_symptom_is_gone_when_no_alert_fires()
    {
        var story = Story.OfAlert().Fires("A2").Ends("A1");
        Assert.Equal((false, "1 alert still fires"), Gate(story, "symptom"));
        Assert.True(Gate(story.Ends("A2"), "symptom").Met);
    }

    [Fact]
    public void An_alert_that_nobody_sends_any_more_needs_a_persons_word_for_the_symptom()
    {
        var story = Story.OfAlert().FallsSilent("A1");
        Assert.Equal(
            (false, "A1: no longer sent, but nobody said that it ended: /tick symptom <reason>"),
            Gate(story, "symptom")
        );
        Assert.True(Gate(story.Says("/tick symptom I called through"), "symptom").Met);
        Assert.True(Gate(story.Fires("A1").Ends("A1"), "symptom").Met);
    }

    [Fact]
    public void An_incident_without_alerts_needs_a_persons_word_for_the_symptom()
    {
        var story = Story.OfTicket(Sev1);
        Assert.False(Gate(story, "symptom").Met);
        Assert.True(Gate(story.Says("/tick symptom I called through"), "symptom").Met);
    }

    [Fact]
    public void A_gate_that_is_measured_cannot_be_ticked() =>
        Assert.Equal("gate-is-measured", Story.OfAlert().Says("/tick smoke looks fine").RefusalCode);

    [Fact]
    public void A_smoke_test_from_before_the_mitigation_proves_nothing()
    {
        var story = Story.OfAlert().At(2).Runs("smoke").At(4).Says("/mitigated restarted");
        Assert.False(Gate(story, "smoke").Met);
        Assert.True(Gate(story.At(5).Runs("smoke"), "smoke").Met);
    }

    [Theory]
    [InlineData(Verdict.Fail)]
    [InlineData(Verdict.Unknown)]
    [InlineData(Verdict.Timeout)]
    [InlineData(Verdict.Lost)]
    public void Only_a_pass_passes(Verdict verdict) =>
        Assert.False(Gate(Story.OfAlert().At(2).Runs("smoke", verdict), "smoke").Met);

    [Fact]
    public void CDR_ingestion_counts_only_when_the_call_path_was_affected()
    {
        Assert.False(Gate(Story.OfAlert(), "cdr").Met);
        Assert.True(Gate(Story.OfAlert(service: "backend"), "cdr").Met);
    }

    [Fact]
    public void Stability_starts_anew_with_each_alert()
    {
        var story = Story.OfAlert().At(5).Ends("A1").At(30).Fires("A2").At(31).Ends("A2").At(40);
        Assert.Equal((false, "stable for 9 min of 30 min"), Gate(story, "stable"));
    }

    [Fact]
    public void An_incident_without_alerts_is_stable_from_its_mitigation_on()
    {
        var story = Story.OfTicket(Sev1).At(10);
        Assert.False(Gate(story, "stable").Met);
        Assert.True(Gate(story.Says("/mitigated done").At(40), "stable").Met);
    }

    [Fact]
    public void The_log_must_have_the_timestamps_that_the_runbook_lists() =>
        Assert.Equal((false, "the log has no ack and mitigation"), Gate(Story.OfAlert(), "timestamps"));

    [Fact]
    public void A_tick_takes_the_gates_name_or_its_number()
    {
        Assert.True(Gate(Story.OfAlert().Says("/tick 6 mail sent"), "customers-told").Met);
        Assert.Equal("unknown-gate", Story.OfAlert().Says("/tick 9 mail sent").RefusalCode);
    }

    private static (bool Met, string Evidence) Gate(Story story, string name)
    {
        var gate = Gates.Of(story.Incident, story.Policy, story.Now).Single(g => g.Gate.Name == name);
        return (gate.Met, gate.Evidence);
    }
}
