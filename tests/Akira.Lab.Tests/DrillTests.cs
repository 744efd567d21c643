using System.Text.Json;

namespace Akira.Lab.Tests;

/// <summary>The drills that ship, run as a person runs them.</summary>
public class DrillTests
{
    public static TheoryData<string> Drills =>
        [.. Directory.GetFiles(Path.Combine(Machine.Root, "lab", "drills"), "*.md").Select(f => Path.GetFileName(f))];

    [Theory]
    [MemberData(nameof(Drills))]
    public async Task A_drill_passes_and_leaves_the_lab_healthy(string drill)
    {
        var card = await Run(drill);
        Assert.True(card.GetProperty("passed").GetBoolean(), card.ToString());
        var seconds = card.GetProperty("seconds");
        Assert.InRange(seconds.GetProperty("detect").GetDouble(), 0, 60);
        Assert.True(seconds.GetProperty("page").GetDouble() >= seconds.GetProperty("detect").GetDouble());
        Assert.Empty((await RunningLab.Status()).GetProperty("broken").EnumerateArray());
    }

    [Fact]
    public async Task The_first_drill_goes_from_the_fault_to_the_resolved_incident()
    {
        var seconds = (await Run("kamailio-stop.md")).GetProperty("seconds");
        double[] marks =
        [
            .. new[] { "detect", "page", "evidence", "ack", "mitigate", "resolve" }.Select(m =>
                seconds.GetProperty(m).GetDouble()
            ),
        ];
        Assert.Equal(marks.Order(), marks);
        Assert.True(marks[^1] - marks[^2] >= TimeSpan.FromMinutes(30).TotalSeconds, "it was stable for half an hour");
    }

    private static async Task<JsonElement> Run(string drill)
    {
        var ran = await Machine.Run(
            TimeSpan.FromMinutes(6),
            "bash",
            "-c",
            $"'{Machine.Root}/akira' drill '{Machine.Root}/lab/drills/{drill}' --json 2>/tmp/akira-drill.progress || cat /tmp/akira-drill.progress >&2"
        );
        return JsonElement.Parse(ran.Output);
    }
}
