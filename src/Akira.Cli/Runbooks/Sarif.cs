using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Akira.Core.Runbooks;

namespace Akira.Cli.Runbooks;

/// <summary>Findings in the Static Analysis Results Interchange Format, OASIS SARIF 2.1.0.</summary>
internal static partial class Sarif
{
    /// <summary>The findings' own documentation, as it was when this was built.</summary>
    private static readonly Lazy<string> Explained = new(() =>
    {
        using var reader = new StreamReader(typeof(Sarif).Assembly.GetManifestResourceStream("checks.md")!);
        return reader.ReadToEnd();
    });

    public static JsonObject Of(IReadOnlyList<Finding> findings)
    {
        var codes = findings.Select(f => f.Code).Distinct().Order(StringComparer.Ordinal).ToList();
        return new JsonObject
        {
            ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(
                new JsonObject
                {
                    ["tool"] = new JsonObject
                    {
                        ["driver"] = new JsonObject
                        {
                            ["name"] = "akira check",
                            ["version"] = typeof(Finding).Assembly.GetName().Version!.ToString(3),
                            ["rules"] = new JsonArray([.. codes.Select(Rule)]),
                        },
                    },
                    // Columns count UTF-16 units, as everywhere in Akira.
                    ["columnKind"] = "utf16CodeUnits",
                    ["results"] = new JsonArray([.. findings.Select(f => Result(f, codes.IndexOf(f.Code)))]),
                }
            ),
        };
    }

    private static JsonObject Rule(string code)
    {
        var (title, words) = Explanation()
            .Matches(Explained.Value)
            .Where(m => m.Groups["code"].Value == code)
            .Select(m => (m.Groups["title"].Value, m.Groups["words"].Value.ReplaceLineEndings(" ").Trim()))
            .Single();
        return new JsonObject
        {
            ["id"] = code,
            ["shortDescription"] = Text($"{char.ToUpperInvariant(title[0])}{title[1..]}."),
            ["fullDescription"] = Text(words),
            ["help"] = Text(words),
        };

        static JsonObject Text(string text) => new() { ["text"] = text };
    }

    private static JsonObject Result(Finding finding, int rule) =>
        new()
        {
            ["ruleId"] = finding.Code,
            ["ruleIndex"] = rule,
            ["level"] = finding.IsError ? "error" : "warning",
            ["message"] = new JsonObject { ["text"] = $"{finding.What}. {finding.Fix}." },
            ["locations"] = new JsonArray(
                new JsonObject
                {
                    ["physicalLocation"] = new JsonObject
                    {
                        ["artifactLocation"] = new JsonObject { ["uri"] = Uri(finding.Place.File) },
                        ["region"] = new JsonObject
                        {
                            ["startLine"] = finding.Place.Line,
                            ["startColumn"] = finding.Place.Column,
                        },
                    },
                }
            ),
        };

    /// <summary>A relative reference stays relative; an absolute path becomes a file URI.</summary>
    private static string Uri(string file) =>
        (Path.IsPathRooted(file) ? "file://" : "")
        + string.Join('/', file.Replace('\\', '/').Split('/').Select(System.Uri.EscapeDataString));

    /// <summary>A code's heading, and the paragraph under it.</summary>
    [GeneratedRegex(
        @"^### (?<code>AKR\d{3}): (?<title>.+)\n\n(?<words>(?:.+\n)+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Explanation();
}
