namespace Akira.Scenarios;

/// <summary>One page, not forty: how alerts come to incidents.</summary>
public class AlertTests
{
    [Fact]
    public Task An_alert_that_is_sent_again_is_not_news() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(10.Minutes())
            .ExpectThat(night => night.Incidents == 1)
            .ExpectThat(night => night.Log.Count(l => l.Entry is Entry.AlertsFired) == 1)
            .ExpectThat(night => night.Pages.Count == 1)
            .Run();

    [Fact]
    public Task An_alert_that_is_no_longer_sent_is_taken_to_have_ended() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(3.Minutes())
            .SenderFallsSilent("KamailioDown")
            .At(8.Minutes() - 5.Seconds())
            .Expect(i => i.FiringCount == 1)
            .At(8.Minutes())
            .Expect(Logged<Entry.AlertsEnded>(e => e.Reason == "expired"))
            .Expect(i => i.FiringCount == 0 && i.State == IncidentState.Open)
            .Run();

    [Fact]
    public Task The_end_of_an_alert_clears_the_symptom_but_closes_nothing() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(3.Minutes())
            .AlertEnds("KamailioDown")
            .Expect(Logged<Entry.AlertsEnded>(e => e.Reason == "ended"))
            .ExpectThat(night => night.Gate("symptom").Met)
            .At(15.Minutes()) // nobody has said a word yet
            .Expect(i => i.State == IncidentState.Open)
            .Expect(PageSaying("nobody has acknowledged"))
            .Run();

    [Fact]
    public Task Further_alerts_of_a_subsystem_join_its_incident_and_page_nobody() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("CaddyDown", "warning", "caddy")
            .At(1.Minutes())
            .Alert("FrontendDown", "warning", "frontend")
            .At(2.Minutes())
            .Alert("GrafanaDown", "warning", "grafana")
            .ExpectThat(night => night.Incidents == 1 && night.Pages.Count == 1)
            .Expect(i => i.FiringCount == 3)
            .Run();

    [Fact]
    public Task Alerts_of_services_that_depend_on_what_failed_join_as_effects_and_page_nobody() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("PostgresDown", "critical", "postgresql")
            .At(1.Minutes())
            .Alert("ApiErrors", "critical", "backend")
            .Alert("WorkerStuck", "critical", "cdr-worker")
            .ExpectThat(night => night.Incidents == 1 && night.Pages.Count == 1)
            .Expect(Logged<Entry.AlertsFired>(a => a.Effects))
            .Expect(i => i.Subsystem == "database")
            .Run();

    [Fact]
    public Task An_effect_that_comes_in_one_delivery_with_what_explains_it_joins_too() =>
        Scenario
            .With(Runbooks.Shipped)
            .Sample("cert.expires_in", -TimeSpan.FromDays(1).TotalSeconds) // of no service: it explains nothing yet
            .At(10.Seconds())
            .Sample("frontend.up", 0)
            .At(11.Seconds())
            .Sample("certificate.up", 0)
            .At(30.Seconds())
            .ExpectThat(night => night.Incidents == 1)
            .Expect(i => i.Subsystem == "certificate" && i.FiringCount == 3)
            .Run();

    [Fact]
    public Task Alerts_of_another_subsystem_that_depends_on_nothing_failed_open_their_own_incident() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("PostgresDown", "critical", "postgresql")
            .Alert("KamailioDown", "critical", "kamailio")
            .ExpectThat(night => night.Incidents == 2)
            .Run();

    [Fact]
    public Task A_worse_alert_raises_the_incident_and_tells_those_whom_the_worse_severity_tells() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("SlowCalls", "warning", "kamailio")
            .At(4.Minutes())
            .Alert("NoCalls", "critical", "kamailio")
            .Expect(i => i.Severity == new Severity(1) && i.Number == 1)
            .Expect(Page("primary", "Massimo"))
            .ExpectThat(night => night.Deadline("ack") == 19.Minutes())
            .Run();

    [Fact]
    public Task A_milder_alert_changes_nothing_and_pages_nobody() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("NoCalls", "critical", "kamailio")
            .At(4.Minutes())
            .Alert("SlowCalls", "warning", "kamailio")
            .Expect(i => i.Severity == new Severity(1) && i.FiringCount == 2)
            .ExpectNo(Page())
            .Run();

    [Fact]
    public Task What_still_fires_when_its_incident_is_closed_by_override_opens_a_new_one_when_sent_again() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(90.Seconds())
            .Says("/resolve override: I do not believe it")
            .At(3.Minutes())
            .ExpectThat(night => night.Incidents == 2)
            .Run();

    [Fact]
    public Task After_resolution_the_same_alert_opens_the_next_incident() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(2.Minutes())
            .AlertEnds("KamailioDown")
            .Says("/resolve override: a test of the pager")
            .At(10.Minutes())
            .Alert("KamailioDown", "critical", "kamailio")
            .ExpectThat(night => night.Incidents == 2)
            .About(2)
            .Expect(i => i.DetectedAt == Night.Beginning + 10.Minutes())
            .Expect(Page("primary", "Massimo"))
            .Run();

    [Fact]
    public Task With_two_incidents_open_a_command_must_say_which_one_it_means() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .Alert("PostgresDown", "critical", "postgresql")
            .About(0)
            .Refused("/mitigated done", "which-incident", "INC-1 SEV1 signaling", "INC-2 SEV1 database")
            .Run();
}
