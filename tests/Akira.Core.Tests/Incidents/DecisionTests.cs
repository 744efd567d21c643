using Akira.Core.Incidents;
using static Akira.Core.Tests.Incidents.Policies;

namespace Akira.Core.Tests.Incidents;

public class DecisionTests
{
    [Fact]
    public void An_ack_in_a_name_that_nobody_has_is_of_the_one_who_wrote_it()
    {
        var story = Story.OfAlert().Says("ACK teh");

        Assert.Equal("anna", story.Incident.AcknowledgedBy);
        Assert.Equal(new Entry.Acknowledged("anna", "teh"), story.All<Entry.Acknowledged>().Single());
        Assert.Contains("no teh", ((Decision.Accepted)story.Last).Reply, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alert_opens_an_incident_with_its_severity_subsystem_and_a_page()
    {
        var story = Story.OfAlert("critical", "kamailio");
        Assert.Equal(
            (Sev1, "signaling", IncidentState.Open),
            (story.Incident.Severity, story.Incident.Subsystem, story.Incident.State)
        );
        Assert.Equal(["anna", "massimo"], Assert.Single(story.All<Entry.Paged>()).To);
    }

    [Fact]
    public void An_alert_that_is_sent_again_changes_nothing()
    {
        var story = Story.OfAlert();
        var before = story.Log.Count;
        Assert.Equal(before, story.Fires("A1").Log.Count);
    }

    [Fact]
    public void A_further_alert_joins_without_a_page()
    {
        var story = Story.OfAlert().Fires("A2");
        Assert.Equal(2, story.Incident.FiringCount);
        Assert.Single(story.All<Entry.Paged>());
    }

    [Fact]
    public void A_worse_alert_raises_the_severity_and_pages()
    {
        var story = Story.OfAlert("warning").Fires("A2", "critical");
        Assert.Equal(Sev1, story.Incident.Severity);
        Assert.Equal(["opened", "raised"], story.All<Entry.Paged>().Select(p => p.Reason));
    }

    [Fact]
    public void An_effect_neither_raises_nor_pages()
    {
        var story = Story.OfAlert("warning", "postgresql").Fires("A2", "critical", "backend", effect: true);
        Assert.Equal(Sev2, story.Incident.Severity);
        Assert.Single(story.All<Entry.Paged>());
    }

    [Fact]
    public void An_alert_after_mitigation_says_that_it_failed_and_pages_the_holder()
    {
        var story = Story.OfAlert().Says("ACK anna").At(3).Says("/mitigated restarted").Ends("A1").At(5).Fires("A1");
        Assert.Equal(IncidentState.Acknowledged, story.Incident.State);
        Assert.Equal("mitigation-failed", story.All<Entry.Paged>()[^1].Reason);
    }

    [Fact]
    public void A_second_name_does_not_take_the_incident_silently() =>
        Assert.Equal("already-acknowledged", Story.OfAlert().Says("ACK anna").Says("ACK bruno").RefusalCode);

    [Fact]
    public void A_handover_moves_it_to_somebody_in_the_table()
    {
        Assert.Equal("bruno", Story.OfAlert().Says("ACK anna").Says("/handover bruno").Incident.AcknowledgedBy);
        Assert.Equal("unknown-person", Story.OfAlert().Says("/handover mallory").RefusalCode);
    }

    [Fact]
    public void A_downgrade_is_refused_until_the_system_was_stable_for_as_long_as_the_runbook_says()
    {
        var story = Story.OfAlert().Says("ACK anna").At(5).Ends("A1").Says("/mitigated ok");
        Assert.Equal("not-stable", story.At(34).Says("/sev SEV3 better").RefusalCode);
        Assert.Equal(Sev3, story.At(35).Says("/sev SEV3 better").Incident.Severity);
    }

    [Fact]
    public void A_severity_that_the_runbook_does_not_guard_may_be_lowered_at_once()
    {
        var unguarded = Small with { GuardedSeverities = [] };
        Assert.Equal(Sev3, Story.OfAlert(policy: unguarded).Says("/sev SEV3 noise").Incident.Severity);
    }

    [Fact]
    public void A_subsystem_the_runbook_does_not_know_is_refused_with_the_ones_it_has()
    {
        var story = Story.OfAlert().Says("/classify plumbing");
        Assert.Equal("unknown-subsystem", story.RefusalCode);
        Assert.Contains("CDR pipeline", story.Refusal.Sentence, StringComparison.Ordinal);
        Assert.Equal("CDR pipeline", Story.OfAlert().Says("/classify cdr-pipeline").Incident.Subsystem);
    }

    [Fact]
    public void Nothing_but_reopening_and_notes_follows_resolution()
    {
        var story = Story.OfAlert().Says("/resolve override: drill");
        Assert.Equal("resolved", story.Says("ACK anna").RefusalCode);
        Assert.Equal("Noted.", story.Says("a late remark").Reply);
        Assert.Equal(IncidentState.Open, story.Says("/reopen it is back").Incident.State);
    }

    [Fact]
    public void A_reopened_incident_pages_and_its_matrix_runs_anew()
    {
        var story = Story.OfAlert().At(16).Says("/resolve override: drill").At(100).Says("/reopen again");
        Assert.Equal("reopened", story.All<Entry.Paged>()[^1].Reason);
        story.At(115);
        Assert.Equal(115, story.MinutesOf<Entry.Escalated>(e => e.Outcome == "paged")[^1]);
    }

    [Fact]
    public void An_edited_policy_rules_only_after_a_reload()
    {
        var story = Story.OfAlert();
        story.Policy = Small with { Hash = "edited" };
        Assert.Equal("small", story.Incident.PolicyHash);
        Assert.Equal("edited", story.Says("/policy reload").Incident.PolicyHash);
    }

    [Fact]
    public void A_delivery_is_recorded_once_for_each_page_and_channel()
    {
        var story = Story.OfAlert();
        var report = new Command.ReportDelivery(4, "webhook", null, false);
        story.Does(report, Actor.Akira).Does(report, Actor.Akira);
        Assert.Single(story.All<Entry.PageDelivered>());
    }
}
