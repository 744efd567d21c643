namespace Akira.Scenarios;

/// <summary>Resolution: an incident is over when every gate holds, and not before.</summary>
public class ResolutionTests
{
    [Fact]
    public Task Resolving_at_once_is_refused_with_the_list_of_what_is_missing() =>
        KamailioDown()
            .Refused(
                "/resolve",
                "gates-unmet",
                "symptom: 1 alert still fires",
                "smoke: not run yet",
                "cdr:",
                "stable: alerts still fire",
                "timestamps: the log has no ack and mitigation"
            )
            .Expect(i => i.State == IncidentState.Open)
            .Run();

    [Fact]
    public Task It_is_resolved_when_every_gate_holds() =>
        Recovered()
            .At(36.Minutes())
            .ExpectThat(night => night.Gates.All(g => g.Met))
            .Says("/resolve")
            .Expect(Logged<Entry.Resolved>(r => r.Override == null && r.UnmetGates.IsEmpty))
            .Expect(i => i.State == IncidentState.Resolved)
            .Run();

    [Fact]
    public Task The_symptom_must_be_gone() =>
        Recovered()
            .At(36.Minutes())
            .Alert("KamailioFlaps", "critical", "kamailio")
            .Refused("/resolve", "gates-unmet", "symptom: 1 alert still fires")
            .Run();

    [Fact]
    public Task The_symptom_of_a_ticket_that_no_alert_belongs_to_is_vouched_for_by_a_person() =>
        Scenario
            .With(Runbooks.Shipped)
            .Says("/ticket \"SEV1 - no calls from Milan\" severity:critical")
            .ExpectThat(night => !night.Gate("symptom").Met && night.Gate("symptom").Tickable)
            .Says("/tick symptom the customer calls again")
            .ExpectThat(night => night.Gate("symptom").Met)
            .Run();

    [Fact]
    public Task The_smoke_test_must_have_passed() =>
        KamailioDown(Runbooks.Shipped.Edit("echo smoke_e2e_single: 1 successful call", "false # smoke"))
            .At(5.Minutes())
            .AlertEnds("KamailioDown")
            .Says("/mitigated restarted kamailio")
            .Says("/run smoke-call")
            .Expect(Ran("smoke-call", Verdict.Fail))
            .Refused("/resolve", "gates-unmet", "smoke: smoke-call ended", "fail")
            .Run();

    [Fact]
    public Task A_smoke_test_from_before_the_mitigation_proves_nothing() =>
        KamailioDown()
            .At(2.Minutes())
            .Says("/run smoke-call")
            .Expect(Ran("smoke-call", Verdict.Pass))
            .At(5.Minutes())
            .AlertEnds("KamailioDown")
            .Says("/mitigated restarted kamailio")
            .Refused("/resolve", "gates-unmet", "smoke:", "run it again")
            .Run();

    [Fact]
    public Task CDR_ingestion_must_be_monotonic_when_the_call_path_is_affected() =>
        Recovered(ticked: false)
            .At(36.Minutes())
            .Refused("/resolve", "gates-unmet", "cdr:")
            .Says("/tick cdr 40 calls, 40 records, no gap")
            .Says("/resolve")
            .Run();

    [Fact]
    public Task CDR_ingestion_is_not_asked_for_when_the_call_path_is_not_affected() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("GrafanaDown", "warning", "grafana")
            .ExpectThat(night => night.Gate("cdr").Met)
            .Run();

    [Fact]
    public Task Metrics_must_be_stable_for_30_minutes() =>
        Recovered()
            .At(20.Minutes())
            .Refused("/resolve", "gates-unmet", "stable: stable for 15 min of 30 min")
            .At(35.Minutes() - 5.Seconds())
            .Refused("/resolve", "gates-unmet", "stable")
            .At(35.Minutes())
            .Expect(Reminder("stable for 30 min", "/resolve"))
            .Says("/resolve")
            .Run();

    [Fact]
    public Task The_log_must_have_a_timestamp_for_the_ack() =>
        Recovered(acknowledged: false)
            .At(40.Minutes())
            .Refused("/resolve", "gates-unmet", "timestamps: the log has no ack")
            .Says("ACK oncall-one")
            .Says("/resolve")
            .Run();

