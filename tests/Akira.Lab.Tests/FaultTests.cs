using System.Text.RegularExpressions;

namespace Akira.Lab.Tests;

public partial class FaultTests
{
    /// <summary>
    /// For the faults that no drill breaks: a look from outside that ends well on a healthy platform, and does not while the fault is there. A drill
    /// sees its fault with the responder's own eyes, and the next one does not begin before all is well.
    /// </summary>
    private static readonly Dictionary<string, string> Looks = new()
    {
        ["caddy-stop"] = "curl -fsS -m 3 -I https://mgmt.akira-staging.asheep.it/healthz",
        ["disk-full"] =
            "timeout 5 ssh akira-db-01-staging 'timeout 3 sudo -u postgres psql -d akira -c \"SELECT now();\"'",
        ["replication-stop"] =
            "ssh akira-db-02-staging 'sudo -u postgres psql -qAtc \"SELECT pg_get_wal_replay_pause_state()\"' | grep -x 'not paused'",
    };

    public static TheoryData<string> Faults => [.. Looks.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_shows_and_is_gone_when_healed(string fault)
    {
        await Sees(fault, well: true);

        var broken = await Machine.Lab("break", fault);
        Assert.True(broken.ExitCode == 0, broken.Output);
        var status = Assert.Single((await RunningLab.Status()).GetProperty("broken").EnumerateArray());
        Assert.Equal(fault, status.GetProperty("fault").GetString());
        await Sees(fault, well: false);

        var healed = await Machine.Lab("heal");
        Assert.True(healed.ExitCode == 0, healed.Output);
        Assert.Empty((await RunningLab.Status()).GetProperty("broken").EnumerateArray());
        await Sees(fault, well: true);
    }

    [Fact]
    public async Task Every_fault_that_can_be_caused_is_drilled_or_looked_at()
    {
        var faults = await Machine.Lab("faults");
        Assert.Equal(
            Looks.Keys.Union(await Drilled()).Order(StringComparer.Ordinal),
            faults
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => l.Split(' ')[0])
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_word_that_is_no_fault_is_answered_with_those_that_are()
    {
        var answer = await Machine.Lab("break", "../lib/verbs");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("kamailio-stop", answer.Output, StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string>> Drilled()
    {
        var drills = await Task.WhenAll(
            Directory
                .GetFiles(Path.Combine(Machine.Root, "lab", "drills"), "*.md")
                .Select(f => File.ReadAllTextAsync(f))
        );
        return drills.SelectMany(d => Broken().Matches(d)).Select(m => m.Groups[1].Value);
    }

    [GeneratedRegex("Break `([a-z0-9-]+)`")]
    private static partial Regex Broken();

    /// <summary>Within half a minute: what was healed may have to start first, and what is broken to be noticed.</summary>
    private static async Task Sees(string fault, bool well)
    {
        Machine.Ran look;
        var left = 30;
        do look = await Machine.Paste(Looks[fault]);
        while ((look.ExitCode == 0) != well && left-- > 0 && await Soon());
        Assert.True((look.ExitCode == 0) == well, $"{fault}: exit code {look.ExitCode}\n{look.Output}");
    }

    private static async Task<bool> Soon()
    {
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        return true;
    }
}
