namespace Akira.Scenarios;

/// <summary>The document rules: who changes its words changes what happens, with no change of code.</summary>
public class DocumentRulesTests
{
    private const string Sev4 = """
        ### SEV4 - Cosmetic

        - Definition: somebody was annoyed.
        - Ack target: 20 minutes
        - Communication: Telegram, immediate, plus Francesco
        - Update every: 10 minutes
        - Opens when: `calls.attempts > 1000`

        ## Kickoff procedure
        """;

    [Fact]
    public Task Another_ack_target_is_obeyed() =>
        Scenario
            .With(Runbooks.Shipped.Edit("- Ack target: 15 minutes", "- Ack target: 7 minutes"))
            .Alert("KamailioDown", "critical", "kamailio")
            .Expect(PageSaying("Acknowledge within 7 min"))
            .At(7.Minutes())
            .Expect(Logged<Entry.DeadlineMissed>(d => d.Deadline == "ack"))
            .Run();

    [Fact]
    public Task Another_time_in_the_escalation_matrix_is_obeyed() =>
        Scenario
            .With(Runbooks.Shipped.Edit("| T+15 min |", "| T+8 min |"))
            .Alert("KamailioDown", "critical", "kamailio")
            .At(8.Minutes())
            .Expect(Page("secondary", "Massimo"))
            .At(15.Minutes())
            .ExpectNo(Page("secondary", "Massimo"))
            .Run();

    [Fact]
    public Task Other_people_in_the_escalation_matrix_are_paged() =>
        Scenario
            .With(Runbooks.Shipped.Edit("Page secondary and Massimo if not mitigated", "Page Francesco"))
            .Alert("KamailioDown", "critical", "kamailio")
            .At(15.Minutes())
            .Expect(Page("Francesco"))
            .Run();

    [Fact]
    public Task Another_condition_in_a_cell_is_obeyed() =>
        Scenario
            .With(
                Runbooks.Shipped.Edit(
                    "Page secondary and Massimo if not mitigated",
                    "Page secondary and Massimo if not acknowledged"
                )
            )
            .Alert("KamailioDown", "critical", "kamailio")
            .At(1.Minutes())
            .Says("ACK oncall-one")
            .At(15.Minutes())
            .Expect(Escalated("skipped: acknowledged"))
            .ExpectNo(Page("secondary", "Massimo"))
            .Run();

    [Fact]
    public Task A_row_taken_out_of_the_matrix_pages_nobody() =>
        Scenario
            .With(Runbooks.Shipped.Without("| T+15 min |"))
            .Alert("KamailioDown", "critical", "kamailio")
            .At(1.Minutes())
            .Says("ACK oncall-one")
            .At(29.Minutes())
            .ExpectNo(Page())
            .At(30.Minutes())
            .Expect(Page("Francesco"))
            .Run();

    [Fact]
    public Task A_row_added_to_the_matrix_pages() =>
        Scenario
            .With(Runbooks.Shipped.Edit("| T+60 min |", "| T+45 min | Page Massimo | - |\n| T+60 min |"))
            .Alert("KamailioDown", "critical", "kamailio")
            .At(45.Minutes())
            .Expect(Page("Massimo"))
            .Run();

    [Fact]
    public Task Another_cadence_is_obeyed() =>
        Scenario
            .With(Runbooks.Shipped.Edit("every 15 minutes for SEV1", "every 5 minutes for SEV1"))
            .Alert("KamailioDown", "critical", "kamailio")
            .Says("ACK oncall-one")
            .At(5.Minutes())
            .Expect(Reminder("update", "5 min"))
            .At(10.Minutes())
            .Expect(Logged<Entry.AckExpired>())
            .Run();

    [Fact]
    public Task A_severity_can_be_added() =>
        Scenario
            .With(
                Runbooks
                    .Shipped.Edit("## Kickoff procedure", Sev4)
                    .Edit("| SEV1 Action | SEV2 Action |", "| SEV1 Action | SEV2 Action | SEV4 Action |")
                    .Edit("| --- | --- | --- |", "| --- | --- | --- | --- |")
                    .Edit("Reclassify, or plan the follow-up |", "Reclassify, or plan the follow-up | Page Massimo |")
            )
            .At(10.Seconds())
            .Sample("calls.attempts", 1200)
            .At(15.Seconds())
            .Expect(i => i.Severity == new Severity(4))
            .ExpectThat(night => night.Pages.Any(p => night.People("primary", "Francesco").SetEquals(p.To)))
            .At(20.Minutes() + 15.Seconds())
            .ExpectThat(night => night.Log.Any(l => l.Entry is Entry.DeadlineMissed { Deadline: "ack" }))
            .ExpectThat(night => night.Log.Any(l => l.Entry is Entry.DeadlineMissed { Deadline: "update" }))
            .At(60.Minutes() + 15.Seconds())
            .ExpectThat(night => night.Pages.Any(p => night.People("Massimo").SetEquals(p.To)))
            .Run();

