using System.Diagnostics;
using Akira.Core.Incidents;
using Akira.Responder.Steps;
using Akira.Responder.Steps.Ssh;

namespace Akira.Responder.Tests.Steps;

/// <summary>Each against a real sshd on loopback. What holds over SSH.NET must hold over OpenSSH's own client too.</summary>
public abstract partial class SshTests
{
    private protected static readonly TimeSpan Ample = TimeSpan.FromSeconds(60);
    private protected static readonly TimeSpan Short = TimeSpan.FromSeconds(2);
    private protected readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    private protected abstract IWarmShell Shell(SshTarget target, SshOptions options);

    [Fact]
    public async Task Exit_code_zero_is_a_pass()
    {
        using var sshd = new Sshd();
        var evidence = await Run(sshd, "echo out; echo err >&2; echo 'it'\\''s'");
        Assert.Equal(("db-1", Verdict.Pass, 0), (evidence.Host, evidence.Verdict, evidence.ExitCode));
        Assert.Equal("out\nerr\nit's\n", evidence.Output);
        Assert.Null(evidence.Remark);
    }

    [Fact]
    public async Task Any_other_exit_code_is_a_fail()
    {
        using var sshd = new Sshd();
        var evidence = await Run(sshd, "echo out; exit 7");
        Assert.Equal((Verdict.Fail, 7, "out\n"), (evidence.Verdict, evidence.ExitCode, evidence.Output));
    }

    [Fact]
    public async Task Standard_input_is_empty()
    {
        using var sshd = new Sshd();
        Assert.Equal("[]\n", (await Run(sshd, "read -r line; echo \"[$line]\"")).Output);
    }

    [Fact]
    public async Task A_flood_of_300_MB_is_kept_in_part_in_bounded_memory()
    {
        const string inside = "AKIRA_TESTS_FLOOD";
        if (Environment.GetEnvironmentVariable(inside) is not null)
        {
            await Flood();
            return;
        }
        // In a process of its own, where nobody else's memory counts, with a first generation of the collector that is not
        // as large as this machine's cache.
        var test = $"{GetType().FullName}.{nameof(A_flood_of_300_MB_is_kept_in_part_in_bounded_memory)}";
        var start = new ProcessStartInfo("dotnet", [GetType().Assembly.Location, "-method", test])
        {
            RedirectStandardOutput = true,
            Environment = { [inside] = "1", ["DOTNET_GCgen0size"] = "2000000" }, // hexadecimal: 32 MiB
        };
        using var alone = Process.Start(start)!;
        var said = await alone.StandardOutput.ReadToEndAsync(_cancel);
        await alone.WaitForExitAsync(_cancel);
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", said, StringComparison.Ordinal);
    }

    private async Task Flood()
    {
        using var sshd = new Sshd();
        Assert.Equal(Verdict.Pass, (await Run(sshd, "echo warm")).Verdict);
        using var self = Process.GetCurrentProcess();
        var (before, most) = (self.WorkingSet64, 0L);
        await using var watch = new Timer(
            _ =>
            {
                self.Refresh();
                most = Math.Max(most, self.WorkingSet64 - before);
            },
            null,
            0,
            20
        );
        var evidence = await Run(sshd, "head -c 300000000 /dev/zero | tr '\\0' x; echo END");
        Assert.Equal(Verdict.Pass, evidence.Verdict);
        Assert.Equal(300_000_004 - (2 * CappedOutput.Half), evidence.DroppedBytes);
        Assert.EndsWith("xEND\n", evidence.Output, StringComparison.Ordinal);
        // Undrained it is more than 800 MB.
        System.Console.WriteLine($"{GetType().Name}: {most / 1_000_000} MB");
        Assert.InRange(most, 1, 200_000_000);
    }

    [Fact]
    public async Task What_is_printed_at_the_very_end_is_kept()
    {
        using var sshd = new Sshd();
        await using var shell = Shell(Target(sshd), sshd.Options);
        for (var i = 0; i < 20; i++)
        {
            using var output = new CappedOutput();
            var evidence = await shell.Run("head -c 100000 /dev/zero | tr '\\0' x; echo END", Ample, output, _cancel);
            Assert.Equal((Verdict.Pass, 100_004), (evidence.Verdict, evidence.Output.Length));
        }
    }

    [Fact]
    public async Task A_connection_that_we_close_ourselves_loses_the_script_that_runs()
    {
        using var sshd = new Sshd();
        var mark = Sleeper.New();
        await using var shell = Shell(Target(sshd), sshd.Options);
        using var output = new CappedOutput();
        var run = shell.Run($"echo begun; sleep {mark}", Ample, output, _cancel);
        await Begun(output);
        await shell.DisposeAsync();
        var evidence = await run;
        Assert.Equal((Verdict.Lost, (int?)null, "begun\n"), (evidence.Verdict, evidence.ExitCode, evidence.Output));
        Assert.Contains("is not known to be gone", evidence.Remark, StringComparison.Ordinal);
        Each(Sleeper.Processes(mark), "KILL");
    }

