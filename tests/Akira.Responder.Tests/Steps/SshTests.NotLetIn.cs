using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Akira.Core.Incidents;

namespace Akira.Responder.Tests.Steps;

/// <summary>Hosts on which nothing runs.</summary>
public abstract partial class SshTests
{
    [Fact]
    public async Task A_host_that_known_hosts_does_not_know_is_refused_with_the_command_that_adds_it()
    {
        using var sshd = new Sshd();
        File.WriteAllText(sshd.KnownHosts, "");
        var evidence = await Run(sshd, "echo out");
        AssertNotRun(Verdict.Fail, evidence);
        Assert.Contains("is not in", evidence.Remark, StringComparison.Ordinal);
        var command = $"ssh-keyscan -p {sshd.Port} {sshd.Address} >> {sshd.KnownHosts}";
        Assert.Contains(command, evidence.Remark, StringComparison.Ordinal);

        using var scan = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardError = true })!;
        await scan.WaitForExitAsync(_cancel);
        Assert.Equal(Verdict.Pass, (await Run(sshd, "echo out")).Verdict);
    }

    [Fact]
    public async Task A_host_whose_key_has_changed_is_refused_loudly()
    {
        using var sshd = new Sshd();
        sshd.WriteKnownHosts(sshd.KnownAs, sshd.Keygen("earlier_key"));
        var evidence = await Run(sshd, "echo out");
        AssertNotRun(Verdict.Fail, evidence);
        Assert.Contains("HAS CHANGED", evidence.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_whose_key_is_revoked_is_refused()
    {
        using var sshd = new Sshd();
        File.AppendAllText(sshd.KnownHosts, $"@revoked * {sshd.HostKey}\n");
        var evidence = await Run(sshd, "echo out");
        AssertNotRun(Verdict.Fail, evidence);
        Assert.Contains("revoked", evidence.Remark, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_refused_log_in_is_a_fail_and_nothing_ran()
    {
        using var sshd = new Sshd();
        File.WriteAllText(Path.Combine(sshd.Folder, "authorized_keys"), "");
        var evidence = await Run(sshd, "echo out");
        AssertNotRun(Verdict.Fail, evidence);
        Assert.Contains("Permission denied", evidence.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_hangs_before_its_banner_is_given_up()
    {
        using var sshd = new Sshd();
        sshd.Stop();
        using var silent = new TcpListener(IPAddress.Parse(sshd.Address), sshd.Port);
        silent.Start();
        var clock = Stopwatch.StartNew();
        AssertNotRun(Verdict.Timeout, await Run(sshd, "echo out"));
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(13));
    }

    [Fact]
    public async Task A_host_where_nobody_listens_is_a_fail_at_once()
    {
        using var sshd = new Sshd();
        sshd.Stop();
        var evidence = await Run(sshd, "echo out");
        AssertNotRun(Verdict.Fail, evidence);
        Assert.Contains("Connection refused", evidence.Remark, StringComparison.Ordinal);
    }
}
