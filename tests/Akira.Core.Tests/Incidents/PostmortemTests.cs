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

    private static string Write(Story story) => Postmortem.Write(story.Log, story.Policy, story.Now);
}
