using System.Diagnostics;
using Akira.Core.Incidents;

namespace Akira.Responder.Tests.Steps;

/// <summary>Scripts that do not end by themselves.</summary>
public abstract partial class SshTests
{
    [Fact]
    public async Task A_script_that_takes_too_long_is_stopped_with_all_its_children()
    {
        using var sshd = new Sshd();
        var mark = Sleeper.New();
        var evidence = await Run(sshd, $"echo begun; sleep {mark} & sleep {mark}", Short);
        AssertStopped(evidence, mark);
    }

    [Fact]
    public async Task A_script_that_ignores_TERM_is_killed()
    {
        using var sshd = new Sshd();
        var mark = Sleeper.New();
        var script = $"trap '' TERM; echo begun; (trap '' TERM; sleep {mark}); sleep {mark}";
        var clock = Stopwatch.StartNew();
        AssertStopped(await Run(sshd, script, Short), mark);
        Assert.InRange(clock.Elapsed, Short, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task What_left_the_group_of_a_stopped_script_is_said_to_run_on()
    {
        using var sshd = new Sshd();
        var mark = Sleeper.New();
        var evidence = await Run(sshd, $"setsid sleep 20 & sleep {mark}", Short);
        Assert.Equal(Verdict.Timeout, evidence.Verdict);
        Assert.EndsWith("a group of its own still runs", evidence.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_script_leaves_in_the_background_does_not_hold_the_step()
    {
        using var sshd = new Sshd();
        var mark = Sleeper.New();
        var clock = Stopwatch.StartNew();
        var evidence = await Run(sshd, $"sleep {mark} & echo done", TimeSpan.FromSeconds(20));
        Assert.Equal((Verdict.Pass, "done\n"), (evidence.Verdict, evidence.Output));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(0, Sleeper.Running(mark));
    }

    [Fact]
    public async Task A_connection_that_dies_in_the_middle_loses_the_step_and_says_what_may_still_run()
    {
        using var sshd = new Sshd();
        var mark = Sleeper.New();
        var evidence = await Run(sshd, $"echo begun; sleep {mark}", Ample, () => Each(sshd.Sessions, "KILL"));
        Assert.Equal((Verdict.Lost, (int?)null, "begun\n"), (evidence.Verdict, evidence.ExitCode, evidence.Output));
        Assert.Matches(@"process group \d+ is not known to be gone, and ends itself \d+ s", evidence.Remark);
        Each(Sleeper.Processes(mark), "KILL");
    }

    [Fact]
    public async Task A_host_that_freezes_in_the_middle_loses_the_step_long_before_its_timeout()
    {
        using var sshd = new Sshd();
        var mark = Sleeper.New();
        var clock = Stopwatch.StartNew();
        var evidence = await Run(sshd, $"echo begun; sleep {mark}", Ample, () => Each(sshd.Sessions, "STOP"));
        Assert.Equal((Verdict.Lost, (int?)null, "begun\n"), (evidence.Verdict, evidence.ExitCode, evidence.Output));
        Assert.Contains("is not known to be gone", evidence.Remark, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task A_host_that_is_slow_to_begin_is_waited_for()
    {
        using var sshd = new Sshd();
        await File.WriteAllTextAsync(Path.Combine(sshd.Folder, ".bashrc"), "sleep 12\n", _cancel);
        var evidence = await Run(sshd, "echo out");
        Assert.Equal((Verdict.Pass, "out\n"), (evidence.Verdict, evidence.Output));
    }

    [Fact]
    public async Task A_host_that_freezes_just_before_the_timeout_is_not_said_to_be_clean()
    {
        using var sshd = new Sshd();
        var mark = Sleeper.New();
        var clock = Stopwatch.StartNew();
        var evidence = await Run(sshd, $"echo begun; sleep {mark}", Short, () => Each(sshd.Sessions, "STOP"));
        Assert.Equal(Verdict.Timeout, evidence.Verdict);
        Assert.Contains("is not known to be gone", evidence.Remark, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(25));
    }
}
