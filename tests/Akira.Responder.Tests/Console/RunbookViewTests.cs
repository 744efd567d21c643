using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Core.Tests.Incidents;
using Akira.Responder.Console.Room;
using Bunit;

namespace Akira.Responder.Tests.Console;

public class RunbookViewTests : ConsoleTest
{
    private static readonly Policy Rules = PolicyReader
        .Read(
            new Dictionary<string, string>
            {
                ["incident-response.md"] = RunningResponder.PolicyText,
                ["dr.md"] = """
                # Failover

                <script>alert(1)</script> See [the way back](#way-back) and [the policy](incident-response.md#resolution).

                ## Look

                ```sh { name=lag }
                uptime
                ```

                ```text expect
                ...load average...
                ```

                ## Way back

                ```sh { name=rejoin effect=disruptive timeout=90s }
                systemctl restart postgresql
                ```
                """,
            }
        )
        .Policy!;

    private readonly Story _story = Story.OfTicket(Policies.Sev1, Rules);
    private readonly List<string> _asked = [];

    [Fact]
    public void Its_words_stand_as_written_and_each_step_is_a_card()
    {
        var view = View();

        Assert.Equal(["Look", "Way back"], view.FindAll("h2").Select(h => h.TextContent));
        Assert.Equal(["lag", "rejoin"], view.FindAll(".step-card .name").Select(n => n.TextContent));
        Assert.Equal(["uptime", "systemctl restart postgresql"], view.FindAll(".script").Select(s => s.TextContent));
        Assert.Empty(view.FindAll("script"));
    }

    [Fact]
    public void A_card_says_what_the_step_does_where_and_for_how_long()
    {
        var where = View().FindAll(".step-card .where")[1].TextContent;

        Assert.Contains("disruptive", where, StringComparison.Ordinal);
        Assert.Contains("the responder's machine", where, StringComparison.Ordinal);
        Assert.Contains($"{Elapsed.Words(TimeSpan.FromSeconds(90))} at most", where, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_step_is_expected_to_print_stands_in_its_card_and_nowhere_else()
    {
        var expects = Assert.Single(View().FindAll(".expects pre"));

        Assert.Equal("...load average...", expects.TextContent);
        Assert.Single(View().Markup.Split("load average").Skip(1));
    }

    [Fact]
    public void Links_stay_beside_the_incident()
    {
        var links = View().FindAll("p a").Select(a => a.GetAttribute("href"));

        Assert.Equal(
            ["incidents/INC-1?runbook=dr.md#way-back", "incidents/INC-1?runbook=incident-response.md#resolution"],
            links
        );
        Assert.NotNull(View().Find("h2#way-back"));
    }

    [Fact]
    public void Run_asks_for_the_step()
    {
        View().FindAll(".step-card button")[1].Click();

        Assert.Equal(["rejoin"], _asked);
    }

    [Fact]
    public void Who_may_only_look_has_no_button()
    {
        Caller.SetRoles("Viewer");

        Assert.Empty(View().FindAll(".step-card button"));
    }

    [Fact]
    public void A_run_shows_that_it_runs_and_then_what_came_of_it()
    {
        _story.Says("/run lag");
        Assert.Contains("Running since T+0:00", View().Find(".came").TextContent, StringComparison.Ordinal);
        Assert.True(View().Find(".step-card button").HasAttribute("disabled"));

        var evidence = new Evidence("responder", Verdict.Pass, 0, "load average: 0.1", 0, "", TimeSpan.FromSeconds(1));
        _story.Does(new Command.FinishStep(1, [evidence]), Actor.Akira);

        Assert.Contains("pass", View().Find(".came").TextContent, StringComparison.Ordinal);
        Assert.Equal("load average: 0.1", View().Find(".came pre").TextContent);
    }

    [Fact]
    public void A_frozen_step_says_in_its_card_what_it_waits_for()
    {
        _story.Says("/run rejoin");

        Assert.StartsWith("Waits for /confirm, ", View().Find(".came .waits").TextContent.Trim());
    }

    [Fact]
    public void What_a_run_has_printed_so_far_stands_in_its_card_until_it_ends()
    {
        _story.Says("/run lag");
        _story.Does(new Command.ReportOutput(1, "db-1", "one\n"), Actor.Akira);
        _story.Does(new Command.ReportOutput(1, "db-2", "other\n"), Actor.Akira);
        _story.Does(new Command.ReportOutput(1, "db-1", "two\n"), Actor.Akira);

        Assert.Equal(["one\ntwo", "other"], View().FindAll(".came pre").Select(p => p.TextContent));

        _story.Does(
            new Command.ReportOutput(
                1,
                "db-1",
                new string('x', 70) + "\n" + string.Concat(Enumerable.Repeat("line\n", 2000))
            ),
            Actor.Akira
        );
        var shown = View().Find(".came pre").TextContent;
        Assert.StartsWith("[…]\nline\n", shown, StringComparison.Ordinal);
        Assert.InRange(shown.Length, 3_900, 4_010);

        var evidence = new Evidence("db-1", Verdict.Pass, 0, "all", 0, "", TimeSpan.FromSeconds(1));
        _story.Does(new Command.FinishStep(1, [evidence]), Actor.Akira);
        Assert.Equal("all", View().Find(".came pre").TextContent);
    }

    private IRenderedComponent<RunbookView> View() =>
        Render<RunbookView>(p =>
            p.Add(v => v.File, "dr.md")
                .Add(v => v.Incident, _story.Incident)
                .Add(v => v.Log, _story.Log)
                .Add(v => v.Policy, Rules)
                .Add(v => v.OnRun, (Step step) => _asked.Add(step.Name))
        );
}
