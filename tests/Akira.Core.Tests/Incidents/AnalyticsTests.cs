using Akira.Core.Incidents;
using static Akira.Core.Tests.Incidents.Policies;

namespace Akira.Core.Tests.Incidents;

public class AnalyticsTests
{
    [Fact]
    public void Times_are_means_over_the_incidents_of_which_they_are_known()
    {
        var all = Of(Resolved(ack: 2, mitigated: 10), Resolved(ack: 4, mitigated: 20), Story.OfTicket(Sev2)).All;
        Assert.Equal(3, all.Incidents);
        Assert.Equal((2, TimeSpan.FromMinutes(3)), (all.ToAcknowledge.N, all.ToAcknowledge.Mean));
        Assert.Equal(TimeSpan.FromMinutes(15), all.ToMitigate.Mean);
        Assert.Equal(2, all.ToResolve.N);
    }

    [Fact]
    public void Nobody_knows_when_a_ticket_began_until_somebody_says_so()
    {
        var story = Story.OfTicket(Sev2);
        Assert.Null(Of(story).All.ToDetect.Mean);
        story.Says("/started 02:55 the graph shows it");
        Assert.Equal(TimeSpan.FromMinutes(5), Of(story).All.ToDetect.Mean);
    }

    [Fact]
    public void A_time_of_day_is_the_last_one_before_detection()
    {
        var story = Story.OfTicket(Sev2).Says("/started 23:00 the graph shows it");
        Assert.Equal(TimeSpan.FromHours(4), Of(story).All.ToDetect.Mean);
    }

    [Fact]
    public void It_cannot_have_begun_after_it_was_detected() =>
        Assert.Equal("no-such-start", Story.OfTicket(Sev2).Says("/started 2026-03-01T03:01Z typed wrong").RefusalCode);

    [Fact]
    public void A_start_is_corrected_with_a_reason_that_stays_in_the_log()
    {
        var story = Story
            .OfAlert()
            .Says("/started 2026-03-01T02:50Z customers called before")
            .Says("/started 02:40 more did");
        Assert.Equal(["customers called before", "more did"], story.All<Entry.StartCorrected>().Select(c => c.Reason));
        Assert.Equal(Story.Start.AddMinutes(-20), story.Incident.StartedAt);
    }

    [Fact]
    public void Each_severity_and_each_subsystem_has_its_own()
    {
        var analytics = Of(Story.OfAlert(), Story.OfAlert(), Story.OfTicket(Sev2));
        Assert.Equal([("SEV1", 2), ("SEV2", 1)], analytics.BySeverity.Select(g => (g.Name, g.Incidents)));
        Assert.Equal([("signaling", 3)], analytics.BySubsystem.Select(g => (g.Name, g.Incidents)));
    }

    [Fact]
    public void An_incident_counts_by_the_worst_severity_it_had() =>
        Assert.Equal("SEV1", Assert.Single(Of(Story.OfTicket(Sev2).Says("/sev SEV1 it is worse")).BySeverity).Name);

    [Fact]
    public void Missed_deadlines_and_overrides_are_counted()
    {
        var all = Of(Story.OfAlert().At(31).Says("/resolve override: enough")).All;
        Assert.Equal((2, 2, 1), (all.AcksMissed, all.UpdatesMissed, all.Overridden));
        Assert.True(all.Escalations > 0);
    }

    [Fact]
    public void A_drill_says_so_in_its_log() =>
        Assert.True(IncidentTimes.Of(Story.OfAlert().Says("/drill Tuesday's rehearsal").Log).IsDrill);

    private static Story Resolved(double ack, double mitigated) =>
        Story
            .OfAlert()
            .At(ack)
            .Says("ACK anna")
            .At(mitigated)
            .Ends("A1")
            .Says("/mitigated restarted")
            .Says("/resolve override: a test");

    private static Analytics Of(params IEnumerable<Story> stories) =>
        Analytics.Of([.. stories.Select(s => IncidentTimes.Of(s.Log))]);
}
