namespace Akira.Scenarios;

/// <summary>The kickoff procedure, step by step.</summary>
public class KickoffTests
{
    [Theory]
    [InlineData("ACK oncall-one")]
    [InlineData("ack oncall-one")]
    [InlineData("/ack oncall-one")]
    [InlineData("/ack@AkiraOpsBot oncall-one")]
    public Task Step_1_the_alert_is_acknowledged_with_ACK_and_a_name(string typed) =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .ExpectThat(night => night.Checklist(1) == false)
            .At(3.Minutes())
            .Says(typed)
            .Expect(i => i.AcknowledgedAt == Night.Beginning + 3.Minutes() && i.AcknowledgedBy == "oncall-one")
            .ExpectThat(night => night.Checklist(1) == true)
            .Run();

    [Fact]
    public Task Step_1_what_the_sender_is_called_stands_beside_the_name_that_was_typed() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .Says("ACK Francesco", by: "Massimo")
            .Expect(i => i.AcknowledgedBy == "Francesco")
            .ExpectThat(night => night.Log.Any(l => l.Entry is Entry.Acknowledged && l.By.Name == "Massimo"))
            .Run();

    [Fact]
    public Task Step_1_a_second_person_does_not_take_an_incident_from_the_first_unasked() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .Says("ACK oncall-one")
            .RefusedTo("oncall-two", "ACK oncall-two", "already-acknowledged", "oncall-one", "/handover")
            .Says("/handover oncall-two")
            .Expect(Page("oncall-two"))
            .Expect(i => i.AcknowledgedBy == "oncall-two")
            .Run();

    [Fact]
    public Task Step_2_a_ticket_opens_an_incident_of_the_severity_it_names() =>
        Scenario
            .With(Runbooks.Shipped)
            .Says("/ticket \"SEV1 - no calls from Milan\" severity:critical")
            .Expect(i => i.Severity == new Severity(1) && i.Title == "no calls from Milan")
            .Expect(Page("primary", "Massimo"))
            .ExpectThat(night => night.Checklist(2) == true)
            .Run();

    [Fact]
    public Task Step_2_where_title_and_severity_of_a_ticket_disagree_the_worse_is_assumed() =>
        Scenario
            .With(Runbooks.Shipped)
            .Says("/ticket \"SEV2 - slow calls\" severity:critical")
            .Expect(i => i.Severity == new Severity(1))
            .Run();

    [Theory]
    [InlineData("/ticket", "usage", "/ticket \"SEV1")]
    [InlineData("/ticket \"no calls\"", "severity-missing", "severity:critical")]
    [InlineData("/ticket \"SEV9 - no calls\"", "unknown-severity", "SEV3")]
    [InlineData("/ticket \"no calls\" severity:purple", "unknown-severity", "severity:warning")]
    public Task Step_2_a_ticket_that_can_not_be_understood_says_how_to_write_it(
        string typed,
        string code,
        string hint
    ) => Scenario.With(Runbooks.Shipped).Refused(typed, code, hint).ExpectThat(night => night.Incidents == 0).Run();

    [Fact]
    public Task Step_3_the_incident_log_begins_with_the_incident_and_stamps_whatever_is_said() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .Expect(Logged<Entry.Opened>())
            .At(2.Minutes())
            .Says("/log two customers called")
            .Expect(Logged<Entry.Noted>(n => n.Text == "two customers called"))
            .At(3.Minutes())
            .Says("a third one now", by: "oncall-two")
            .Expect(Logged<Entry.Noted>(n => n.Text == "a third one now"))
            .ExpectThat(night => night.Log.Select(l => l.Seq).SequenceEqual(Enumerable.Range(1, night.Log.Count)))
            .ExpectThat(night => night.Log.Zip(night.Log.Skip(1)).All(pair => pair.First.At <= pair.Second.At))
            .ExpectThat(night => night.Checklist(3) == true)
            .Run();

    [Theory]
    [InlineData("signaling", "signaling")]
    [InlineData("Database", "database")]
    [InlineData("cdr-pipeline", "CDR pipeline")]
    [InlineData("management app", "management app")]
    [InlineData("certificate", "certificate")]
    [InlineData("vault", "Vault")]
    public Task Step_4_an_unclear_incident_is_classified_as_one_of_the_six_subsystems(string typed, string subsystem) =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("StrangeNoise", "critical")
            .Expect(i => i.Subsystem == "unclassified")
            .ExpectThat(night => night.Checklist(4) == false)
            .Says($"/classify {typed}")
            .Expect(i => i.Subsystem == subsystem)
            .ExpectThat(night => night.Checklist(4) == true)
            .Run();

    [Fact]
    public Task Step_4_there_is_no_seventh_subsystem() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("StrangeNoise", "critical")
            .Refused("/classify coffee", "unknown-subsystem", "signaling", "Vault")
            .Run();