    [Fact]
    public async Task A_script_that_was_stopped_leaves_the_connection_to_the_next()
    {
        using var sshd = new Sshd();
        var mark = Sleeper.New();
        await using var shell = Shell(Target(sshd), sshd.Options);
        using (var output = new CappedOutput())
            AssertStopped(await shell.Run($"echo begun; sleep {mark}", Short, output, _cancel), mark);
        Assert.Equal("1\n", await Echo(shell, 1));
    }

    [Fact]
    public async Task A_host_that_runs_something_else_instead_is_no_pass()
    {
        using var sshd = new Sshd();
        var allowed = Path.Combine(sshd.Folder, "authorized_keys");
        await File.WriteAllTextAsync(
            allowed,
            $"command=\"true\" {await File.ReadAllTextAsync(allowed, _cancel)}",
            _cancel
        );
        var evidence = await Run(sshd, "echo out");
        AssertNotRun(Verdict.Fail, evidence);
        Assert.Contains("did not begin the script", evidence.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_log_in_complains_of_does_not_hide_that_the_script_began()
    {
        using var sshd = new Sshd();
        await File.WriteAllTextAsync(
            Path.Combine(sshd.Folder, ".bashrc"),
            "printf 'no locale' >&2; head -c 100000 /dev/zero | tr '\\0' w >&2\n",
            _cancel
        );
        var mark = Sleeper.New();
        AssertStopped(await Run(sshd, $"echo begun; sleep {mark}", Short), mark);
    }

    [Fact]
    public async Task A_responder_that_stops_ends_what_it_began()
    {
        using var sshd = new Sshd();
        var mark = Sleeper.New();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancel);
        await using var shell = Shell(Target(sshd), sshd.Options);
        using var output = new CappedOutput();
        var run = shell.Run($"echo begun; sleep {mark}", Ample, output, stop.Token);
        await Begun(output);
        await stop.CancelAsync();
        var evidence = await run;
        Assert.Equal((Verdict.Unknown, "stopped with the responder"), (evidence.Verdict, evidence.Remark));
        Assert.Equal(0, Sleeper.Running(mark));
    }

    [Fact]
    public async Task A_connection_serves_many_scripts_at_once_and_one_after_another()
    {
        using var sshd = new Sshd();
        await using var shell = Shell(Target(sshd), sshd.Options);
        await shell.Warm(_cancel);
        // The command that warmed it may not have ended yet.
        await Echo(shell, 0);
        var served = sshd.Sessions.Count;
        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Echo(shell, i)));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"{i}\n"), runs);
        Assert.Equal(served, sshd.Sessions.Count);
    }

    [Fact]
    public async Task A_host_that_came_back_is_reached_again()
    {
        using var sshd = new Sshd();
        await using var shell = Shell(Target(sshd), sshd.Options);
        Assert.Equal("1\n", await Echo(shell, 1));
        sshd.Restart();
        Assert.Equal("2\n", await Echo(shell, 2));
    }

    private protected async Task<string> Echo(IWarmShell shell, int number)
    {
        using var output = new CappedOutput();
        var evidence = await shell.Run($"sleep 0.2; echo {number}", Ample, output, _cancel);
        return evidence.Output + evidence.Remark;
    }

    /// <param name="inTheMiddle">Done once the script has printed its first line.</param>
    private protected async Task<Evidence> Run(
        Sshd sshd,
        string script,
        TimeSpan? timeout = null,
        Action? inTheMiddle = null
    )
    {
        await using var shell = Shell(Target(sshd), sshd.Options);
        using var output = new CappedOutput();
        var run = shell.Run(script, timeout ?? Ample, output, _cancel);
        if (inTheMiddle is not null)
        {
            await Begun(output);
            inTheMiddle();
        }
        return await run;
    }

    private protected async Task Begun(CappedOutput output)
    {
        while (output.Text() != "begun\n")
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _cancel);
    }

    private protected static SshTarget Target(Sshd sshd, SshTarget? jump = null) =>
        new("db-1", sshd.Address, sshd.Port, Environment.UserName, jump);

    private protected static void AssertNotRun(Verdict verdict, Evidence evidence)
    {
        Assert.Equal((verdict, (int?)null, ""), (evidence.Verdict, evidence.ExitCode, evidence.Output));
        Assert.StartsWith("not run: ", evidence.Remark, StringComparison.Ordinal);
    }

    private static void AssertStopped(Evidence evidence, string mark)
    {
        Assert.Equal((Verdict.Timeout, (int?)null, "begun\n"), (evidence.Verdict, evidence.ExitCode, evidence.Output));
        Assert.Equal("stopped after 2 s", evidence.Remark);
        Assert.Equal(0, Sleeper.Running(mark));
    }

    private static void Each(IEnumerable<int> processes, string signal)
    {
        foreach (var id in processes)
            Sshd.Signal(signal, id);
    }
}
