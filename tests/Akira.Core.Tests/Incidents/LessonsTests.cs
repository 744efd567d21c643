using Akira.Core.Incidents;

namespace Akira.Core.Tests.Incidents;

public class LessonsTests
{
    [Fact]
    public void Times_within_their_targets_went_well()
    {
        var lessons = Of(
            Story.OfAlert().At(2).Says("ACK anna").At(9).Says("/update restarting").Says("/mitigated restarted")
        );
        Assert.Contains("Acknowledged after 2 min; the target is 15 min.", lessons.Well);
        Assert.Contains("Every update came in time: 1, one at least every 15 min.", lessons.Well);
        Assert.Contains("Service was restored after 9 min, before anybody else had to be called.", lessons.Well);
        Assert.Empty(lessons.Poorly);
    }

    [Fact]
    public void Missed_targets_and_who_had_to_be_called_went_poorly()
    {
        var lessons = Of(Story.OfAlert().At(31).Says("ACK anna"));
        Assert.Contains("The ack target of 15 min was missed 2 times; acknowledged after 31 min.", lessons.Poorly);
        Assert.Contains(
            "It had to be escalated at T+15 min: Page secondary and massimo if not mitigated.",
            lessons.Poorly
        );
        Assert.Contains(lessons.Poorly, l => l.StartsWith("An update was missed", StringComparison.Ordinal));
    }

    [Fact]
    public void Evidence_that_was_there_before_anybody_woke_went_well()
    {
        var lessons = Of(Story.OfAlert().At(0.1).Runs("smoke").At(3).Says("ACK anna"));
        Assert.Contains("The first evidence was there 6 s after detection, before anybody acknowledged.", lessons.Well);
    }

    [Fact]
    public void What_was_refused_is_told_with_its_reason_and_its_name()
    {
        var story = Story.OfAlert().At(5);
        story.Does(new Command.RecordRefusal("/run wipe", "host-not-named"), new Actor("anna", "token:anna", "http"));
        Assert.Contains("Refused to anna (T+5 min), host-not-named: /run wipe", Of(story).Poorly);
    }

    [Fact]
    public void An_override_and_a_gate_that_rests_on_a_word_went_poorly()
    {
        var lessons = Of(
            Story.OfAlert().At(5).Says("/tick customers-told mailed them").Says("/resolve override: it is Sunday")
        );
        Assert.Contains(
            "The gate customers-told rests on the word of anna, not on evidence: mailed them",
            lessons.Poorly
        );
        Assert.Contains(lessons.Poorly, l => l.StartsWith("anna closed it over gates", StringComparison.Ordinal));
        Assert.DoesNotContain(lessons.Well, l => l.Contains("every gate", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mitigation_that_did_not_hold_went_poorly()
    {
        var lessons = Of(Story.OfAlert().Says("ACK anna").Says("/mitigated hoped").Ends("A1").At(3).Fires("A1"));
        Assert.Contains(
            lessons.Poorly,
            l => l.StartsWith("A mitigation did not hold (T+3 min)", StringComparison.Ordinal)
        );
    }

    private static Lessons Of(Story story) => Lessons.Of(story.Log, story.Policy);
}
