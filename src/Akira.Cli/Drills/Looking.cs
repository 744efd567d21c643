using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Akira.Cli.Http;
using Akira.Core.Drills;

namespace Akira.Cli.Drills;

/// <summary>Whether something is to be seen in an incident, as the API shows it.</summary>
internal static partial class Looking
{
    /// <returns>Whether it is there, and what was seen instead or of it.</returns>
    public static (bool Seen, string Says) At(Sight sight, JsonElement incident, IEnumerable<Page> pages) =>
        sight switch
        {
            Sight.IncidentOpen want => (
                incident.Text("severity") == want.Severity.ToString(),
                $"{incident.Text("id")} {incident.Text("severity")} {incident.Text("subsystem")}: {incident.Text("title")}"
            ),
            Sight.Page want => Paged(want, [.. pages]),
            Sight.AllEvidence => Diagnosed(incident),
            Sight.Evidence want => Ended(want, incident),
            Sight.HigherNumber want => Risen(want, incident),
            Sight.State want => (incident.Text("state") == want.Name, $"it is {incident.Text("state")}"),
            Sight.GateHolds want => Holds(want, incident),
            Sight.GateOpen want => Holds(new Sight.GateHolds(want.Name), incident) is var (holds, says)
                ? (!holds, says)
                : default,
            Sight.Alert want => Joined(want, [.. incident.Items("alerts").Select(a => a.Text("name") ?? "")]),
            Sight.PagesAtMost want => (
                pages.Count() <= want.Count,
                $"{pages.Count()} pages: {string.Join(", ", pages.Select(p => p.Reason))}"
            ),
            Sight.Postmortem => Kinds(incident, "postmortem-written").LastOrDefault()
                is { ValueKind: not default(JsonValueKind) } e
                ? (true, e.Text("text") ?? "")
                : (false, "no post-mortem was written"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    public static IEnumerable<JsonElement> Kinds(JsonElement incident, string kind) =>
        incident.Items("log").Where(e => e.Text("kind") == kind);

    private static (bool, string) Paged(Sight.Page want, IReadOnlyList<Page> pages) =>
        pages.FirstOrDefault(p => want.To is null || p.To.Contains(want.To, StringComparer.OrdinalIgnoreCase))
            is { } page
            ? (true, $"paged {string.Join(", ", page.To)}: {page.Reason}")
            : (false, pages.Count == 0 ? "nobody was paged" : $"only {string.Join(", ", pages.SelectMany(p => p.To))}");

    private static (bool, string) Joined(Sight.Alert want, IReadOnlyCollection<string> alerts) =>
        (
            alerts.Contains(want.Name, StringComparer.Ordinal),
            alerts.Count == 0 ? "it has no alert" : string.Join("; ", alerts)
        );

    private static (bool, string) Diagnosed(JsonElement incident)
    {
        var runs = incident.Items("runs").Where(r => r.Text("reason") == "diagnostics").ToList();
        var open = runs.Where(r => r.Text("finishedAt") is null).Select(r => r.Text("step")).ToList();
        return runs.Count == 0 ? (false, "no diagnostics were run")
            : open.Count > 0 ? (false, $"{string.Join(", ", open)} did not end")
            : (true, string.Join(", ", runs.Select(r => $"{r.Text("step")} {Verdict(r)}")));
    }

    private static (bool, string) Ended(Sight.Evidence want, JsonElement incident)
    {
        if (RunsOf(want.Step, incident).LastOrDefault() is not { ValueKind: JsonValueKind.Object } run)
            return (false, $"{want.Step} did not run");
        if (run.Text("finishedAt") is null)
            return (false, $"{want.Step} has not ended");
        var passed = run.Text("verdict") == "Pass";
        var output = Output(run, incident);
        var shown = want.Shows is null || output.Contains(want.Shows, StringComparison.Ordinal);
        return (
            (want.Passed is null || want.Passed == passed) && shown,
            $"{want.Step}: {Verdict(run)}" + (shown ? "" : $", without «{want.Shows}»: {output.Trim()}")
        );
    }

    private static (bool, string) Risen(Sight.HigherNumber want, JsonElement incident)
    {
        var numbers = RunsOf(want.Step, incident)
            .Where(r => r.Text("finishedAt") is not null)
            .Select(r => Number().Match(Output(r, incident)))
            .Where(m => m.Success)
            .Select(m => long.Parse(m.Value, CultureInfo.InvariantCulture))
            .ToList();
        return numbers is [.., var before, var now]
            ? (now > before, $"{before}, then {now}")
            : (false, $"{want.Step} has printed {numbers.Count} numbers; two are compared");
    }

    private static (bool, string) Holds(Sight.GateHolds want, JsonElement incident)
    {
        var gates = incident.Items("gates").Where(g => want.Name is null || g.Text("name") == want.Name).ToList();
        var unmet = gates.Where(g => g.Member("met") is not { ValueKind: JsonValueKind.True }).ToList();
        return (
            gates.Count > 0 && unmet.Count == 0,
            string.Join("; ", (unmet.Count > 0 ? unmet : gates).Select(g => $"{g.Text("name")}: {g.Text("evidence")}"))
        );
    }

    private static IEnumerable<JsonElement> RunsOf(string step, JsonElement incident) =>
        incident.Items("runs").Where(r => string.Equals(r.Text("step"), step, StringComparison.OrdinalIgnoreCase));

    private static string Output(JsonElement run, JsonElement incident) =>
        string.Join(
            '\n',
            Kinds(incident, "step-finished")
                .Where(e => e.Text("run") == run.Text("run"))
                .SelectMany(e => e.Items("parts"))
                .Select(p => p.Text("output"))
        );

    private static string Verdict(JsonElement run) => run.Text("verdict")?.ToLowerInvariant() ?? "running";

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
