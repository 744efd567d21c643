using System.Text.Json.Nodes;
using Akira.Core.Runbooks;

namespace Akira.Cli.Runbooks;

/// <summary>Findings in the Static Analysis Results Interchange Format, OASIS SARIF 2.1.0.</summary>
internal static class Sarif
{
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
                            ["rules"] = new JsonArray([.. codes.Select(c => new JsonObject { ["id"] = c })]),
                        },
                    },
                    // Columns count UTF-16 units, as everywhere in Akira.
                    ["columnKind"] = "utf16CodeUnits",
                    ["results"] = new JsonArray([.. findings.Select(f => Result(f, codes.IndexOf(f.Code)))]),
                }
            ),
        };
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
}
