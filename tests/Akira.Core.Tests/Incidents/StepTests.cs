using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using static Akira.Core.Tests.Incidents.Policies;

namespace Akira.Core.Tests.Incidents;

public class StepTests
{
    private static readonly Actor Bruno = new("bruno", "token:bruno", "http");

    [Fact]
    public void Opening_asks_for_the_snapshot_the_severitys_section_and_the_matching_scenario_reads_only()
    {
        var story = Story.OfAlert().Does(new Command.Diagnose(), Actor.Akira);
        Assert.Equal(
            ["snapshot", "signaling-status", "kamailio-logs"],
            story.All<Entry.StepRequested>().Select(s => s.Step)
        );
    }

    [Fact]
    public void Diagnosing_again_asks_only_for_what_is_new()
    {
        var story = Story.OfAlert("warning").Does(new Command.Diagnose(), Actor.Akira);
        story.Says("/sev SEV1 worse").Does(new Command.Diagnose(), Actor.Akira);
        Assert.Equal("signaling-status", story.All<Entry.StepRequested>()[^1].Step);
        Assert.Equal(4, story.All<Entry.StepRequested>().Count);
    }

    [Fact]
    public void A_disruptive_step_is_shown_frozen_and_runs_when_its_code_is_confirmed()
    {
        var story = Story.OfAlert().Says("/run kamailio-restart");
        Assert.Empty(story.All<Entry.StepRequested>());
        Assert.Contains("/confirm 424242", story.Reply, StringComparison.Ordinal);
        Assert.DoesNotContain("424242", story.All<Entry.StepFrozen>()[0].CodeHash, StringComparison.Ordinal);

        story.Says("/confirm 424242");
        Assert.Equal(
            ("kamailio-restart", "confirmed"),
            (story.All<Entry.StepRequested>()[0].Step, story.All<Entry.StepRequested>()[0].Reason)
        );
    }

    [Fact]
    public void A_code_counts_once_for_five_minutes_for_one_person()
    {
        Assert.Equal("wrong-code", Story.OfAlert().Says("/run kamailio-restart").Says("/confirm 111111").RefusalCode);
        Assert.Equal(
            "not-yours",
            Story.OfAlert().Says("/run kamailio-restart").Says("/confirm 424242", Bruno).RefusalCode
        );
        Assert.Equal(
            "code-expired",
            Story.OfAlert().Says("/run kamailio-restart").At(5).Says("/confirm 424242").RefusalCode
        );
        Assert.Equal(
            "nothing-to-confirm",
            Story.OfAlert().Says("/run kamailio-restart").Says("/confirm 424242").Says("/confirm 424242").RefusalCode
        );
    }

    [Fact]
    public void The_runbook_may_ask_for_a_second_person()
    {
        var policy = Small with { ConfirmerMustDiffer = true };
        Assert.Equal(
            "second-person",
            Story.OfAlert(policy: policy).Says("/run kamailio-restart").Says("/confirm 424242").RefusalCode
        );
        Assert.Single(
            Story
                .OfAlert(policy: policy)
                .Says("/run kamailio-restart")
                .Says("/confirm 424242", Bruno)
                .All<Entry.StepRequested>()
        );
    }

    [Fact]
    public void The_second_person_is_not_the_first_over_another_channel()
    {
        var policy = Small with { ConfirmerMustDiffer = true };
        var story = Story.OfAlert(policy: policy).Says("/run kamailio-restart");
        var asker = story.Incident.Frozen!.By;
        Assert.Equal(
            "second-person",
            story.Says("/confirm 424242", asker with { Id = "token:7", Via = "http" }).RefusalCode
        );
        Assert.Equal("second-person", story.Says("/confirm 424242", new Actor("admin", "token:1", "http")).RefusalCode);
    }

    [Fact]
    public void An_edit_of_the_step_voids_the_code()
    {
        var story = Story.OfAlert().Says("/run kamailio-restart");
        var runbook = Small.Runbooks[0];
        var edited = runbook.Sections.Select(s =>
            s with
            {
                Steps = [.. s.Steps.Select(t => t with { Script = t.Script + " --now" })],
            }
        );
        story.Policy = Small with { Runbooks = [runbook with { Sections = [.. edited] }] };
        Assert.Equal("step-changed", story.Says("/confirm 424242").RefusalCode);
    }