    [Fact]
    public Task A_person_can_be_renamed() =>
        Scenario
            .With(
                Runbooks
                    .Shipped.Edit("plus Massimo", "plus Giulia")
                    .Edit("secondary and Massimo", "secondary and Giulia")
                    .Edit("platform.md", "| Massimo | - | massimo@", "| Giulia | - | giulia@")
            )
            .Alert("KamailioDown", "critical", "kamailio")
            .Expect(Page("primary", "Giulia"))
            .At(15.Minutes())
            .Expect(Page("secondary", "Giulia"))
            .Run();

    [Fact]
    public Task Another_person_can_be_on_call() =>
        Scenario
            .With(Runbooks.Shipped.Edit("platform.md", "| oncall-one | - | oncall-1@", "| anna | - | anna@"))
            .Alert("KamailioDown", "critical", "kamailio")
            .Expect(Page("anna", "Massimo"))
            .Run();

    [Fact]
    public Task Another_stability_is_asked_for_before_a_downgrade() =>
        Scenario
            .With(Runbooks.Shipped.Edit("has been stable for 30 minutes", "has been stable for 10 minutes"))
            .Alert("KamailioDown", "critical", "kamailio")
            .At(1.Minutes())
            .AlertEnds("KamailioDown")
            .At(10.Minutes())
            .Refused("/sev SEV2 calmer", "not-stable", "10 min")
            .At(11.Minutes())
            .Says("/sev SEV2 calmer")
            .Run();

    [Fact]
    public Task A_gate_taken_out_is_no_longer_asked_for() =>
        Scenario
            .With(Runbooks.Shipped.Without("- The smoke test passes."))
            .Alert("KamailioDown", "critical", "kamailio")
            .ExpectThat(night => night.Gates.All(g => g.Gate.Name != "smoke"))
            .Run();

    [Fact]
    public Task Another_condition_opens_at_another_figure() =>
        Scenario
            .With(Runbooks.Shipped.Edit("`asr < 90% over 5m`", "`asr < 70% over 5m`"))
            .At(10.Seconds())
            .Sample("asr", 0.84)
            .At(60.Seconds())
            .ExpectThat(night => night.Incidents == 0)
            .Sample("asr", 0.65)
            .At(65.Seconds())
            .ExpectThat(night => night.Incidents == 1)
            .Run();

    [Fact]
    public Task A_document_without_conditions_loads_with_warnings_and_is_opened_by_alerts_and_people() =>
        Scenario
            .With(WithoutConditions)
            .ExpectThat(night => night.Findings.Count(f => f.Code == "AKR205" && !f.IsError) == 3)
            .ExpectThat(night => night.Findings.All(f => !f.IsError))
            .At(10.Seconds())
            .Sample("kamailio.up", 0)
            .At(30.Seconds())
            .ExpectThat(night => night.Incidents == 0)
            .Alert("KamailioDown", "critical", "kamailio")
            .Says("/ticket \"SEV2 - no database\" severity:warning")
            .ExpectThat(night => night.Incidents == 2)
            .Run();

    [Theory]
    [InlineData("- Ack target: 15 minutes", "- Ack target: soon", "AKR203", ":12:15:")]
    [InlineData("- Ack target: 15 minutes", "- Ack: 15 minutes", "AKR202", ":9:1:")]
    [InlineData("Page Francesco,", "Page Frencesco,", "AKR404", ":249:19:")]
    [InlineData("| T+30 min |", "| later |", "AKR402", ":249:3:")]
    [InlineData("`asr < 90% over 5m`", "`asr < lots over 5m`", "AKR701", ":23:46:")]
    [InlineData("### SEV3 - Minor", "### SEV2 - Minor", "AKR204", ":")]
    public async Task A_broken_document_is_refused_at_start_with_place_code_and_a_way_out(
        string was,
        string becomes,
        string code,
        string place
    )
    {
        var refusal = await Night.RefusedStart(Runbooks.Shipped.Edit(was, becomes));
        var line = refusal.Split('\n').First(l => l.Contains(code));
        Assert.Matches(@"^incident-response\.md:\d+:\d+: error AKR\d{3}: .+\. .+\.$", line);
        Assert.StartsWith("incident-response.md" + place, line);
    }

