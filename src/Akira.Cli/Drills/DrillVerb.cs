using System.CommandLine;
using Akira.Cli.CommandLine;
using Akira.Cli.Runbooks;
using Akira.Core.Drills;
using Akira.Core.Runbooks;

namespace Akira.Cli.Drills;

internal sealed class DrillVerb : Verb
{
    public DrillVerb()
        : base(
            "drill",
            "Rehearse an outage on the lab, and score it. Exit code 0: passed, 1: failed",
            "akira drill lab/drills/kamailio-stop.md",
            "akira drill lab/drills/db-kill.md --json | jq .seconds"
        )
    {
        var file = new Argument<string>("FILE") { Description = "A drill: docs/drills.md says how they are written" };
        var json = JsonOption();
        Add(file);
        Add(json);
        SetAction((parsed, cancel) => Run(parsed.GetRequiredValue(file), parsed.GetValue(json), cancel));
    }

    private static async Task<int> Run(string path, bool asJson, CancellationToken cancel)
    {
        if (LabAtHand.Find() is not { } lab)
        {
            Screen.Complain("Drills need the lab, and the lab is in the source: run ./akira drill in a clone.");
            return Exit.Unavailable;
        }
        string text;
        var runbooks = Path.Combine(lab.Clone, "runbooks");
        Dictionary<string, string> texts;
        try
        {
            text = await File.ReadAllTextAsync(path, cancel);
            texts = RunbookTexts.Of(runbooks);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Screen.Complain($"{path} cannot be read: {e.Message} The drills are in lab/drills.");
            return Exit.Usage;
        }
        if (PolicyReader.Read(texts).Policy is not { } policy)
        {
            Screen.Complain($"The runbooks are broken: akira check {runbooks}");
            return Exit.Usage;
        }
        var reading = DrillReader.Read(path, text, policy, lab.Faults);
        foreach (var finding in reading.Findings)
            Console.Error.WriteLine(Screen.Clean(finding.ToString()));
        if (reading.Drill is not { } drill)
            return Exit.Usage;
        if (await lab.WhyNot(cancel) is { } reason)
        {
            Screen.Complain(reason);
            return Exit.Unavailable;
        }
        // Progress is for people; with --json standard output holds the scorecard alone.
        Action<string> say = asJson ? Console.Error.WriteLine : Screen.Say;
        var card = await DrillRun.Run(drill, lab, runbooks, say, cancel);
        if (asJson)
            Screen.Json(card.Json());
        else
            card.Print();
        return card.Passed ? Exit.Ok : Exit.Negative;
    }
}