    [Fact]
    public Task The_log_must_have_a_timestamp_for_the_mitigation() =>
        KamailioDown()
            .At(2.Minutes())
            .Says("ACK oncall-one")
            .At(5.Minutes())
            .AlertEnds("KamailioDown")
            .Says("/run smoke-call")
            .Says("/tick cdr no gap")
            .At(36.Minutes())
            .Refused("/resolve", "gates-unmet", "timestamps: the log has no mitigation")
            .Says("/mitigated it came back by itself")
            .Says("/run smoke-call")
            .Says("/resolve")
            .Run();

    [Fact]
    public Task Detection_ack_mitigation_and_resolution_are_in_the_log_with_their_times() =>
        Recovered()
            .At(36.Minutes())
            .Says("/resolve")
            .Expect(i => i.DetectedAt == Night.Beginning)
            .Expect(i => i.AcknowledgedAt == Night.Beginning + 2.Minutes())
            .Expect(i => i.MitigatedAt == Night.Beginning + 5.Minutes())
            .Expect(i => i.ResolvedAt == Night.Beginning + 36.Minutes())
            .Run();

    [Fact]
    public Task A_gate_that_is_measured_is_not_ticked_by_hand() =>
        KamailioDown().Refused("/tick symptom I think it is fine", "gate-is-measured", "still fires").Run();

    [Fact]
    public Task A_gate_the_document_adds_in_its_own_words_is_ticked_by_name_with_a_reason() =>
        Recovered(Runbooks.Shipped.Edit("- The smoke test passes.", "- The smoke test passes.\n- Customers were told."))
            .At(36.Minutes())
            .Refused("/resolve", "gates-unmet", "customers-were-told")
            .Refused("/tick customers-were-told", "usage")
            .Says("/tick customers-were-told mail of 03:20")
            .Says("/resolve")
            .Run();

    [Fact]
    public Task An_override_is_logged_by_name_with_its_reason_and_the_gates_it_passed_over() =>
        KamailioDown()
            .Refused("/resolve override:", "usage", "/resolve")
            .Says("/resolve override: false alarm, the probe was wrong", by: "Massimo")
            .Expect(
                Logged<Entry.Resolved>(r =>
                    r.Override == "false alarm, the probe was wrong" && r.UnmetGates.Contains("symptom")
                )
            )
            .ExpectThat(night => night.Log.Any(l => l.Entry is Entry.Resolved && l.By.Name == "Massimo"))
            .Run();

    [Fact]
    public Task An_override_that_nothing_needs_is_not_held_against_anybody() =>
        Recovered()
            .At(36.Minutes())
            .Says("/resolve override: enough")
            .Expect(Logged<Entry.Resolved>(r => r.Override == null))
            .Run();

    [Fact]
    public Task What_was_resolved_too_early_is_opened_again_and_its_gates_begin_anew() =>
        Recovered()
            .At(36.Minutes())
            .Says("/resolve")
            .At(40.Minutes())
            .Refused("/update still there?", "resolved", "/reopen")
            .Says("/reopen a customer still can not call")
            .Expect(Page("primary", "Massimo"))
            .Expect(i => i.State == IncidentState.Open && i.ResolvedAt == null)
            .Refused("/resolve", "gates-unmet", "stable", "cdr", "mitigation")
            .At(55.Minutes()) // the matrix runs anew from here
            .Expect(Page("secondary", "Massimo"))
            .Run();

    private static Scenario KamailioDown(Runbooks? runbooks = null) =>
        Scenario.With(runbooks ?? Runbooks.Shipped).At(0.Minutes()).Alert("KamailioDown", "critical", "kamailio");

    /// <summary>Acknowledged at 2 minutes; ended, mitigated and tested at 5; stable at 35.</summary>
    private static Scenario Recovered(Runbooks? runbooks = null, bool acknowledged = true, bool ticked = true)
    {
        var scenario = KamailioDown(runbooks).At(2.Minutes());
        if (acknowledged)
            scenario.Says("ACK oncall-one");
        scenario
            .At(5.Minutes())
            .AlertEnds("KamailioDown")
            .Says("/mitigated restarted kamailio")
            .Says("/run smoke-call");
        if (ticked)
            scenario.Says("/tick cdr 40 calls, 40 records");
        return scenario;
    }
}
