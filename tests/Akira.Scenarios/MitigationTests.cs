namespace Akira.Scenarios;

/// <summary>Mitigation: restore first, in the runbook's order, and nothing destroyed by accident.</summary>
public class MitigationTests
{
    [Fact]
    public Task The_options_are_offered_in_the_order_rollback_restart_failover_escalation() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .ExpectThat(night => night.Mitigation.Length == 4)
            .ExpectThat(night => night.Mitigation[0].Text.StartsWith("Roll back"))
            .ExpectThat(night => night.Mitigation[1].Text.StartsWith("Restart"))
            .ExpectThat(night => night.Mitigation[2].Text.StartsWith("Fail over PostgreSQL"))
            .ExpectThat(night => night.Mitigation[3].Text.StartsWith("Escalate"))
            .Run();

    [Fact]
    public Task Rollback_comes_with_the_age_of_the_last_deploy() =>
        Scenario
            .With(Runbooks.Shipped)
            .At(10.Minutes())
            .Deploy("2.4.0", "kamailio")
            .At(18.Minutes())
            .Alert("KamailioDown", "critical", "kamailio")
            .ExpectThat(night => night.Mitigation[0].Fact.Contains("2.4.0, 8 min before detection"))
            .Run();

    [Fact]
    public Task A_deploy_during_the_incident_is_in_its_log() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(7.Minutes())
            .Deploy("2.4.1", "kamailio")
            .Expect(Logged<Entry.Deployed>(d => d.Version == "2.4.1"))
            .Run();

    [Fact]
    public Task Restart_comes_with_whether_one_service_alone_has_failed() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("CaddyDown", "warning", "caddy")
            .ExpectThat(night => night.Mitigation[1].Fact == "only caddy is failing")
            .At(1.Minutes())
            .Alert("FrontendDown", "warning", "frontend")
            .ExpectThat(night => night.Mitigation[1].Fact.Contains("not one alone"))
            .Run();

    [Fact]
    public Task Failover_comes_with_whether_the_database_is_what_failed() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .ExpectThat(night => night.Mitigation[2].Fact.Contains("not the affected subsystem"))
            .Alert("PostgresDown", "critical", "postgresql")
            .About(2)
            .ExpectThat(night => night.Mitigation[2].Fact.Contains("the database is affected"))
            .Run();

    [Fact]
    public Task Escalation_comes_with_whether_anybody_was_called_yet() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .ExpectThat(night => night.Mitigation[3].Fact.StartsWith("nobody"))
            .At(15.Minutes())
            .ExpectThat(night => !night.Mitigation[3].Fact.StartsWith("nobody"))
            .Run();

    [Fact]
    public Task A_step_that_disrupts_waits_shown_as_it_will_run_until_the_one_who_asked_confirms() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .Says("/run kamailio-restart")
            .ExpectThat(night => night.LastReply.Contains("systemctl restart kamailio"))
            .ExpectThat(night => night.LastReply.Contains("akira-sip-01-staging"))
            .ExpectNo(Logged<Entry.StepRequested>(s => s.Step == "kamailio-restart"))
            .RefusedTo("oncall-two", "/confirm 000000", "not-yours")
            .Confirms()
            .Expect(Logged<Entry.StepRequested>(s => s.Step == "kamailio-restart" && s.Reason == "confirmed"))
            .Refused("/confirm 000000", "nothing-to-confirm")
            .Run();

    [Fact]
    public Task A_wrong_code_confirms_nothing() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .Says("/run kamailio-restart")
            .Refused("/confirm nonsense", "wrong-code", "kamailio-restart")
            .ExpectNo(Logged<Entry.StepRequested>(s => s.Step == "kamailio-restart"))
            .Confirms()
            .Run();

    [Fact]
    public Task A_code_is_good_for_five_minutes() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(1.Minutes())
            .Says("/run kamailio-restart")
            .At(6.Minutes())
            .RefusedConfirmation("code-expired", "/run kamailio-restart")
            .ExpectNo(Logged<Entry.StepRequested>(s => s.Step == "kamailio-restart"))
            .Run();

    [Fact]
    public Task A_code_is_for_the_text_that_was_shown_and_for_no_other() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .Says("/run kamailio-restart")
            .EditRunbooks(r => r.Edit("systemctl restart kamailio\n", "systemctl restart kamailio-other\n"))
            .Says("/policy reload")
            .RefusedConfirmation("step-changed", "shows it anew")
            .Run();

    [Fact]
    public Task A_name_that_is_no_step_is_answered_with_those_that_are_like_it() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .Refused("/run kamailio-reboot", "unknown-step", "kamailio-restart")
            .Run();

    [Fact]
    public Task A_section_that_changes_the_platform_is_run_step_by_step_by_name() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("PostgresDown", "critical", "postgresql")
            .Refused("/run dr.md#postgresql-primary-failover", "name-a-step", "promote-standby (destructive)")
            .Run();

    [Fact]
    public Task A_symptom_that_returns_after_mitigation_takes_it_back_and_pages_who_holds_the_incident() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(2.Minutes())
            .Says("ACK oncall-two", by: "oncall-two")
            .At(6.Minutes())
            .AlertEnds("KamailioDown")
            .Says("/mitigated restarted it", by: "oncall-two")
            .Expect(i => i.State == IncidentState.Mitigated)
            .At(9.Minutes())
            .Alert("KamailioDown", "critical", "kamailio")
            .Expect(Logged<Entry.MitigationFailed>())
            .Expect(Page("oncall-two"))
            .Expect(i => i.State == IncidentState.Acknowledged && i.StableSince == null)
            .At(15.Minutes()) // and the matrix sees that it is not mitigated
            .Expect(Page("secondary", "Massimo"))
            .Run();
}