    [Fact]
    public async Task A_folder_without_the_document_is_refused_at_start()
    {
        var refusal = await Night.RefusedStart(new Runbooks(Runbooks.Shipped.Files.Remove("incident-response.md")));
        Assert.Contains("error AKR101", refusal);
    }

    [Fact]
    public Task A_document_that_breaks_under_a_running_responder_leaves_the_last_good_one_in_force() =>
        Scenario
            .With(Runbooks.Shipped)
            .At(1.Minutes())
            .EditRunbooks(r => r.Edit("- Ack target: 15 minutes", "- Ack target: soon"))
            .ExpectThat(night => night.Findings.Any(f => f.IsError && f.Code == "AKR203"))
            .Alert("KamailioDown", "critical", "kamailio")
            .Expect(Page("primary", "Massimo"))
            .ExpectThat(night => night.Deadline("ack") == 16.Minutes())
            .Run();

    [Fact]
    public Task A_good_edit_rules_incidents_that_begin_after_it_and_no_other() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(1.Minutes())
            .EditRunbooks(r => r.Edit("- Ack target: 15 minutes", "- Ack target: 5 minutes"))
            .Alert("PostgresDown", "critical", "postgresql")
            .ExpectThat(night => night.Deadline("ack") == 15.Minutes())
            .About(2)
            .ExpectThat(night => night.Deadline("ack") == 6.Minutes())
            .At(6.Minutes())
            .Expect(Logged<Entry.DeadlineMissed>())
            .About(1)
            .At(15.Minutes())
            .Expect(Logged<Entry.DeadlineMissed>(d => d.Deadline == "ack"))
            .Run();

    [Fact]
    public Task A_running_incident_moves_to_the_edited_document_when_somebody_says_so() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(1.Minutes())
            .EditRunbooks(r => r.Edit("- Ack target: 15 minutes", "- Ack target: 5 minutes"))
            .At(2.Minutes())
            .Says("/policy reload")
            .Expect(Logged<Entry.PolicyMoved>())
            .At(5.Minutes())
            .Expect(Logged<Entry.DeadlineMissed>(d => d.Deadline == "ack"))
            .Run();

    [Fact]
    public Task A_running_incident_pages_whoever_is_on_call_now_by_the_rules_it_began_with() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(1.Minutes())
            .EditRunbooks(r =>
                r.Edit("platform.md", "| oncall-two |", "| dora |")
                    .Edit("- Ack target: 15 minutes", "- Ack target: 5 minutes")
            )
            .At(15.Minutes())
            .Expect(Page("dora", "Massimo"))
            .Expect(Logged<Entry.DeadlineMissed>(d => d.Deadline == "ack"))
            .Run();

    [Fact]
    public Task Who_runs_a_step_of_the_old_document_is_told_that_there_is_a_new_one() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(1.Minutes())
            .EditRunbooks(r => r.Edit("- Ack target: 15 minutes", "- Ack target: 5 minutes"))
            .At(2.Minutes())
            .Says("/run signaling-state")
            .ExpectThat(night => night.LastReply.StartsWith("The runbooks have changed", StringComparison.Ordinal))
            .Says("/policy reload")
            .Says("/run signaling-state")
            .ExpectThat(night => night.LastReply.StartsWith("Running", StringComparison.Ordinal))
            .Run();

    [Fact]
    public Task A_running_incident_keeps_its_document_over_a_restart() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(1.Minutes())
            .EditRunbooks(r => r.Edit("- Ack target: 15 minutes", "- Ack target: 5 minutes"))
            .Restart()
            .At(6.Minutes())
            .ExpectNo(Logged<Entry.DeadlineMissed>())
            .At(15.Minutes())
            .Expect(Logged<Entry.DeadlineMissed>(d => d.Deadline == "ack"))
            .Run();

    private static Runbooks WithoutConditions =>
        Runbooks.Shipped.Without("- Opens when:").Without("- Opens when:").Without("- Opens when:");
}
