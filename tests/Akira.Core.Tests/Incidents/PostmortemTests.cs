using Akira.Core.Incidents;
using static Akira.Core.Tests.Incidents.Policies;

namespace Akira.Core.Tests.Incidents;

public class PostmortemTests
{
    private static readonly string Resolved = Write(
        Story
            .OfAlert()
            .At(2)
            .Says("ACK anna")
            .At(9)
            .Says("/mitigated restarted kamailio")
            .Ends("A1")
            .At(41.4)
            .Says("/resolve override: smoke host is down")
    );

    [Fact]
    public void It_follows_the_template_with_the_incident_and_the_date() =>
        Assert.StartsWith(
            "# Postmortem - INC-1 - 2026-03-01\n## Summary\nSEV1 signaling: A1\n",
            Resolved,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_duration_is_in_minutes() =>
        Assert.Contains("- Duration: 41 min\n", Resolved, StringComparison.Ordinal);

    [Fact]
    public void What_the_log_does_not_know_is_unknown()
    {
        Assert.Contains("- Calls lost: unknown\n", Resolved, StringComparison.Ordinal);
        Assert.Contains("- Revenue impact: unknown\n", Resolved, StringComparison.Ordinal);
    }

    [Fact]
    public void What_people_must_write_is_left_to_them() =>
        Assert.Contains("- [ ] <owner> - <action> - <due date>", Resolved, StringComparison.Ordinal);

    [Fact]
    public void The_timeline_counts_from_detection()
    {
        Assert.Contains("- T+0: detected at 2026-03-01 03:00:00Z", Resolved, StringComparison.Ordinal);
        Assert.Contains("- T+2 min: acknowledged by anna\n", Resolved, StringComparison.Ordinal);
        Assert.Contains("- T+9 min: mitigated by anna: restarted kamailio\n", Resolved, StringComparison.Ordinal);
        Assert.Contains("- T+resolved (T+41 min 24 s): resolved by anna", Resolved, StringComparison.Ordinal);
    }

    [Fact]
    public void Gates_and_overrides_are_named()
    {
        Assert.Contains("- **not met**: The smoke test passes", Resolved, StringComparison.Ordinal);
        Assert.Contains(
            "## Overrides\n\n- anna, T+41 min 24 s, gates not met: smoke, cdr, customers-told. smoke host is down\n",
            Resolved,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_open_incident_has_lasted_so_far() =>
        Assert.Contains("- Duration: 3 min so far", Write(Story.OfAlert().At(3)), StringComparison.Ordinal);

    [Fact]
    public void What_people_say_is_text_and_not_markup()
    {
        var text = Write(Story.OfAlert().Says("/log <script>alert(1)</script>\n## Fake heading [x](javascript:1)"));
        Assert.Contains(
            @"\<script\>alert(1)\</script\> \#\# Fake heading \[x\](javascript:1)",
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Without_a_template_a_plain_one_is_used() =>
        Assert.Contains(
            "## Timeline",
            Write(Story.OfAlert(policy: Small with { PostmortemTemplate = null })),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_step_in_the_timeline_links_to_what_it_printed()
    {
        var text = Write(Story.OfAlert().At(2).Runs("smoke"));
        Assert.Contains("step smoke: pass ([evidence](#evidence-1))", text, StringComparison.Ordinal);
        Assert.Contains("### Evidence 1\n\nsmoke, T+2 min: pass.", text, StringComparison.Ordinal);
        Assert.Contains("(incidents/INC-1?show=everything#seq-", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_host_prints_cannot_end_its_block()
    {
        var story = Story.OfAlert().Says("/run smoke");
        var printed = new Evidence("sip-01", Verdict.Pass, 0, "````\n# Heading\n````", 0, "abc", TimeSpan.Zero);
        var text = Write(story.Does(new Command.FinishStep(1, [printed]), Actor.Akira));
        Assert.Contains("\n`````text\n````\n# Heading\n````\n`````\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Plots_are_named_only_where_calls_were_measured()
    {
        var story = Story.OfAlert();
        Assert.DoesNotContain(".svg", Write(story), StringComparison.Ordinal);
        Assert.Contains(
            "![ASR, % of a minute's seizures](INC-1-asr.svg)",
            Postmortem.Write(story.Log, story.Policy, story.Now, hasPlots: true),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_newest_version_that_people_wrote_is_read_and_the_older_ones_stay()
    {
        var story = Story
            .OfAlert()
            .Does(new Command.EditPostmortem("# One", 0), Actor.Akira)
            .Does(new Command.EditPostmortem("# Two", 1), Actor.Akira);
        Assert.Equal("# Two", Postmortem.Read(story.Log, story.Policy, story.Now));
        Assert.Equal("# One", Postmortem.Read(story.Log, story.Policy, story.Now, version: 1));
        Assert.StartsWith("# Postmortem - INC-1", Postmortem.Read(story.Log, story.Policy, story.Now, version: 0));
        Assert.Null(Postmortem.Read(story.Log, story.Policy, story.Now, version: 3));
    }

    [Fact]
    public void Who_worked_on_an_older_version_is_told_and_nothing_is_lost()
    {
        var story = Story
            .OfAlert()
            .Does(new Command.EditPostmortem("# Hers", 0), Actor.Akira)
            .Does(new Command.EditPostmortem("# His", 0), Actor.Akira);
        Assert.Equal("postmortem-changed", story.RefusalCode);
        Assert.Equal("# Hers", Postmortem.Read(story.Log, story.Policy, story.Now));
    }

    private static string Write(Story story) => Postmortem.Write(story.Log, story.Policy, story.Now);
}
