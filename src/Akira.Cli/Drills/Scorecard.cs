using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Akira.Cli.CommandLine;

namespace Akira.Cli.Drills;

/// <param name="Seconds">Of the world's clock, that it took.</param>
/// <param name="Says">What was seen, or why it was not.</param>
internal sealed record ScoredLine(int Line, string Text, bool Passed, double Seconds, string Says);

/// <summary>What came of a drill.</summary>
/// <param name="Marks">Seconds from the fault; null: it did not come to that. Those after a wait are of the responder's own clock.</param>
/// <param name="Scale">How many times faster the responder's clock ran at the end.</param>
/// <param name="Kept">Where the responder's data lies when the drill failed.</param>
internal sealed record Scorecard(
    string Drill,
    string? Incident,
    IReadOnlyList<(string Name, double? Seconds)> Marks,
    double Scale,
    double RealSeconds,
    IReadOnlyList<ScoredLine> Lines,
    string? Failure,
    string? Kept
)
{
    public bool Passed => Failure is null;

    public void Print()
    {
        Screen.Say("");
        foreach (var (name, seconds) in Marks)
            Screen.Say($"  {name, -13} {(seconds is { } s ? Words(s) : "-"), 9} s");
        if (Scale > 1)
            Screen.Say(
                $"  resolve is by the responder's clock, which ran {Words(Scale)} times faster during the waits;"
                    + $" the drill took {Words(RealSeconds)} s."
            );
        Screen.Say(Passed ? $"passed: {Drill}" : $"failed: {Drill}: {Failure}");
        if (Kept is not null)
            Screen.Say($"what its responder knew and said: {Kept}");
    }

    /// <summary>Several drills, a line each.</summary>
    public static void Print(IReadOnlyList<Scorecard> cards)
    {
        Screen.Say("");
        Screen.Rows([
            ["", .. cards[0].Marks.Select(m => m.Name), "real", "drill"],
            .. cards.Select(c =>
                (IReadOnlyList<string>)
                    [
                        c.Passed ? "passed" : "FAILED",
                        .. c.Marks.Select(m => m.Seconds is { } s ? Words(s) : "-"),
                        Words(c.RealSeconds),
                        c.Drill,
                    ]
            ),
        ]);
        Screen.Say(
            $"{cards.Count(c => c.Passed)} of {cards.Count} passed in {Words(cards.Sum(c => c.RealSeconds) / 60)} minutes."
                + $" Seconds from the fault; resolve is by the responder's clock."
        );
    }

    public JsonElement Json() =>
        JsonSerializer.SerializeToElement(
            new JsonObject
            {
                ["drill"] = Drill,
                ["passed"] = Passed,
                ["failure"] = Failure,
                ["incident"] = Incident,
                ["seconds"] = new JsonObject(Marks.Select(m => KeyValuePair.Create(m.Name, (JsonNode?)m.Seconds))),
                ["timeScale"] = Scale,
                ["realSeconds"] = RealSeconds,
                ["lines"] = new JsonArray([
                    .. Lines.Select(l => new JsonObject
                    {
                        ["line"] = l.Line,
                        ["text"] = l.Text,
                        ["passed"] = l.Passed,
                        ["seconds"] = l.Seconds,
                        ["says"] = l.Says,
                    }),
                ]),
                ["kept"] = Kept,
            }
        );

    public static string Words(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture);
}
