using Akira.Core.Incidents;
using Akira.Core.Tests.Incidents;
using Akira.Responder.Console.Room;
using Bunit;

namespace Akira.Responder.Tests.Console;

public class RoomTests : ConsoleTest
{
    private const string Hostile = "<img src=x onerror=alert(1)> \u202Eretsasid";

    private static readonly Actor Anna = new("anna", "token:anna", "http");

    [Fact]
    public void A_hostile_title_is_shown_as_text()
    {
        var story = new Story(Policies.Small).Does(
            new Command.Open(Policies.Sev1, Hostile, "signaling", "<b>because</b>"),
            Anna
        );

        var header = Render<RoomHeader>(p => p.Add(h => h.Incident, story.Incident));
        var log = LogOf(story);

        Assert.Equal(Hostile, header.Find("h1").TextContent);
        Assert.Empty(header.FindAll("img"));
        Assert.Contains("<b>because</b>", log.Find(".line:last-child").TextContent, StringComparison.Ordinal);
        Assert.Empty(log.FindAll("b"));
    }

    [Fact]
    public void Deadlines_count_down_with_the_clock()
    {
        var story = Story.OfTicket(Policies.Sev1);
        var deadlines = Render<DeadlineList>(p =>
            p.Add(d => d.Incident, story.Incident).Add(d => d.Policy, story.Policy)
        );
        Assert.Contains("15:00", First(deadlines), StringComparison.Ordinal);

        Clock.Advance(TimeSpan.FromSeconds(1));
        deadlines.WaitForAssertion(() => Assert.Contains("14:59", First(deadlines), StringComparison.Ordinal));

        Clock.Advance(TimeSpan.FromMinutes(15));
        deadlines.WaitForAssertion(() => Assert.Contains("due", First(deadlines), StringComparison.Ordinal));
    }

    [Fact]
    public void A_row_of_the_escalation_matrix_is_announced_in_its_own_words()
    {
        var story = Story.OfTicket(Policies.Sev1).At(1);
        var deadlines = Render<DeadlineList>(p =>
            p.Add(d => d.Incident, story.Incident).Add(d => d.Policy, story.Policy)
        );

        Assert.Contains("Page secondary and massimo if not mitigated", deadlines.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_holding_an_incident_is_said_out_loud()
    {
        var story = Story.OfTicket(Policies.Sev1);

        Assert.Contains("nobody holds it", HeaderOf(story), StringComparison.Ordinal);
        Assert.Contains("held by anna", HeaderOf(story.Says("ACK anna")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_begins_with_what_happened_last()
    {
        var story = Story.OfTicket(Policies.Sev1).At(2).Says("ACK anna").At(5).Says("shm is full");

        var lines = LogOf(story).FindAll(".line");

        Assert.Equal(["+5:00", "+2:00"], lines.Take(2).Select(l => l.QuerySelector(".at")!.TextContent));
        Assert.Equal("shm is full", lines[0].QuerySelector(".text")!.TextContent);
    }

    [Fact]
    public void The_machinerys_own_lines_wait_until_everything_is_asked_for()
    {
        var story = Story.OfTicket(Policies.Sev1).Runs("snapshot");

        Assert.DoesNotContain("snapshot started", LogOf(story).Markup, StringComparison.Ordinal);
        Assert.Contains("snapshot started", LogOf(story, everything: true).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_log_shows_its_last_lines_and_the_way_to_earlier_ones()
    {
        var story = Story.OfTicket(Policies.Sev1);
        for (var i = 1; i <= 320; i++)
            story.Says($"note {i}");

        var log = LogOf(story, everything: true);

        Assert.Equal(300, log.FindAll(".line").Count);
        Assert.Contains($"{story.Log.Count - 300} more", log.Find("a.plain").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Evidence_unfolds_to_host_verdict_exit_code_duration_and_output()
    {
        var story = Story.OfTicket(Policies.Sev1).Says("/run kamailio-logs");
        var run = story.Incident.Runs.Keys.Max();
        Evidence failed = new(
            "sip-01",
            Verdict.Fail,
            3,
            "\u001b[31mfailed\u001b[0m <script>alert(1)</script>",
            0,
            "",
            TimeSpan.FromSeconds(1.34)
        );
        story.Does(new Command.StartStep(run), Actor.Akira).Does(new Command.FinishStep(run, [failed]), Actor.Akira);
        var log = LogOf(story);
        Assert.Empty(log.FindAll(".evidence-part"));

        log.FindAll("button.text")[0].Click();

        var part = log.Find(".evidence-part");
        Assert.Equal(
            ["sip-01", "failed", "exit code 3", "1.3 s"],
            part.QuerySelectorAll("header > *").Select(e => e.TextContent)
        );
        Assert.Equal("failed <script>alert(1)</script>", part.QuerySelector("pre")!.TextContent);
        Assert.Contains("journalctl -u kamailio", log.Find(".script").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Gates_show_what_they_were_judged_by()
    {
        var story = Story.OfAlert().Says("ACK anna");

        var gates = Render<GateList>(p => p.Add(g => g.Results, Gates.Of(story.Incident, story.Policy, story.Now)));

        Assert.Contains("1 alert still fires", gates.FindAll("li.unmet")[0].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_waits_shows_its_exact_text_and_hosts()
    {
        var story = Story.OfTicket(Policies.Sev1).Says("/run kamailio-restart");

        var panel = Render<FrozenPanel>(p => p.Add(f => f.Frozen, story.Incident.Frozen!));

        Assert.Equal("systemctl restart kamailio", panel.Find("pre").TextContent);
        Assert.Equal("sip-01", panel.Find(".host").TextContent);
    }

    private IRenderedComponent<LogList> LogOf(Story story, bool everything = false) =>
        Render<LogList>(p =>
            p.Add(l => l.Incident, story.Incident)
                .Add(l => l.Log, story.Log)
                .Add(l => l.Everything, everything)
                .Add(l => l.EarlierHref, "earlier")
        );

    private string HeaderOf(Story story) =>
        string.Join(
            ' ',
            Render<RoomHeader>(p => p.Add(h => h.Incident, story.Incident))
                .Find(".clock")
                .TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        );

    private static string First(IRenderedComponent<DeadlineList> deadlines) => deadlines.Find("li time").TextContent;
}