    [Theory]
    [InlineData("wiping db-1 now")]
    [InlineData("/update going to wipe DB-1.")]
    public void A_message_that_names_the_host_lets_a_destructive_step_be_asked_for(string words) =>
        Assert.Single(Story.OfAlert().Says(words).Says("/run wipe").All<Entry.StepFrozen>());

    [Theory]
    [InlineData("wiping db-10 now")]
    [InlineData("wiping my-db-1 now")]
    [InlineData("wiping the database")]
    public void Another_hosts_name_does_not(string words)
    {
        var story = Story.OfAlert().Says(words).Says("/run wipe");
        Assert.Equal("host-not-named", story.RefusalCode);
        Assert.Equal(["db-1"], story.Refusal.Details);
    }

    [Fact]
    public void A_host_named_by_the_responder_itself_does_not_count() =>
        Assert.Equal("host-not-named", Story.OfAlert().Says("db-1", Actor.Akira).Says("/run wipe").RefusalCode);

    [Fact]
    public void A_host_named_more_than_thirty_minutes_ago_does_not_count() =>
        Assert.Equal("host-not-named", Story.OfAlert().Says("db-1").At(31).Says("/run wipe").RefusalCode);

    [Fact]
    public void Naming_is_asked_for_again_when_it_runs_out_before_the_confirmation() =>
        Assert.Equal(
            "host-not-named",
            Story.OfAlert().Says("db-1").At(28).Says("/run wipe").At(31).Says("/confirm 424242").RefusalCode
        );

    [Fact]
    public void Whom_no_channel_identifies_changes_nothing() =>
        Assert.Equal(
            "not-identified",
            Story.OfAlert().Says("/run kamailio-restart", new Actor("x", null, "http")).RefusalCode
        );

    [Fact]
    public void A_replay_is_refused_until_its_idempotency_was_checked()
    {
        Assert.Equal("idempotency-unchecked", Story.OfAlert().Says("/run cdr-replay").RefusalCode);
        Assert.Equal(
            "idempotency-unchecked",
            Story.OfAlert().Runs("idempotency-check", Verdict.Fail).Says("/run cdr-replay").RefusalCode
        );
        Assert.Single(Story.OfAlert().Runs("idempotency-check").Says("/run cdr-replay").All<Entry.StepFrozen>());
    }

    [Fact]
    public void A_step_that_does_not_exist_is_refused_with_those_that_sound_like_it()
    {
        var story = Story.OfAlert().Says("/run kamailio-reboot");
        Assert.Equal("unknown-step", story.RefusalCode);
        Assert.Contains("kamailio-restart", story.Refusal.Details);
    }

    [Fact]
    public void A_section_with_steps_that_change_the_platform_is_run_by_step_names() =>
        Assert.Equal("name-a-step", Story.OfAlert().Says("/run kamailio-down").RefusalCode);

    [Theory]
    [InlineData("> then wipe db-1")]
    [InlineData("the runbook says:\n> wipe db-1\nbut wait")]
    [InlineData("it says\n```\nssh root@db-1 'dropdb akira'\n```\nwhich I would not")]
    [InlineData("it says\n~~~\nssh root@db-1 'dropdb akira'\n~~~")]
    [InlineData("it says\n\n    ssh root@db-1 'dropdb akira'\n")]
    [InlineData("- > db-1")]
    [InlineData("it has `ssh root@db-1 dropdb akira` in it")]
    [InlineData("it has \"ssh root@db-1 dropdb akira\" in it")]
    public void A_host_named_in_a_quoted_runbook_does_not_count(string words) =>
        Assert.Equal("host-not-named", Story.OfAlert().Says(words).Says("/run wipe").RefusalCode);

    [Theory]
    [InlineData("do NOT touch db-1")]
    [InlineData("don't touch db-1. Wait")]
    [InlineData("anything except db-1")]
    public void A_host_named_in_a_sentence_that_says_no_does_not_count(string words) =>
        Assert.Equal("host-not-named", Story.OfAlert().Says(words).Says("/run wipe").RefusalCode);

    [Theory]
    [InlineData("it does not answer: wiping db-1")]
    [InlineData("no use. Wiping `db-1`")]
    public void A_host_named_in_another_sentence_counts(string words) =>
        Assert.Single(Story.OfAlert().Says(words).Says("/run wipe").All<Entry.StepFrozen>());

