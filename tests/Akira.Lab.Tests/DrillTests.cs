using System.Text.Json;
using Xunit.v3;

namespace Akira.Lab.Tests;

/// <summary>
/// The drills that ship, run as a person runs them, one after another by name: so the three that show in calls stand apart, and none finds the
/// other's calls in its windows.
/// </summary>
[TestCaseOrderer(typeof(UnorderedTestCaseOrderer))]
public class DrillTests
{
    private const string First = "kamailio-stop.md";

    /// <summary>Written, read without a finding, and not yet seen to pass on a lab: each leaves this list when it was.</summary>
    private static readonly string[] NotYetRun = [];

    /// <summary>As many as CI has time for, beside the first: two minutes each at most.</summary>
    private static readonly string[] Often =
    [
        "db-kill.md",
        "frontend-stop.md",
        "hopeful-resolve.md",
        "vault-sealed.md",
        "wrong-host.md",
    ];

    public static IEnumerable<TheoryDataRow<string>> Others =>
        [
            .. Directory
                .GetFiles(Path.Combine(Machine.Root, "lab", "drills"), "*.md")
                .Select(f => Path.GetFileName(f))
                .Where(f => f != First && !NotYetRun.Contains(f))
                .Order(StringComparer.Ordinal)
                .Select(f =>
                    Often.Contains(f)
                        ? new TheoryDataRow<string>(f)
                        : new TheoryDataRow<string>(f).WithTrait("Takes", "long")
                ),
        ];

    [Theory]
    [MemberData(nameof(Others))]
    public Task A_drill_passes_and_leaves_the_lab_healthy(string drill) => Passes(drill);

    [Fact]
    public async Task The_first_drill_goes_from_the_fault_to_the_resolved_incident()
    {
        var seconds = await Passes(First);
        double[] marks =
        [
            .. new[] { "detect", "page", "evidence", "ack", "mitigate", "resolve" }.Select(m =>
                seconds.GetProperty(m).GetDouble()
            ),
        ];
        Assert.Equal(marks.Order(), marks);
        Assert.True(marks[^1] - marks[^2] >= TimeSpan.FromMinutes(30).TotalSeconds, "it was stable for half an hour");
    }

    /// <returns>The seconds of its scorecard.</returns>
    private static async Task<JsonElement> Passes(string drill)
    {
        var card = await Run(drill);
        Assert.True(card.GetProperty("passed").GetBoolean(), card.ToString());
        var seconds = card.GetProperty("seconds");
        // By when is the drill's own business; a SEV3 pages nobody.
        Assert.True(seconds.GetProperty("detect").GetDouble() >= 0);
        if (seconds.GetProperty("page") is { ValueKind: JsonValueKind.Number } page)
            Assert.True(page.GetDouble() >= seconds.GetProperty("detect").GetDouble());
        Assert.Empty((await RunningLab.Status()).GetProperty("broken").EnumerateArray());
        return seconds;
    }

    private static async Task<JsonElement> Run(string drill)
    {
        var progress = Path.GetTempFileName();
        try
        {
            var ran = await Machine.Run(
                TimeSpan.FromMinutes(25),
                "bash",
                "-c",
                $"'{Machine.Root}/akira' drill '{Machine.Root}/lab/drills/{drill}' --json 2>'{progress}'"
            );
            Assert.True(ran.Output.Length > 0, await File.ReadAllTextAsync(progress));
            return JsonElement.Parse(ran.Output);
        }
        finally
        {
            File.Delete(progress);
        }
    }
}
