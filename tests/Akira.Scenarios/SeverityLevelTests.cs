namespace Akira.Scenarios;

/// <summary>Severity levels: what opens each, by when somebody must have acknowledged, and who hears of it.</summary>
public class SeverityLevelTests
{
    private static readonly Severity Sev1 = new(1);
    private static readonly Severity Sev2 = new(2);
    private static readonly Severity Sev3 = new(3);

    [Theory]
    [InlineData("kamailio.up", 0, 6, "signaling")] // no signaling at all
    [InlineData("postgresql.up", 0, 6, "database")] // no database
    [InlineData("cdr.loss_in", 1200, 1, "CDR pipeline")] // call records about to be lost: in 20 minutes
    public Task A_total_signaling_outage_a_lost_database_or_imminent_CDR_loss_opens_a_SEV1(
        string sample,
        double value,
        int within,
        string subsystem
    ) =>
        Scenario
            .With(Runbooks.Shipped)
            .At(10.Seconds())
            .Sample(sample, value)
            .At((10 + within).Seconds())
            .Expect(i => i.Severity == Sev1 && i.Subsystem == subsystem)
            .Expect(i => i.DetectedAt > Night.Beginning + 10.Seconds())
            .Run();

    [Theory]
    [InlineData("pdd.p95", 5.4, 1, "signaling")] // post-dial delay beyond 5 s
    [InlineData("asr", 0.84, 1, "signaling")] // answer-seizure ratio under 90 %
    [InlineData("nats.up", 0, 31, "CDR pipeline")] // a part of the platform
    [InlineData("cdr.backlog_age", 400, 1, "CDR pipeline")] // a part of the platform
    [InlineData("frontend.up", 0, 31, "management app")]
    [InlineData("backend.up", 0, 31, "management app")]
    [InlineData("vault.sealed", 1, 31, "Vault")]
    public Task A_long_post_dial_delay_a_low_ASR_a_partial_outage_or_a_frontend_or_API_out_of_reach_opens_a_SEV2(
        string sample,
        double value,
        int within,
        string subsystem
    ) =>
        Scenario
            .With(Runbooks.Shipped)
            .At(10.Seconds())
            .Sample(sample, value)
            .At((10 + within).Seconds())
            .Expect(i => i.Severity == Sev2 && i.Subsystem == subsystem)
            .Run();

    [Theory]
    [InlineData("pdd.p95", 4.9)]
    [InlineData("asr", 0.91)]
    [InlineData("cdr.loss_in", 1860)]
    [InlineData("cert.expires_in", 1_300_000)]
    public Task Figures_on_the_right_side_of_their_limits_open_nothing(string sample, double value) =>
        Scenario
            .With(Runbooks.Shipped)
            .At(10.Seconds())
            .Sample(sample, value)
            .At(2.Minutes())
            .ExpectThat(night => night.Incidents == 0)
            .Run();

    [Fact]
    public Task A_service_that_is_down_for_less_than_its_time_opens_nothing() =>
        Scenario
            .With(Runbooks.Shipped)
            .At(10.Seconds())
            .Sample("frontend.up", 0)
            .At(13.Seconds())
            .Sample("frontend.up", 1)
            .At(2.Minutes())
            .ExpectThat(night => night.Incidents == 0)
            .Run();

    [Theory]
    [InlineData("cert.expires_in", 1_100_000, 1, "certificate")]
    [InlineData("replication.lag", 90, 1, "database")]
    public Task Trouble_that_no_caller_notices_opens_a_SEV3(
        string sample,
        double value,
        int within,
        string subsystem
    ) =>
        Scenario
            .With(Runbooks.Shipped)
            .At(10.Seconds())
            .Sample(sample, value)
            .At((10 + within).Seconds())
            .Expect(i => i.Severity == Sev3 && i.Subsystem == subsystem)
            .ExpectNo(Page())
            .Run();

    [Theory]
    [InlineData("critical", 1)]
    [InlineData("SEV1", 1)]
    [InlineData("warning", 2)]
    [InlineData("info", 3)]
    public Task An_alert_opens_the_severity_that_its_label_says(string label, int level) =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("Something", label, service: "kamailio")
            .Expect(i => i.Severity == new Severity(level))
            .Run();

    [Theory]
    [InlineData(null)]
    [InlineData("purple")]
    public Task An_alert_that_does_not_say_how_bad_it_is_is_taken_for_the_worst(string? label) =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("Something", label, service: "kamailio")
            .Expect(i => i.Severity == Sev1)
            .Run();

    [Fact]
    public Task SEV1_is_to_be_acknowledged_within_15_minutes() => AckIsDueAfter(15.Minutes(), "critical");

    [Fact]
    public Task SEV2_is_to_be_acknowledged_within_30_minutes() => AckIsDueAfter(30.Minutes(), "warning");

    [Fact]
    public Task SEV1_acknowledged_in_time_misses_no_ack_deadline() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(14.Minutes())
            .Says("ACK oncall-one")
            .Expect(i => i.State == IncidentState.Acknowledged && i.AcknowledgedBy == "oncall-one")
            .At(16.Minutes())
            .ExpectNo(Logged<Entry.DeadlineMissed>(d => d.Deadline == "ack"))
            .Run();

    [Fact]
    public Task SEV3_is_to_be_acknowledged_within_4_hours_and_even_then_nobody_is_woken() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("OddCaller", "info", "kamailio")
            .ExpectThat(night => night.Deadline("ack") == 4.Hours())
            .At(4.Hours() - 5.Seconds())
            .ExpectNo(Logged<Entry.DeadlineMissed>())
            .At(4.Hours())
            .Expect(Logged<Entry.DeadlineMissed>(d => d.Deadline == "ack"))
            .Expect(Reminder("acknowledged"))
            .ExpectThat(night => night.Pages.Count == 0)
            .Run();

    [Fact]
    public Task SEV1_tells_the_primary_at_once_and_Massimo_too() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio", summary: "no calls pass")
            .Expect(Page("primary", "Massimo"))
            .Expect(PageSaying("SEV1", "signaling", "no calls pass", "15 min", "ACK"))
            .Run();

    [Fact]
    public Task SEV2_tells_the_primary_at_once_and_lets_Massimo_sleep() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("SlowCalls", "warning", "kamailio")
            .Expect(Page("primary"))
            .At(2.Hours())
            .ExpectNo(Page("Massimo"))
            .ExpectNo(Page("primary", "Massimo"))
            .Run();

    [Fact]
    public Task SEV3_waits_for_the_stand_up_or_a_ticket_comment_and_pages_nobody() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("OddCaller", "info", "kamailio")
            .Expect(Reminder("SEV3"))
            .Says("/log oncall-two sees it in the ticket")
            .At(5.Hours())
            .ExpectThat(night => night.Pages.Count == 0)
            .Run();

    private static Task AckIsDueAfter(TimeSpan target, string severity) =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("Something", severity, "kamailio")
            .ExpectThat(night => night.Deadline("ack") == target)
            .At(target - 5.Seconds())
            .ExpectNo(Logged<Entry.DeadlineMissed>(d => d.Deadline == "ack"))
            .At(target)
            .Expect(Logged<Entry.DeadlineMissed>(d => d.Deadline == "ack"))
            .Expect(PageSaying("nobody has acknowledged"))
            .Expect(Page("primary"))
            .Run();
}