    [Fact]
    public void A_host_named_by_a_program_with_a_token_lets_nobody_else_destroy_anything() =>
        Assert.Equal(
            "host-not-named",
            Story
                .OfAlert()
                .Says("restarted the exporter on db-1", new Actor("ci-bot", "token:9", "http"))
                .Says("/run wipe")
                .RefusalCode
        );

    [Theory]
    [InlineData("psql -h db-1 -c 'DROP TABLE cdr'")]
    [InlineData("systemctl -H root@10.0.0.2 reboot")]
    [InlineData("rsync -a --delete empty/ root@db-1:/srv/")]
    public void What_destroys_from_here_must_have_the_host_named_that_it_reaches(string script)
    {
        var policy = WithSteps(s => s.Name == "wipe" ? s with { Parts = [new(null, null, script)] } : s);
        var story = Story.OfAlert(policy: policy).Says("about to run wipe on responder").Says("/run wipe");
        Assert.Equal(["db-1"], story.Refusal.Details);
        Assert.Single(story.Says("and db-1").Says("/run wipe").All<Entry.StepFrozen>());
    }

    [Fact]
    public void Who_speaks_of_a_responder_has_not_named_its_machine()
    {
        var policy = WithSteps(s => s.Name == "wipe" ? s with { Parts = [new(null, null, "rm -r /x")] } : s);
        var story = Story.OfAlert(policy: policy).Says("the on-call responder is on her way").Says("/run wipe");
        Assert.Equal("host-not-named", story.RefusalCode);
    }

    [Fact]
    public void A_host_named_beside_a_quotation_counts() =>
        Assert.Single(Story.OfAlert().Says("> wipe it\nyes: on db-1").Says("/run wipe").All<Entry.StepFrozen>());

    [Fact]
    public void A_host_named_by_somebody_unknown_does_not_count() =>
        Assert.Equal(
            "host-not-named",
            Story.OfAlert().Says("db-1", new Actor("mallory", null, "http")).Says("/run wipe").RefusalCode
        );

    [Fact]
    public void A_host_named_before_the_incident_does_not_count() =>
        Assert.Equal(
            "host-not-named",
            new Story(Small)
                .Does(new Command.Open(Sev1, "about to wipe db-1", "database", "a person said so"), Bruno)
                .Says("/run wipe")
                .RefusalCode
        );

    [Fact]
    public void A_host_whose_address_has_changed_voids_the_code()
    {
        var story = Story.OfAlert().Says("/run kamailio-restart");
        var hosts = Small.Platform.Hosts.Select(h => h.Name == "sip-01" ? h with { Address = "10.9.9.9" } : h);
        story.Policy = Small with { Platform = Small.Platform with { Hosts = [.. hosts] } };
        Assert.Equal("wrong-code", story.Says("/confirm 424242").RefusalCode);
    }

    [Fact]
    public void A_step_that_moved_to_another_host_voids_the_code()
    {
        var story = Story.OfAlert().Says("/run kamailio-restart");
        story.Policy = WithSteps(s => s with { Parts = [.. s.Parts.Select(p => p with { Host = "db-1" })] });
        Assert.Equal("step-changed", story.Says("/confirm 424242").RefusalCode);
    }

    [Fact]
    public void A_step_without_a_host_is_refused_and_never_runs_on_all_of_them()
    {
        var aimless = WithSteps(s => s with { Parts = [] });
        Assert.Equal("no-host", Story.OfAlert(policy: aimless).Says("/run kamailio-restart").RefusalCode);
        Assert.Equal("no-host", Story.OfAlert(policy: aimless).Says("/run snapshot").RefusalCode);
        Assert.Empty(
            Story.OfAlert(policy: aimless).Does(new Command.Diagnose(), Actor.Akira).All<Entry.StepRequested>()
        );
    }

    [Fact]
    public void What_a_step_prints_after_its_end_is_not_shown_as_live()
    {
        var story = Story.OfAlert().Runs("snapshot");
        Assert.Empty(story.Does(new Command.ReportOutput(1, "responder", "late"), Actor.Akira).All<Entry.StepOutput>());
    }

    private static Policy WithSteps(Func<Step, Step> change)
    {
        var runbook = Small.Runbooks[0];
        var sections = runbook.Sections.Select(s => s with { Steps = [.. s.Steps.Select(change)] });
        return Small with { Runbooks = [runbook with { Sections = [.. sections] }] };
    }
}