    [Fact]
    public Task Step_4_an_alert_that_names_a_service_or_its_host_is_classified_by_itself() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("DiskFull", "critical", service: "postgresql")
            .Expect(i => i.Subsystem == "database")
            .Run();

    [Theory]
    [InlineData("postgresql", "dr.md#postgresql-primary-failover")]
    [InlineData("certificate", "cert-renewal.md")]
    [InlineData("vault", "vault-unseal.md")]
    public Task Step_5_the_matching_runbook_is_offered_for_a_database_a_certificate_or_a_sealed_Vault(
        string service,
        string runbook
    ) =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("Trouble", "critical", service)
            .ExpectThat(night => night.RunbooksOffered.SequenceEqual(new[] { runbook }))
            .Run();

    [Fact]
    public Task Step_5_the_failover_runbook_is_offered_when_a_probe_finds_the_database_down() =>
        Scenario
            .With(Runbooks.Shipped)
            .At(10.Seconds())
            .Sample("postgresql.up", 0)
            .At(20.Seconds())
            .ExpectThat(night => night.RunbooksOffered.Contains("dr.md#postgresql-primary-failover"))
            .Run();

    [Fact]
    public Task Step_5_the_rollback_is_offered_when_a_deploy_came_shortly_before() =>
        Scenario
            .With(Runbooks.Shipped)
            .At(10.Minutes())
            .Deploy("2.4.0", "backend")
            .At(18.Minutes())
            .Alert("ApiErrors", "warning", "backend")
            .Expect(i => i.LastDeploy!.Version == "2.4.0")
            .ExpectThat(night => night.RunbooksOffered.Contains("deploy.md#rollback"))
            .Run();

    [Fact]
    public Task Step_5_no_rollback_is_offered_when_the_last_deploy_was_days_ago() =>
        Scenario
            .With(Runbooks.Shipped)
            .Deploy("2.3.0", "backend", ago: 48.Hours())
            .Alert("ApiErrors", "warning", "backend")
            .Expect(i => i.LastDeploy == null)
            .ExpectThat(night => !night.RunbooksOffered.Contains("deploy.md#rollback"))
            .Run();

    [Fact]
    public Task Step_6_SEV1_is_due_an_update_every_15_minutes() => UpdatesAreDueEvery(15.Minutes(), "critical");

    [Fact]
    public Task Step_6_SEV2_is_due_an_update_every_30_minutes() => UpdatesAreDueEvery(30.Minutes(), "warning");

    [Fact]
    public Task Step_6_SEV3_is_due_no_updates() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("OddCaller", "info", "kamailio")
            .ExpectThat(night => night.Deadline("update") == null)
            .Run();

    [Fact]
    public Task Two_updates_missed_in_a_row_end_the_acknowledgement_and_page_again() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(1.Minutes())
            .Says("ACK oncall-two", by: "oncall-two")
            .At(15.Minutes())
            .Expect(Reminder("update", "15 min"))
            .ExpectNo(Page("primary"))
            .Expect(i => i.AcknowledgedBy == "oncall-two")
            .At(30.Minutes())
            .Expect(Logged<Entry.AckExpired>(e => e.AcknowledgedBy == "oncall-two"))
            .Expect(Page("primary", "oncall-two"))
            .Expect(i => i.State == IncidentState.Open && i.AcknowledgedBy == null)
            .ExpectThat(night => night.Deadline("ack") == 45.Minutes())
            .Run();

    [Fact]
    public Task An_update_between_two_missed_ones_keeps_the_acknowledgement() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(1.Minutes())
            .Says("ACK oncall-one")
            .At(16.Minutes())
            .Says("/update still looking")
            .At(31.Minutes())
            .Expect(Reminder("update"))
            .ExpectNo(Logged<Entry.AckExpired>())
            .Expect(i => i.AcknowledgedBy == "oncall-one")
            .Run();

    private static Task UpdatesAreDueEvery(TimeSpan cadence, string severity) =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("Something", severity, "kamailio")
            .Says("ACK oncall-one")
            .ExpectThat(night => night.Checklist(6) == false)
            .ExpectThat(night => night.Deadline("update") == cadence)
            .At(cadence - 1.Minutes())
            .Says("/update we look at the proxies")
            .ExpectThat(night => night.Checklist(6) == true)
            .ExpectThat(night => night.Deadline("update") == 2 * cadence - 1.Minutes())
            .At(2 * cadence - 65.Seconds())
            .ExpectNo(Logged<Entry.DeadlineMissed>())
            .At(2 * cadence - 60.Seconds())
            .Expect(Logged<Entry.DeadlineMissed>(d => d.Deadline == "update"))
            .Expect(Reminder("update"))
            .Run();
}
