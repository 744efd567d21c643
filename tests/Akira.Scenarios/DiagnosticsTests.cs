namespace Akira.Scenarios;

/// <summary>Diagnostics: what is looked at before anybody has logged in anywhere.</summary>
public class DiagnosticsTests
{
    [Theory]
    [InlineData("critical")]
    [InlineData("warning")]
    [InlineData("info")]
    public Task The_global_snapshot_is_taken_of_every_incident_by_itself(string severity) =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("Trouble", severity, "kamailio")
            .Expect(Ran("public-pages", Verdict.Pass))
            .Expect(Logged<Entry.StepFinished>(s => s.Step == "containers"))
            .Run();

    [Fact]
    public Task What_the_snapshot_printed_is_evidence_with_its_exit_code() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("Trouble", "critical", "kamailio")
            .Expect(
                Logged<Entry.StepFinished>(s =>
                    s.Step == "public-pages"
                    && s.Parts[0].Host == "responder"
                    && s.Parts[0].ExitCode == 0
                    && s.Parts[0].Output.Contains("127.0.0.1")
                )
            )
            .Run();

    [Fact]
    public Task SEV1_looks_at_signaling_and_database_first() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("Trouble", "critical", "kamailio")
            .Expect(Logged<Entry.StepFinished>(s => s.Step == "signaling-state"))
            .Expect(Logged<Entry.StepFinished>(s => s.Step == "database-state"))
            .ExpectNo(Logged<Entry.StepRequested>(s => s.Step == "management-logs"))
            .Run();

    [Fact]
    public Task SEV2_looks_at_the_management_app_and_makes_a_smoke_call() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("Trouble", "warning", "frontend")
            .Expect(Logged<Entry.StepFinished>(s => s.Step == "management-logs"))
            .Expect(Ran("smoke-call", Verdict.Pass))
            .ExpectNo(Logged<Entry.StepRequested>(s => s.Step == "signaling-state"))
            .Run();

    [Fact]
    public Task A_SEV2_that_is_raised_gets_the_diagnostics_of_SEV1_too() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("Trouble", "warning", "kamailio")
            .At(5.Minutes())
            .Says("/sev SEV1 now no call passes")
            .Expect(Logged<Entry.StepFinished>(s => s.Step == "signaling-state"))
            .ExpectNo(Logged<Entry.StepRequested>(s => s.Step == "public-pages"))
            .Run();

    [Fact]
    public Task SEV3_avoids_risky_changes_nothing_but_reads_runs_by_itself() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("Trouble", "info", "kamailio")
            .ExpectThat(night => night.Log.Any(l => l.Entry is Entry.StepRequested))
            .ExpectThat(night =>
                night.Log.Select(l => l.Entry).OfType<Entry.StepRequested>().All(s => s.Effect == "read")
            )
            .Run();

    [Theory]
    [InlineData("critical", "kamailio")]
    [InlineData("warning", "frontend")]
    [InlineData("critical", "postgresql")]
    [InlineData("critical", "cdr-worker")]
    public Task Whatever_runs_by_itself_only_reads(string severity, string service) =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("Trouble", severity, service)
            .At(5.Minutes())
            .ExpectThat(night =>
                night
                    .Log.Select(l => l.Entry)
                    .OfType<Entry.StepRequested>()
                    .All(s => s.Effect == "read" && s.Reason == "diagnostics")
            )
            .Run();

    [Fact]
    public Task What_needs_a_host_that_no_key_opens_is_recorded_as_not_run_and_never_as_passed() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("Trouble", "critical", "kamailio")
            .Expect(
                Logged<Entry.StepFinished>(s =>
                    s.Step == "signaling-state"
                    && s.Verdict == Verdict.Fail
                    && s.Parts.Single().Host == "akira-sip-01-staging"
                    && s.Parts.Single().ExitCode == null
                    && s.Parts.Single().Remark!.StartsWith("not run: there is no private key")
                )
            )
            .Run();

    [Fact]
    public Task While_figures_are_beyond_the_SEV2_limits_the_incident_stays_SEV2() =>
        Scenario
            .With(Runbooks.Shipped)
            .At(10.Seconds())
            .Sample("asr", 0.84)
            .At(1.Minutes())
            .Says("ACK oncall-one")
            .At(10.Minutes())
            .Refused("/sev SEV3 feels better", "not-stable", "30 min", "still fires")
            .Says("/mitigated took the bad trunk out")
            .Refused("/sev SEV3 feels better", "not-stable")
            .Expect(i => i.Severity == new Severity(2))
            .Run();

    [Fact]
    public Task It_stays_SEV2_until_the_trend_has_recovered_for_30_minutes() =>
        Scenario
            .With(Runbooks.Shipped)
            .At(10.Seconds())
            .Sample("asr", 0.84)
            .At(1.Minutes())
            .Says("ACK oncall-one")
            .At(2.Minutes())
            .Sample("asr", 0.96)
            .At(25.Minutes())
            .Says("/update traffic is back")
            .At(32.Minutes())
            .Refused("/sev SEV3 feels better", "not-stable", "29 min 59 s")
            .At(32.Minutes() + 1.Seconds())
            .Expect(Logged<Entry.StabilityReached>())
            .Says("/sev SEV3 the trend is back")
            .Expect(i => i.Severity == new Severity(3))
            .Run();

    [Fact]
    public Task A_relapse_begins_the_30_minutes_anew() =>
        Scenario
            .With(Runbooks.Shipped)
            .At(10.Seconds())
            .Sample("asr", 0.84)
            .At(2.Minutes())
            .Says("ACK oncall-one")
            .Sample("asr", 0.96)
            .At(20.Minutes())
            .Sample("asr", 0.84)
            .At(21.Minutes())
            .Sample("asr", 0.96)
            .At(33.Minutes())
            .Refused("/sev SEV3 feels better", "not-stable", "11 min 59 s")
            .Run();

    [Fact]
    public Task SEV3_stays_in_the_queue_unless_it_worsens() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("OddCaller", "info", "kamailio")
            .At(60.Minutes())
            .ExpectThat(night => night.Pages.Count == 0)
            .Alert("ManyOddCallers", "warning", "kamailio")
            .Expect(i => i.Severity == new Severity(2) && i.Number == 1)
            .Expect(Page("primary"))
            .Run();
}
