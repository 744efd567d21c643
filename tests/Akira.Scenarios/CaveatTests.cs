namespace Akira.Scenarios;

/// <summary>The caveats, enforced.</summary>
public class CaveatTests
{
    [Fact]
    public Task Restoring_comes_first_an_incident_is_mitigated_and_resolved_without_any_root_cause() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .Says("ACK oncall-one")
            .At(2.Minutes())
            .AlertEnds("KamailioDown")
            .Says("/mitigated restarted it, no idea why it died")
            .Says("/run smoke-call")
            .Says("/tick cdr no gap")
            .At(32.Minutes())
            .Says("/resolve")
            .Expect(i => i.State == IncidentState.Resolved)
            .Run();

    [Fact]
    public Task A_destructive_step_is_refused_until_its_target_host_was_named() =>
        PostgresDown()
            .Refused("/run promote-standby", "host-not-named", "akira-db-02-staging")
            .Says("/log about to promote the standby on akira-db-02-staging")
            .Says("/run promote-standby")
            .ExpectThat(night => night.LastReply.Contains("destructive"))
            .Confirms()
            .Expect(Logged<Entry.StepRequested>(s => s.Step == "promote-standby" && s.Effect == "destructive"))
            .Run();

    [Fact]
    public Task A_plain_message_that_names_the_host_is_found_when_the_step_asks() =>
        PostgresDown()
            .Says("I will promote akira-db-02-staging now.", by: "oncall-two")
            .Says("/run promote-standby")
            .Run();

    [Fact]
    public Task An_update_that_names_the_host_counts_as_well() =>
        PostgresDown().Says("/update promoting AKIRA-DB-02-STAGING next").Says("/run promote-standby").Run();

    [Theory]
    [InlineData("/log about to promote akira-db-01-staging")] // the other one
    [InlineData("/log about to promote akira-db-02-staging2")] // a longer name
    [InlineData("/log about to promote db-02")] // half a name
    [InlineData("/log about to promote the standby")]
    public Task A_message_that_names_another_host_does_not_count(string said) =>
        PostgresDown().Says(said).Refused("/run promote-standby", "host-not-named", "akira-db-02-staging").Run();

    [Fact]
    public Task What_an_alert_says_names_no_host() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("PostgresDown", "critical", "postgresql", summary: "akira-db-02-staging is behind")
            .Refused("/run promote-standby", "host-not-named")
            .Run();

    [Fact]
    public Task A_host_named_in_another_incident_does_not_count() =>
        PostgresDown()
            .Alert("KamailioDown", "critical", "kamailio")
            .About(2)
            .Says("/log it is not akira-db-02-staging")
            .About(1)
            .Refused("/run promote-standby", "host-not-named")
            .Run();

    [Fact]
    public Task A_host_named_longer_than_30_minutes_ago_must_be_named_again() =>
        PostgresDown()
            .At(1.Minutes())
            .Says("/log akira-db-02-staging is next")
            .At(31.Minutes() + 5.Seconds())
            .Refused("/run promote-standby", "host-not-named")
            .Run();

    [Fact]
    public Task What_disrupts_but_does_not_destroy_needs_no_host_named() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .Says("/run kamailio-restart")
            .Confirms()
            .Run();

    [Theory]
    [InlineData("critical", "/sev SEV2 calmer now")]
    [InlineData("critical", "/sev SEV3 calmer now")]
    [InlineData("warning", "/sev SEV3 calmer now")]
    public Task SEV1_and_SEV2_are_not_downgraded_before_30_stable_minutes(string severity, string downgrade) =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("Trouble", severity, "kamailio")
            .Says("ACK oncall-one")
            .Refused(downgrade, "not-stable", "30 min", "still fires")
            .At(5.Minutes())
            .AlertEnds("Trouble")
            .Says("/mitigated restarted it")
            .At(35.Minutes() - 5.Seconds())
            .Refused(downgrade, "not-stable", "29 min")
            .At(35.Minutes())
            .Says(downgrade)
            .Expect(Logged<Entry.SeverityChanged>())
            .Run();

    [Fact]
    public Task Raising_needs_no_waiting() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("OddCaller", "info", "kamailio")
            .Says("/sev SEV2 more callers")
            .Says("/sev SEV1 all callers")
            .Expect(Page("primary", "Massimo"))
            .Run();

    [Fact]
    public Task Live_figures_beyond_a_worse_severitys_conditions_raise_an_incident_by_themselves() =>
        Scenario
            .With(Runbooks.Shipped)
            .At(10.Seconds())
            .Sample("asr", 0.84)
            .At(15.Seconds())
            .Expect(i => i.Severity == new Severity(2))
            .At(60.Seconds())
            .Sample("kamailio.up", 0)
            .At(70.Seconds())
            .Expect(i => i.Severity == new Severity(1) && i.Number == 1)
            .ExpectThat(night => night.Pages.Any(p => night.People("primary", "Massimo").SetEquals(p.To)))
            .Run();

    private static Scenario PostgresDown() =>
        Scenario.With(Runbooks.Shipped).At(0.Minutes()).Alert("PostgresDown", "critical", "postgresql");
}
