using Akira.Core.Incidents;

namespace Akira.Core.Tests.Incidents;

public class ActionItemTests
{
    [Fact]
    public void An_action_said_in_chat_stands_in_the_post_mortem_in_place_of_the_placeholder()
    {
        var story = Story.OfAlert().Says("/action anna - probe sip-02 too - 2026-03-08");
        var text = Postmortem.Write(story.Log, story.Policy, story.Now);
        Assert.Contains("- [ ] anna - probe sip-02 too - 2026-03-08", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<owner>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_is_written_into_the_document_becomes_a_ticket()
    {
        var story = Written("## Action Items\n- [ ] bruno - alert on restarts - 2026-03-09\n- [ ] anna - page twice\n");
        Assert.Equal(
            [("bruno", "alert on restarts", new DateOnly(2026, 3, 9)), ("anna", "page twice", (DateOnly?)null)],
            story.Incident.Actions.Select(a => (a.Owner, a.What, a.Due))
        );
    }

    [Fact]
    public void A_box_that_is_ticked_in_the_document_ends_its_ticket()
    {
        var story = Written("## Action Items\n- [ ] bruno - alert on restarts\n");
        story.Does(new Command.EditPostmortem("## Action Items\n- [x] bruno - alert on restarts\n", 1), Actor.Akira);
        Assert.NotNull(Assert.Single(story.Incident.Actions).DoneAt);
    }

    [Fact]
    public void A_ticket_that_is_done_elsewhere_is_ticked_in_the_document_that_somebody_wrote()
    {
        var story = Written("# Mine\n## Action Items\n- [ ] bruno - alert on \\*restarts\\*\n\n## Thanks")
            .Says("/done 1");
        Assert.Equal(
            "# Mine\n## Action Items\n- [x] bruno - alert on \\*restarts\\*\n\n## Thanks",
            Postmortem.Read(story.Log, story.Policy, story.Now)
        );
    }

    [Fact]
    public void A_ticket_that_the_document_does_not_have_is_added_to_it()
    {
        var story = Written("# Mine\n## Action Items\n- [ ] bruno - one\n\n## Thanks").Says("/action anna - two");
        Assert.Equal(
            "# Mine\n## Action Items\n- [ ] bruno - one\n- [ ] anna - two\n\n## Thanks",
            Postmortem.Read(story.Log, story.Policy, story.Now)
        );
    }

    [Fact]
    public void Tasks_elsewhere_in_the_document_are_not_tickets() =>
        Assert.Empty(Written("## Notes\n- [ ] anna - buy coffee\n").Incident.Actions);

    [Fact]
    public void An_action_that_is_not_there_cannot_be_done()
    {
        var story = Story.OfAlert().Says("/action anna - two").Says("/done 7");
        Assert.Equal("unknown-action", story.RefusalCode);
        Assert.Equal(["1: anna - two"], story.Refusal.Details);
    }

    [Fact]
    public void It_is_late_from_the_day_after()
    {
        var item = new ActionItem(1, "anna", "two", new DateOnly(2026, 3, 8), Story.Start, null);
        Assert.False(item.IsOverdue(new DateTimeOffset(2026, 3, 8, 23, 59, 0, TimeSpan.Zero)));
        Assert.True(item.IsOverdue(new DateTimeOffset(2026, 3, 9, 0, 0, 0, TimeSpan.Zero)));
    }

    private static Story Written(string text) => Story.OfAlert().Does(new Command.EditPostmortem(text, 0), Actor.Akira);
}
