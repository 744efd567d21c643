using Akira.Core.Incidents;
using Akira.Responder.Access;
using Akira.Responder.Console;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Bunit;

namespace Akira.Responder.Tests.Console;

public class CommandBarTests : ConsoleTest
{
    private readonly List<string> said = [];
    private Func<Answer> answer = () => new(1, "Noted.", [], null);

    [Fact]
    public void A_refusal_is_shown_with_its_details_and_the_line_stays()
    {
        answer = () => Refused(new Refusal("gates-unmet", "2 gates are not met.", ["smoke: <not run>", "stable: no"]));
        var bar = Bar();

        Send(bar, "/resolve");

        Assert.Equal("2 gates are not met.", bar.Find(".refused .sentence").TextContent);
        Assert.Equal(["smoke: <not run>", "stable: no"], bar.FindAll(".refused li").Select(l => l.TextContent));
        Assert.Equal("/resolve", bar.Find("input").GetAttribute("value"));
    }

    [Fact]
    public void What_was_accepted_leaves_an_empty_line_and_its_reply()
    {
        var bar = Bar();

        Send(bar, "all trunks answer again");

        Assert.Equal(["all trunks answer again"], said);
        Assert.Equal("Noted.", bar.Find(".accepted .sentence").TextContent);
        Assert.Equal("", bar.Find("input").GetAttribute("value") ?? "");
    }

    [Fact]
    public void A_disk_that_cannot_be_written_is_said_so_and_nothing_is_forgotten()
    {
        answer = () => throw new StoreFailure("The disk is full: nothing was recorded.");
        var bar = Bar();

        Send(bar, "ACK anna");

        Assert.Equal("The disk is full: nothing was recorded.", bar.Find(".refused .sentence").TextContent);
        Assert.Equal("ACK anna", bar.Find("input").GetAttribute("value"));
    }

    [Fact]
    public void A_button_writes_the_command_and_leaves_sending_to_the_person()
    {
        var bar = Bar();

        bar.InvokeAsync(() => bar.Instance.Write("ACK anna"));

        Assert.Equal("ACK anna", bar.Find("input").GetAttribute("value"));
        Assert.Empty(said);
    }

    [Fact]
    public void A_suggestion_that_is_taken_offers_what_may_follow()
    {
        var bar = Bar();

        bar.Find("input").Input("/ru");
        bar.Find("[role=option]").Click();

        Assert.Equal("/run ", bar.Find("input").GetAttribute("value"));
        Assert.Contains(bar.FindAll("[role=option] code"), o => o.TextContent == "/run kamailio-restart");
    }

    [Fact]
    public void Who_may_only_look_is_offered_nothing_to_send()
    {
        Caller.SetAuthorized("viola").SetRoles(nameof(Role.Viewer));

        var bar = Bar();

        Assert.Empty(bar.FindAll("input, button"));
        Assert.Contains("You may look", bar.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<CommandBar> Bar() =>
        Render<CommandBar>(p =>
            p.Add(b => b.Policy, Policies.Small)
                .Add(b => b.Me, "anna")
                .Add(
                    b => b.Say,
                    line =>
                    {
                        said.Add(line);
                        return Task.FromResult(answer());
                    }
                )
        );

    private static void Send(IRenderedComponent<CommandBar> bar, string line)
    {
        bar.Find("input").Input(line);
        bar.Find("form").Submit();
    }

    private static Answer Refused(Refusal refusal) => new(1, refusal.Sentence, [], refusal);
}
