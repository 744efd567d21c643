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
            "akira check --json | jq '.[].code'",
            "akira check --sarif > runbooks.sarif"
        )
    {
        var path = new Argument<string?>("PATH")
        {
            Description = "A folder or a Markdown file; without it ./runbooks",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = JsonOption();
        var sarif = new Option<bool>("--sarif") { Description = "Print SARIF 2.1.0, for code scanning" };
        Add(path);
        Add(json);
        Add(sarif);
        Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(sarif))
                result.AddError("--json and --sarif are two forms of one answer: give one of them.");
        });
        SetAction(parsed =>
            Check(
                parsed.GetValue(path) ?? Folders.Runbooks,
                parsed.GetValue(json) ? findings => new JsonArray([.. findings.Select(Json)])
                    : parsed.GetValue(sarif) ? Sarif.Of
                    : null
            )
        );
    }

    /// <param name="document">Null: a line for each finding.</param>
    private static int Check(string path, Func<IReadOnlyList<Finding>, JsonNode>? document)
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

        if (document is not null)
            Screen.Json(JsonSerializer.SerializeToElement(document(findings)));
        else
            foreach (var finding in findings)
                Screen.Say(Screen.Clean(finding.ToString()));
        if (findings.Count == 0 && document is null)
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
