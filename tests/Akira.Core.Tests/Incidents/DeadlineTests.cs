using Akira.Core.Incidents;
using static Akira.Core.Tests.Incidents.Policies;

namespace Akira.Core.Tests.Incidents;

public class DeadlineTests
{
    [Fact]
    public void An_incident_that_nobody_acknowledges_pages_the_primary_at_each_ack_target()
    {
        var story = Story.OfAlert().At(31);
        Assert.Equal([15, 30], story.MinutesOf<Entry.Paged>(p => p.Reason == "ack-missed"));
        Assert.Equal(["anna"], story.All<Entry.Paged>().First(p => p.Reason == "ack-missed").To);
    }

    [Fact]
    public void An_ack_stops_the_ack_deadline() =>
        Assert.DoesNotContain(
            Story.OfAlert().At(14).Says("ACK anna").At(29).All<Entry.Paged>(),
            p => p.Reason == "ack-missed"
        );

    [Fact]
    public void The_first_missed_update_reminds_and_the_second_pages_and_voids_the_ack()
    {
        var story = Story.OfAlert().Says("ACK anna").At(29);
        Assert.Equal([15], story.MinutesOf<Entry.Reminded>(r => r.Reason == "update-missed"));
        Assert.Equal("anna", story.Incident.AcknowledgedBy);

        story.At(30);
        Assert.Equal([30], story.MinutesOf<Entry.Paged>(p => p.Reason == "updates-missed"));
        Assert.Null(story.Incident.AcknowledgedBy);
        Assert.Equal(IncidentState.Open, story.Incident.State);
    }

    [Fact]
    public void An_update_starts_the_cadence_anew() =>
        Assert.Equal(
            [25],
            Story
                .OfAlert()
                .Says("ACK anna")
                .At(10)
                .Says("/update on it")
                .At(26)
                .MinutesOf<Entry.Reminded>(r => r.Reason == "update-missed")
        );

    [Fact]
    public void The_matrix_runs_from_detection_and_skips_what_is_mitigated()
    {
        var story = Story.OfAlert().Says("ACK anna").At(10).Says("/mitigated restarted").At(61);
        Assert.Equal(
            ["reminded", "skipped: mitigated", "paged", "reminded"],
            story.All<Entry.Escalated>().Select(e => e.Outcome)
        );
    }

    [Fact]
    public void Further_clauses_of_a_cell_remind() =>
        Assert.Contains(
            Story.OfAlert().At(30).All<Entry.Reminded>(),
            r => r.Text.Contains("T+30 min: prepare rollback", StringComparison.Ordinal)
        );

    [Fact]
    public void A_raise_makes_up_for_the_rows_of_the_worse_severity_that_have_passed()
    {
        var story = Story.OfAlert("warning").Says("ACK anna").At(20).Says("/sev SEV1 it is everybody");
        story.At(20);
        Assert.Contains(story.All<Entry.Escalated>(), e => e.Severity == Sev1 && e.Elapsed == TimeSpan.FromMinutes(15));
    }

    [Fact]
    public void A_downgrade_does_not_make_up_for_rows_that_have_passed()
    {
        var story = Story.OfAlert().Says("ACK anna").At(1).Says("/mitigated done").Ends("A1");
        story.At(40).Says("/sev SEV2 calmer").At(41);
        Assert.Equal(Sev2, story.Incident.Severity);
        Assert.DoesNotContain(story.All<Entry.Escalated>(), e => e.Severity == Sev2);
    }

    [Fact]
    public void Stability_is_announced_once()
    {
        var story = Story.OfAlert().Says("ACK anna").At(5).Ends("A1").At(100);
        Assert.Equal([35], story.MinutesOf<Entry.StabilityReached>());
    }

    [Fact]
    public void A_severity_whose_communication_is_not_immediate_wakes_nobody()
    {
        var story = Story.OfAlert("info").At(600);
        Assert.Empty(story.All<Entry.Paged>());
        Assert.Equal([240, 480], story.MinutesOf<Entry.Reminded>(r => r.Reason == "ack-missed"));
    }

    [Fact]
    public void A_resolved_incident_has_no_deadlines() =>
        Assert.Empty(Deadlines.Of(Story.OfAlert().Says("/resolve override: drill").Incident, Small));

    [Fact]
    public void After_a_long_stop_each_deadline_is_met_once()
    {
        var story = Story.OfAlert().Says("ACK anna");
        story = story.Does(new Command.Note("x"), Actor.Akira);
        // The responder was down for three hours and meets everything at once.
        var late = IncidentDecisions.Decide(
            story.Incident,
            new Command.MeetDeadlines(),
            Actor.Akira,
            Small,
            Story.Start.AddHours(3)
        );
        var entries = Assert.IsType<Decision.Accepted>(late).Entries;
        Assert.Single(entries.OfType<Entry.DeadlineMissed>());
        Assert.Equal(3, entries.OfType<Entry.Escalated>().Count());
    }
}
