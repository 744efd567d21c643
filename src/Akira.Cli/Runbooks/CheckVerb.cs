using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Akira.Cli.CommandLine;
using Akira.Cli.Server;
using Akira.Core.Runbooks;

namespace Akira.Cli.Runbooks;

internal sealed class CheckVerb : Verb
{
    public CheckVerb()
        : base(
            "check",
            "Lint runbooks. Exit code 0: clean, 1: findings",
            "akira check",
            "akira check runbooks/incident-response.md",
            "akira check --json | jq '.[].code'"
        )
    {
        var path = new Argument<string?>("PATH")
        {
            Description = "A folder or a Markdown file; without it ./runbooks",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = JsonOption();
        Add(path);
        Add(json);
        SetAction(parsed => Check(parsed.GetValue(path) ?? Folders.Runbooks, parsed.GetValue(json)));
    }

    private static int Check(string path, bool asJson)
    {
        IReadOnlyList<Finding> findings;
        try
        {
            findings = RunbookTexts.Check(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Screen.Complain($"{path} cannot be read: {e.Message} Say where the runbooks are: akira check PATH");
            return Exit.Usage;
        }

        if (asJson)
            Screen.Json(JsonSerializer.SerializeToElement(new JsonArray([.. findings.Select(Json)])));
        else
            foreach (var finding in findings)
                Screen.Say(Screen.Clean(finding.ToString()));
        if (findings.Count == 0 && !asJson)
            Screen.Say($"{path}: nothing is wrong.");
        return findings.Count == 0 ? Exit.Ok : Exit.Negative;
    }

    private static JsonObject Json(Finding finding) =>
        new()
        {
            ["file"] = finding.Place.File,
            ["line"] = finding.Place.Line,
            ["column"] = finding.Place.Column,
            ["kind"] = finding.IsError ? "error" : "warning",
            ["code"] = finding.Code,
            ["what"] = finding.What,
            ["fix"] = finding.Fix,
        };
}
