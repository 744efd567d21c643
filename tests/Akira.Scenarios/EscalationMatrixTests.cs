namespace Akira.Scenarios;

/// <summary>The escalation matrix, cell by cell. Time runs from detection.</summary>
public class EscalationMatrixTests
{
    [Fact]
    public Task SEV1_at_detection_asks_for_an_ack_and_opens_the_incident() =>
        Sev1()
            .Expect(Logged<Entry.Opened>())
            .Expect(PageSaying("ACK <name>"))
            .Expect(Logged<Entry.Escalated>(e => e.Elapsed == TimeSpan.Zero && e.Outcome == "reminded"))
            .Run();

    [Fact]
    public Task SEV1_at_15_minutes_pages_the_secondary_and_Massimo_if_not_mitigated() =>
        Sev1()
            .Expect(Page("primary", "Massimo"))
            .At(1.Minutes())
            .Says("ACK oncall-one") // an ack alone stops nothing
            .At(15.Minutes() - 5.Seconds())
            .ExpectNo(Page())
            .At(15.Minutes())
            .Expect(Page("secondary", "Massimo"))
            .Expect(Escalated("paged"))
            .Run();

    [Fact]
    public Task SEV1_at_15_minutes_pages_nobody_further_if_mitigated() =>
        Sev1()
            .At(1.Minutes())
            .Says("ACK oncall-one")
            .At(10.Minutes())
            .AlertEnds("KamailioDown")
            .Says("/mitigated restarted kamailio")
            .At(15.Minutes())
            .Expect(Escalated("skipped: mitigated"))
            .ExpectNo(Page())
            .Run();

    [Fact]
    public Task SEV1_at_30_minutes_pages_Francesco_and_reminds_of_rollback_or_DR() =>
        Sev1()
            .At(1.Minutes())
            .Says("ACK oncall-one")
            .At(29.Minutes())
            .Says("/update nothing yet")
            .At(30.Minutes())
            .Expect(Page("Francesco"))
            .ExpectNo(Page("secondary"))
            .Expect(Reminder("rollback or DR"))
            .Run();

    [Fact]
    public Task SEV1_at_60_minutes_reminds_to_keep_the_bridge_and_pages_nobody() =>
        Sev1()
            .At(1.Minutes())
            .Says("ACK oncall-one")
            .At(14.Minutes())
            .Says("/update one")
            .At(28.Minutes())
            .Says("/update two")
            .At(42.Minutes())
            .Says("/update three")
            .At(56.Minutes())
            .Says("/update four")
            .At(60.Minutes())
            .Expect(Reminder("bridge"))
            .ExpectNo(Page())
            .Run();

    [Fact]
    public Task SEV2_at_detection_asks_for_an_ack_and_opens_the_ticket() =>
        Sev2().Expect(Logged<Entry.Opened>()).Expect(Page("primary")).Expect(Escalated("reminded")).Run();

    [Fact]
    public Task SEV2_at_15_minutes_goes_on_with_the_diagnosis_and_pages_nobody() =>
        Sev2().At(15.Minutes()).Expect(Reminder("diagnosis")).ExpectNo(Page()).Run();

    [Fact]
    public Task SEV2_at_30_minutes_pages_the_secondary() =>
        Sev2().Says("ACK oncall-one").At(30.Minutes()).Expect(Page("secondary")).ExpectNo(Page("Francesco")).Run();

    [Fact]
    public Task SEV2_at_60_minutes_reminds_to_reclassify_or_plan_the_follow_up() =>
        Sev2()
            .Says("ACK oncall-one")
            .At(29.Minutes())
            .Says("/update one")
            .At(58.Minutes())
            .Says("/update two")
            .At(60.Minutes())
            .Expect(Reminder("reclassify", "follow-up"))
            .ExpectNo(Page())
            .Run();

    [Fact]
    public Task SEV3_is_in_no_column_and_is_escalated_to_nobody() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("OddCaller", "info", "kamailio")
            .At(70.Minutes())
            .ExpectNo(Logged<Entry.Escalated>())
            .ExpectThat(night => night.Pages.Count == 0)
            .Run();

    [Fact]
    public Task A_SEV2_that_becomes_a_SEV1_makes_up_for_the_rows_that_are_behind_it() =>
        Sev2()
            .At(20.Minutes())
            .Says("/sev SEV1 now no call passes")
            .Expect(Page("primary", "Massimo"))
            .Expect(Page("secondary", "Massimo"))
            .At(30.Minutes())
            .Expect(Page("Francesco"))
            .Run();

    [Fact]
    public Task A_resolved_incident_escalates_no_further() =>
        Sev1()
            .Says("ACK oncall-one")
            .At(5.Minutes())
            .AlertEnds("KamailioDown")
            .Says("/resolve override: a false alarm, the probe was wrong")
            .At(70.Minutes())
            .ExpectNo(Page())
            .ExpectNo(Logged<Entry.Escalated>())
            .Run();

    private static Scenario Sev1() =>
        Scenario.With(Runbooks.Shipped).At(0.Minutes()).Alert("KamailioDown", "critical", "kamailio");

    private static Scenario Sev2() =>
        Scenario.With(Runbooks.Shipped).At(0.Minutes()).Alert("SlowCalls", "warning", "kamailio");
}
