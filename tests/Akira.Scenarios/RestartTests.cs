namespace Akira.Scenarios;

/// <summary>A responder that dies in the middle and comes back: nothing is remembered that is not in the log.</summary>
public class RestartTests
{
    [Fact]
    public Task Deadlines_are_computed_anew_from_the_log() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(7.Minutes())
            .Restart()
            .ExpectThat(night => night.Deadline("ack") == 15.Minutes())
            .At(15.Minutes())
            .Expect(Page("secondary", "Massimo"))
            .Run();

    [Fact]
    public Task No_page_is_sent_twice() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(5.Minutes())
            .Restart()
            .At(6.Minutes())
            .Restart()
            .At(10.Minutes())
            .ExpectThat(night => night.Pages.Count == 1)
            .Run();

    [Fact]
    public Task A_page_that_could_not_be_sent_before_it_died_is_sent_after() =>
        Scenario
            .With(Runbooks.Shipped)
            .Channel(works: false)
            .Alert("KamailioDown", "critical", "kamailio")
            .ExpectThat(night => night.Pages.Count == 0)
            .Restart()
            .Channel(works: true)
            .At(2.Minutes())
            .ExpectThat(night => night.Pages.Count == 1)
            .ExpectThat(night => night.Undelivered.Count == 0)
            .Run();

    [Fact]
    public Task A_channel_that_fails_is_tried_again_until_the_page_is_out() =>
        Scenario
            .With(Runbooks.Shipped)
            .Channel(works: false)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(1.Minutes())
            .ExpectThat(night => night.Log.Any(l => l.Entry is Entry.PageFailed { Permanent: false }))
            .Channel(works: true)
            .At(5.Minutes())
            .ExpectThat(night => night.Pages.Count == 1 && night.Undelivered.Count == 0)
            .Run();

    [Fact]
    public Task What_came_due_while_it_was_down_is_met_when_it_is_back() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(1.Minutes())
            .Says("ACK oncall-one")
            .DownUntil(20.Minutes())
            .Expect(Page("secondary", "Massimo"))
            .Expect(Reminder("update"))
            .At(30.Minutes())
            .Expect(Page("Francesco"))
            .Run();

    [Fact]
    public Task State_named_hosts_and_a_waiting_step_survive() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("PostgresDown", "critical", "postgresql")
            .Says("ACK oncall-one")
            .Says("/log akira-db-02-staging is next")
            .Says("/run promote-standby")
            .Restart()
            .Expect(i => i.AcknowledgedBy == "oncall-one" && i.Frozen != null)
            .Confirms()
            .Expect(Logged<Entry.StepRequested>(s => s.Step == "promote-standby"))
            .Run();

    [Fact]
    public Task Alerts_that_nobody_sends_any_more_expire_after_the_restart() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(3.Minutes())
            .SenderFallsSilent("KamailioDown")
            .Restart()
            .At(9.Minutes())
            .Expect(i => i.FiringCount == 0)
            .Run();

    [Fact]
    public Task A_re_sent_alert_is_no_news_to_the_new_one_either() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(3.Minutes())
            .Restart()
            .At(10.Minutes())
            .Expect(i => i.FiringCount == 1)
            .ExpectThat(night => night.Log.Count(l => l.Entry is Entry.AlertsFired) == 1 && night.Incidents == 1)
            .Run();

    [Fact]
    public Task The_numbers_of_incidents_go_on() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .AlertEnds("KamailioDown")
            .Says("/resolve override: a test of the pager")
            .Restart()
            .Says("/ticket \"SEV2 - slow\" severity:warning")
            .ExpectThat(night => night.Incidents == 2)
            .About(1)
            .Expect(i => i.State == IncidentState.Resolved)
            .Run();

    [Fact]
    public Task A_post_mortem_is_written_once() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .AlertEnds("KamailioDown")
            .Says("/resolve override: a test of the pager")
            .Restart()
            .ExpectThat(night => night.Log.Count(l => l.Entry is Entry.PostmortemWritten) == 1)
            .Run();
}
