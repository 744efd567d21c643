using System.Globalization;
using System.Security.Cryptography;

namespace Akira.Lab.Tests;

public class UpAndDownTests
{
    [Fact]
    public async Task A_second_up_changes_nothing()
    {
        var before = await Machine.Paste("ssh akira-sip-01-staging 'systemctl show kamailio -p MainPID'");
        await RunningLab.BringUp();
        var after = await Machine.Paste("ssh akira-sip-01-staging 'systemctl show kamailio -p MainPID'");
        Assert.Equal((0, before.Output), (after.ExitCode, after.Output));
    }

    [Fact]
    public async Task Down_leaves_nothing_behind()
    {
        Assert.Equal(0, (await Machine.Lab("down")).ExitCode);
        await NothingIsLeft();
        await RunningLab.BringUp();
    }

    /// <summary>Others each time; with <c>AKIRA_SEED</c> those of an earlier run.</summary>
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("AKIRA_SEED"), out var seed)
        ? seed
        : RandomNumberGenerator.GetInt32(10_000);

    /// <summary>Seconds into an up with built layers: before the disks, between hosts, while they boot, while they settle.</summary>
    [Theory]
    [InlineData(0.1, 0.5)]
    [InlineData(0.5, 1.2)]
    [InlineData(1.2, 2.5)]
    [InlineData(2.5, 6)]
    [InlineData(6, 12)]
    [Trait("Takes", "long")]
    public async Task After_an_up_that_was_killed_down_leaves_nothing_and_up_works(double from, double to)
    {
        var moments = new Random(Seed);
        double Moment() => Math.Round(from + moments.NextDouble() * (to - from), 2);
        var (first, second) = (Moment(), Moment());
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"AKIRA_SEED={Seed}: up is killed after {first} s and {second} s"
            )
        );
        Assert.Equal(0, (await Machine.Lab("down")).ExitCode);
        await Machine.KillDuring(TimeSpan.FromSeconds(first), "up");
        Assert.Equal(0, (await Machine.Lab("down")).ExitCode);
        await NothingIsLeft();

        await Machine.KillDuring(TimeSpan.FromSeconds(second), "up");
        await RunningLab.BringUp();
        Assert.All(
            (await RunningLab.Status()).GetProperty("hosts").EnumerateArray(),
            host => Assert.Equal("running", host.GetProperty("state").GetString())
        );
    }

    [Fact]
    public async Task After_a_down_that_was_killed_up_works()
    {
        await Machine.KillDuring(TimeSpan.FromSeconds(0.4), "down");
        await RunningLab.BringUp();
    }

    [Fact]
    [Trait("Takes", "long")] // of this machine at rest: a busy one says nothing about the lab
    public async Task With_built_layers_up_takes_less_than_half_a_minute()
    {
        Assert.Equal(0, (await Machine.Lab("down")).ExitCode);
        var up = await RunningLab.BringUp();
        Assert.InRange(up.Took.TotalSeconds, 0, 30);
    }

    [Theory]
    [InlineData("sys_admin", "unshare failed")]
    [InlineData("net_admin", "it makes no bridge")]
    public async Task A_machine_that_lets_root_do_too_little_is_told_so_in_one_sentence(string right, string refused)
    {
        var up = await Machine.Run(
            TimeSpan.FromSeconds(30),
            "setpriv",
            [$"--bounding-set=-{right}", $"--inh-caps=-{right}", Path.Combine(Machine.Root, "lab", "lab"), "up"]
        );
        Assert.Equal(1, up.ExitCode);
        var sentence = Assert.Single(up.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith(
            "lab: this machine does not let root do what the lab is made of: ",
            sentence,
            StringComparison.Ordinal
        );
        Assert.Contains(refused, sentence, StringComparison.Ordinal);
    }

    private static async Task NothingIsLeft()
    {
        var left = await Machine.Run(
            TimeSpan.FromSeconds(30),
            "bash",
            "-c",
            $$"""
            ip netns list | grep akira
            ip -o link | grep -E ' (br-akira|lab-[0-9]+)[@:]'
            ip route | grep 10.77.0
            nft list tables | grep akira
            grep -F '{{Machine.LabState()}}' /proc/mounts
            losetup --list --noheadings -O BACK-FILE | grep -F data.img
            # One that has ended and waits for the machine's init to notice runs no more.
            for process in $(grep -l akira-lab /proc/[0-9]*/cgroup 2>/dev/null); do
              grep -s -H '^State:' "${process%/cgroup}/status" | grep -v zombie
            done
            find /sys/fs/cgroup -maxdepth 2 -name akira-lab
            grep akira /etc/hosts
            ls -d '{{Machine.LabState()}}'/hosts/* 2>/dev/null
            true
            """
        );
        Assert.Empty(left.Output.Trim());
    }
}
