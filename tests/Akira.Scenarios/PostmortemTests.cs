namespace Akira.Scenarios;

/// <summary>The post-mortem file: the template, filled from the log.</summary>
public class PostmortemTests
{
    [Fact]
    public Task Resolving_writes_a_file_that_follows_the_template() =>
        Resolved()
            .Expect(Logged<Entry.PostmortemWritten>())
            .ExpectThat(night => night.PostmortemFile.StartsWith("# Postmortem - INC-1 - 2026-03-01\n"))
            .ExpectThat(night => Headings(night).SequenceEqual(TemplateHeadings))
            .Run();

    [Fact]
    public Task The_summary_is_one_line_from_the_facts() =>
        Resolved().ExpectThat(night => Under(night, "## Summary").StartsWith("SEV1 signaling: no calls pass\n")).Run();

    [Fact]
    public Task The_impact_has_the_duration_and_says_unknown_where_nobody_measured() =>
        Resolved()
            .ExpectThat(night => Under(night, "## Impact").Contains("- Duration: 36 min"))
            .ExpectThat(night => Under(night, "## Impact").Contains("- Customers affected: unknown"))
            .ExpectThat(night => Under(night, "## Impact").Contains("- Calls lost: unknown"))
            .ExpectThat(night => Under(night, "## Impact").Contains("- Revenue impact: unknown"))
            .Run();

    [Fact]
    public Task The_timeline_runs_from_detection_to_resolution_with_who_did_what_when() =>
        Resolved()
            .ExpectThat(night => Under(night, "## Timeline").StartsWith("- T+0: detected at 2026-03-01 03:00:00Z"))
            .ExpectThat(night => Under(night, "## Timeline").Contains("- T+2 min: acknowledged by oncall-one"))
            .ExpectThat(night => Under(night, "## Timeline").Contains("- T+4 min: update by oncall-one: proxy is gone"))
            .ExpectThat(night => Under(night, "## Timeline").Contains("- T+5 min: mitigated by oncall-one: restarted"))
            .ExpectThat(night =>
                Under(night, "## Timeline").Contains("- T+resolved (T+36 min): resolved by oncall-one")
            )
            .Run();

    [Fact]
    public Task Causes_lessons_and_action_items_are_left_for_people_to_write() =>
        Resolved()
            .ExpectThat(night => Under(night, "## Root Cause").Contains("why"))
            .ExpectThat(night => Under(night, "## What Went Well").Contains("- ..."))
            .ExpectThat(night => Under(night, "## What Went Poorly").Contains("- ..."))
            .ExpectThat(night => Under(night, "## Action Items").Contains("- [ ] <owner> - <action> - <due date>"))
            .Run();

    [Fact]
    public Task The_gates_stand_in_it_with_their_evidence() =>
        Resolved()
            .ExpectThat(night => Under(night, "## Gates").Split("- met:").Length == 6)
            .ExpectThat(night => Under(night, "## Gates").Contains("smoke-call ended T+5 min: pass"))
            .Run();

    [Fact]
    public Task What_steps_printed_stands_in_it_and_the_timeline_links_to_it() =>
        Resolved()
            .ExpectThat(night => Under(night, "## Timeline").Contains("step smoke-call: pass ([evidence](#evidence-"))
            .ExpectThat(night => Under(night, "## Evidence").Contains("smoke_e2e_single: 1 successful call"))
            .Run();

    [Fact]
    public Task What_was_refused_stands_among_what_went_poorly() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(3.Minutes())
            .Refused("/resolve", "gates-unmet")
            .Says("/resolve override: false alarm")
            .ExpectThat(night =>
                Under(night, "## What Went Poorly").Contains("Refused to oncall-one (T+3 min), gates-unmet: /resolve")
            )
            .Run();

    [Fact]
    public Task An_override_stands_in_the_file_with_name_reason_and_unmet_gates() =>
        Scenario
            .With(Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio")
            .At(3.Minutes())
            .Says("/resolve override: false alarm, the probe was wrong", by: "Massimo")
            .ExpectThat(night => Under(night, "## Overrides").Contains("Massimo, T+3 min, gates not met: symptom"))
            .ExpectThat(night => Under(night, "## Overrides").Contains("false alarm, the probe was wrong"))
            .ExpectThat(night => Under(night, "## Gates").Contains("**not met**"))
            .Run();

    [Fact]
    public Task Opened_again_and_resolved_again_it_tells_both() =>
        Resolved()
            .At(40.Minutes())
            .Says("/reopen a customer still can not call")
            .At(50.Minutes())
            .Says("/resolve override: his own router")
            .ExpectThat(night => Under(night, "## Timeline").Contains("T+40 min: reopened by oncall-one"))
            .ExpectThat(night => Under(night, "## Impact").Contains("- Duration: 50 min"))
            .ExpectThat(night => Under(night, "## Overrides").Contains("his own router"))
            .Run();

    [Fact]
    public Task The_file_follows_the_template_of_the_document_when_that_is_changed() =>
        Resolved(Runbooks.Shipped.Edit("## Root Cause", "## Where It Hurt\n## Root Cause"))
            .ExpectThat(night => Headings(night).Contains("## Where It Hurt"))
            .Run();

    private static readonly string[] TemplateHeadings =
    [
        "## Summary",
        "## Impact",
        "## Timeline",
        "## Root Cause",
        "## What Went Well",
        "## What Went Poorly",
        "## Action Items",
        "## Gates",
        "## Evidence",
    ];

    private static Scenario Resolved(Runbooks? runbooks = null) =>
        Scenario
            .With(runbooks ?? Runbooks.Shipped)
            .Alert("KamailioDown", "critical", "kamailio", summary: "no calls pass")
            .At(2.Minutes())
            .Says("ACK oncall-one")
            .At(4.Minutes())
            .Says("/update proxy is gone")
            .At(5.Minutes())
            .AlertEnds("KamailioDown")
            .Says("/mitigated restarted kamailio")
            .Says("/run smoke-call")
            .Says("/tick cdr 40 calls, 40 records")
            .At(36.Minutes())
            .Says("/resolve");

    private static IEnumerable<string> Headings(Night night) =>
        night.PostmortemFile.Split('\n').Where(l => l.StartsWith("## "));

    private static string Under(Night night, string heading) =>
        night.PostmortemFile.Split(heading + "\n") is [_, var after, ..]
            ? after.Split("\n## ")[0].TrimStart('\n') + "\n"
            : "";
}
