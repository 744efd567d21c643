using System.Collections.Immutable;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Core.Tests.Runbooks;

namespace Akira.Core.Tests.Incidents;

/// <summary>What is advised, with the runbooks that ship.</summary>
public class MitigationTests
{
    private static readonly Policy Runbooks = Shipped.Policy;

    [Fact]
    public void A_deploy_that_touched_what_fails_a_quarter_of_an_hour_before_speaks_for_the_rollback()
    {
        var option = Of(Deployed("kamailio", minutesBefore: 15))[0];
        Assert.True(option.Speaks);
        Assert.Equal("kamailio 2.4.0, 15 min before detection; it touched signaling, which fails", option.Fact);
        Assert.Equal(["rollback-signaling"], option.Steps.Select(s => s.Name));
        Assert.Equal("/run rollback-signaling", option.Steps[0].Say);
    }

    [Fact]
    public void A_deploy_of_something_else_speaks_against_it()
    {
        var option = Of(Deployed("backend", minutesBefore: 15))[0];
        Assert.False(option.Speaks);
        Assert.Contains("it touched management app, not signaling", option.Fact, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deploy_of_what_the_failing_service_depends_on_touched_it() =>
        Assert.True(Of(Deployed("backend", minutesBefore: 5, failing: "frontend"))[0].Speaks);

    [Fact]
    public void A_deploy_of_yesterday_leaves_it_open() =>
        Assert.Null(Of(Deployed("kamailio", minutesBefore: 900))[0].Speaks);

    [Fact]
    public void One_service_that_failed_alone_is_restarted_and_the_step_is_at_hand()
    {
        var option = Of(Failing("kamailio"))[1];
        Assert.True(option.Speaks);
        Assert.Equal(["kamailio-restart"], option.Steps.Select(s => s.Name));
        Assert.Equal("disruptive", option.Steps[0].Effect);
        Assert.Null(option.Steps[0].First);
    }

    [Fact]
    public void Services_that_only_need_the_failed_one_do_not_hide_it()
    {
        var option = Of(Failing("nats").Fires("A2", service: "cdr-worker"))[1];
        Assert.True(option.Speaks);
        Assert.Equal("nats has failed, not one alone: cdr-worker depend on it", option.Fact);
    }

    [Fact]
    public void Two_services_that_fail_on_their_own_speak_against_a_restart() =>
        Assert.False(Of(Failing("caddy").Fires("A2", service: "backend"))[1].Speaks);

    [Fact]
    public void Where_the_database_is_well_nobody_fails_over() =>
        Assert.Equal(
            (false, "the database is not the affected subsystem (signaling)"),
            (Of(Failing("kamailio"))[2].Speaks, Of(Failing("kamailio"))[2].Fact)
        );

    [Fact]
    public void A_primary_that_would_need_longer_than_the_runbook_grants_speaks_for_the_failover()
    {
        var story = Printed(
            """
            2026-03-01 03:00:00.000 UTC [7] LOG:  starting PostgreSQL 15.14
            2026-03-01 03:00:00.100 UTC [8] LOG:  redo starts at 0/10000000
            2026-03-01 03:00:10.100 UTC [8] LOG:  redo in progress, elapsed time: 10.00 s, current LSN: 0/10A00000
            """
        );
        var option = Of(story, new PlatformFacts(0, null, 0x10000000 + (600L << 20)))[2];
        Assert.True(option.Speaks);
        Assert.Contains("590 MB of WAL left to replay at 1 MB a second", option.Fact, StringComparison.Ordinal);
        Assert.Contains("the standby has all that the primary wrote", option.Fact, StringComparison.Ordinal);
        Assert.Equal(["fence-old-primary", "promote-standby", "repoint-clients"], option.Steps.Select(s => s.Name));
        Assert.Equal("/log about to run fence-old-primary on akira-db-01-staging", option.Steps[0].First);
    }

    [Fact]
    public void A_primary_that_is_back_in_seconds_speaks_against_it()
    {
        var story = Printed(
            """
            2026-02-01 03:00:00.000 UTC [7] LOG:  starting PostgreSQL 15.14
            2026-02-01 03:00:00.100 UTC [8] LOG:  redo starts at 0/10000000
            2026-02-01 03:00:02.100 UTC [8] LOG:  redo done at 0/12800000 system usage: CPU: user: 1.00 s, system: 0.10 s, elapsed: 2.00 s
            2026-02-01 03:00:03.000 UTC [7] LOG:  database system is ready to accept connections
            """
        );
        var option = Of(story, new PlatformFacts(40 << 10, 60 << 20, null))[2];
        Assert.False(option.Speaks);
        Assert.Contains(
            "its primary would need about 4 s once it is started: 60 MB of WAL to replay at 20 MB a second",
            option.Fact,
            StringComparison.Ordinal
        );
        Assert.Contains("the standby lacks 40 KB", option.Fact, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_speaks_for_it() =>
        Assert.True(
            Of(Printed("2026-03-01 03:00:00 UTC [7] FATAL:  could not write: No space left on device"))[2].Speaks
        );

    [Fact]
    public void Where_nothing_is_known_nothing_is_made_up()
    {
        var option = Of(Failing("postgresql"))[2];
        Assert.Null(option.Speaks);
        Assert.Equal(
            "the database is affected; the time to recover its primary is unknown; what the standby lacks is unknown",
            option.Fact
        );
    }

    [Fact]
    public void A_log_that_makes_no_sense_breaks_nothing()
    {
        foreach (
            var line in (string[])
                [
                    "redo starts at FFFFFFFF/FFFFFFFF",
                    "redo done at 0/0 elapsed: 0.00 s",
                    "9999-99-99 99:99:99 starting PostgreSQL",
                ]
        )
            Of(
                Printed(
                    $"starting PostgreSQL\n{line}\nredo starts at 0/1\nredo in progress, elapsed time: 999999999.9 s, current LSN: 0/0"
                )
            );
    }

    private static Story Failing(string service) => Story.OfAlert(service: service, policy: Runbooks);

    private static Story Deployed(string service, double minutesBefore, string failing = "kamailio") =>
        Failing(failing)
            .Does(new Command.RecordDeploy("2.4.0", service, Story.Start.AddMinutes(-minutesBefore)), Actor.Akira);

    /// <summary>A step on the database's host printed this.</summary>
    private static Story Printed(string text)
    {
        var story = Failing("postgresql").Says("/run primary-state");
        var part = new Evidence("akira-db-01-staging", Verdict.Pass, 0, text, 0, "", TimeSpan.Zero);
        return story.Does(new Command.FinishStep(story.Incident.Runs.Keys.Max(), [part]), Actor.Akira);
    }

    private static ImmutableArray<MitigationOption> Of(Story story, PlatformFacts? facts = null) =>
        Mitigation.Of(story.Incident, story.Log, story.Policy, facts ?? PlatformFacts.None);
}
