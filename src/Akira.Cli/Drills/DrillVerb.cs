using System.CommandLine;
using Akira.Cli.CommandLine;
using Akira.Core.Drills;
using Akira.Core.Runbooks;
using Akira.Responder.Runbooks;

namespace Akira.Cli.Drills;

internal sealed class DrillVerb : Verb
{
    public DrillVerb()
        : base(
            "drill",
            "Rehearse an outage on the lab, and score it. Exit code 0: passed, 1: failed",
            "akira drill lab/drills/kamailio-stop.md",
            "akira drill lab/drills/db-kill.md --json | jq .seconds",
            "akira drill --all"
        )
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Drills: docs/drills.md says how they are written",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var all = new Option<bool>("--all") { Description = "All of lab/drills, one after another, and one scorecard" };
        var json = JsonOption();
        Add(files);
        Add(all);
        Add(json);
        Validators.Add(given =>
        {
            if (given.GetValue(all) == given.GetValue(files) is { Length: > 0 })
                given.AddError("Name the drills, or say --all.");
        });
        SetAction(
            (parsed, cancel) => Run(parsed.GetValue(files) ?? [], parsed.GetValue(all), parsed.GetValue(json), cancel)
        );
    }

    private static async Task<int> Run(IReadOnlyList<string> files, bool all, bool asJson, CancellationToken cancel)
    {
        if (LabAtHand.Find() is not { } lab)
        {
            Screen.Complain("Drills need the lab, and the lab is in the source: run ./akira drill in a clone.");
            return Exit.Unavailable;
        }
        if (all)
            files =
            [
                .. Directory
                    .EnumerateFiles(Path.Combine(lab.Clone, "lab", "drills"), "*.md")
                    .Order(StringComparer.Ordinal),
            ];
        var runbooks = Path.Combine(lab.Clone, "runbooks");
        if (await Read(files, runbooks, lab, cancel) is not { } drills)
            return Exit.Usage;
        if (await lab.WhyNot(cancel) is { } reason)
        {
            Screen.Complain(reason);
            return Exit.Unavailable;
        }
        // Progress is for people; with --json standard output holds the scorecards alone.
        Action<string> say = asJson ? Console.Error.WriteLine : Screen.Say;
        var cards = new List<Scorecard>();
        foreach (var drill in drills)
        {
            var card = await DrillRun.Run(drill, lab, runbooks, say, cancel);
            cards.Add(card);
            if (asJson)
                Screen.Json(card.Json());
            else
                card.Print();
            if (cancel.IsCancellationRequested)
                break;
        }
        if (cards.Count > 1 && !asJson)
            Scorecard.Print(cards);
        return cards.TrueForAll(c => c.Passed) ? Exit.Ok : Exit.Negative;
    }

    /// <returns>Null when one of them cannot be read; what is wrong was said.</returns>
    private static async Task<List<Drill>?> Read(
        IEnumerable<string> files,
        string runbooks,
        LabAtHand lab,
        CancellationToken cancel
    )
    {
        var drills = new List<Drill>();
        var failed = false;
        foreach (var path in files)
        {
            string text;
            Dictionary<string, string> texts;
            try
            {
                text = await File.ReadAllTextAsync(path, cancel);
                texts = RunbookFolder.Texts(runbooks);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Screen.Complain($"{path} cannot be read: {e.Message} The drills are in lab/drills.");
                return null;
            }
            if (PolicyReader.Read(texts).Policy is not { } policy)
            {
                Screen.Complain($"The runbooks are broken: akira check {runbooks}");
                return null;
            }
            var reading = DrillReader.Read(path, text, policy, lab.Faults);
            foreach (var finding in reading.Findings)
                Console.Error.WriteLine(Screen.Clean(finding.ToString()));
            if (reading.Drill is { } drill)
                drills.Add(drill);
            else
                failed = true;
        }
        return failed ? null : drills;
    }
}
