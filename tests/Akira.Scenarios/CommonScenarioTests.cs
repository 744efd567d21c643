namespace Akira.Scenarios;

/// <summary>The common scenarios, each offered for what it is about.</summary>
public class CommonScenarioTests
{
    private const string Replay = """

        #### Replay what the worker missed

        ```sh { name=records-idempotency-check }
        echo cdr_worker takes a second copy without harm: --consumer cdr_worker --since 02:00
        ```

        ```sh { name=records-replay effect=disruptive }
        echo replay --consumer cdr_worker --since 02:00
        ```

        """;

    private static Runbooks WithReplay { get; } =
        Runbooks.Shipped.Edit("### Frontend unreachable", Replay + "\n### Frontend unreachable");

    [Theory]
    [InlineData("kamailio", "kamailio-diagnosis", "Kamailio down")]
    [InlineData("cdr-worker", "cdr-worker-logs", "CDR pipeline stuck")]
    [InlineData("nats", "cdr-stream", "CDR pipeline stuck")]
    [InlineData("frontend", "frontend-from-outside", "Frontend unreachable")]
    public Task Each_is_offered_and_diagnosed_for_its_subsystem(string service, string step, string heading) =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("Trouble", "critical", service)
            .Expect(Logged<Entry.StepFinished>(s => s.Step == step))
            .ExpectThat(night => night.ScenariosOffered.SequenceEqual(new[] { heading }))
            .Run();

    [Fact]
    public Task Kamailio_down_is_offered_when_a_probe_finds_signaling_gone() =>
        Scenario
            .With(Runbooks.Shipped)
            .At(10.Seconds())
            .Sample("kamailio.up", 0)
            .At(20.Seconds())
            .ExpectThat(night => night.ScenariosOffered.Contains("Kamailio down"))
            .ExpectThat(night => night.Log.Any(l => l.Entry is Entry.StepFinished { Step: "kamailio-diagnosis" }))
            .Run();

    [Fact]
    public Task What_recovers_never_runs_by_itself() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(20.Minutes())
            .ExpectThat(night => !night.Log.Any(l => l.Entry is Entry.StepRequested { Step: "kamailio-restart" }))
            .Run();

    [Fact]
    public Task Recovery_is_validated_with_a_smoke_call_and_the_count_of_CDRs() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .Says("ACK oncall-one")
            .At(5.Minutes())
            .AlertEnds("KamailioDown")
            .Says("/mitigated restarted kamailio")
            .ExpectThat(night => !night.Gate("smoke").Met && !night.Gate("cdr").Met)
            .Says("/run smoke-call")
            .Expect(Ran("smoke-call", Verdict.Pass))
            .ExpectThat(night => night.Gate("smoke").Met)
            .Says("/tick cdr 40 calls, 40 records")
            .ExpectThat(night => night.Gate("cdr").Met)
            .Run();

    [Fact]
    public Task CDR_messages_are_replayed_only_after_idempotency_was_checked() =>
        Scenario
            .With(WithReplay)
            .Alert("CdrBacklog", "critical", "cdr-worker")
            .At(5.Minutes())
            .Refused("/run records-replay", "idempotency-unchecked", "consumer", "window")
            .Says("/run records-idempotency-check")
            .Expect(Ran("records-idempotency-check", Verdict.Pass))
            .Says("/run records-replay")
            .Confirms()
            .Expect(Ran("records-replay", Verdict.Pass))
            .Run();

    [Fact]
    public Task The_check_may_be_the_proof_that_the_replay_itself_offers() =>
        Scenario
            .With(
                WithReplay.Edit(
                    "echo cdr_worker takes a second copy without harm: --consumer",
                    "echo akira cdr replay --consumer"
                )
            )
            .Alert("CdrBacklog", "critical", "cdr-worker")
            .Says("/run records-idempotency-check")
            .Expect(Ran("records-idempotency-check", Verdict.Pass))
            .Says("/run records-replay")
            .Confirms()
            .Expect(Ran("records-replay", Verdict.Pass))
            .Run();

    [Theory]
    [InlineData("--consumer cdr_worker --since 02:00", "--consumer other_worker --since 02:00")] // another consumer
    [InlineData("--consumer cdr_worker --since 02:00", "--consumer cdr_worker --since 00:00")] // another window
    public Task A_check_of_another_consumer_or_time_window_does_not_count(string was, string becomes) =>
        Scenario
            .With(WithReplay.Edit($"echo replay {was}", $"echo replay {becomes}"))
            .Alert("CdrBacklog", "critical", "cdr-worker")
            .Says("/run records-idempotency-check")
            .Refused("/run records-replay", "idempotency-unchecked")
            .Run();

    [Fact]
    public Task A_check_that_failed_does_not_count() =>
        Scenario
            .With(WithReplay.Edit("echo cdr_worker takes", "false && echo cdr_worker takes"))
            .Alert("CdrBacklog", "critical", "cdr-worker")
            .Says("/run records-idempotency-check")
            .Expect(Ran("records-idempotency-check", Verdict.Fail))
            .Refused("/run records-replay", "idempotency-unchecked")
            .Run();

    [Fact]
    public Task Certificate_errors_of_Caddy_lead_to_the_certificate_runbook() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("FrontendDown", "warning", "frontend")
            .Says("/classify certificate")
            .ExpectThat(night => night.RunbooksOffered.Contains("cert-renewal.md"))
            .Run();
}
