using Akira.Core.Incidents;
using Akira.Responder.Steps.Ssh;

namespace Akira.Responder.Tests.Steps;

public sealed class SshNetTests : SshTests
{
    private protected override IWarmShell Shell(SshTarget target, SshOptions options) =>
        new SshNetShell(target, SshLogin.Of(options), new SemaphoreSlim(4));

    [Theory]
    [InlineData("ed25519")]
    [InlineData("ecdsa")]
    [InlineData("rsa")]
    public async Task A_host_with_several_keys_is_asked_for_one_that_is_known(string known)
    {
        using var sshd = new Sshd(keyTypes: ["ed25519", "ecdsa", "rsa"]);
        sshd.WriteKnownHosts(sshd.KnownAs, sshd.PublicKey($"host_{known}"));
        Assert.Equal(Verdict.Pass, (await Run(sshd, "true")).Verdict);
    }

    [Fact]
    public async Task A_hashed_line_of_known_hosts_vouches_for_its_host()
    {
        using var sshd = new Sshd();
        sshd.HashKnownHosts();
        Assert.Equal(Verdict.Pass, (await Run(sshd, "true")).Verdict);
    }

    [Fact]
    public async Task A_host_may_be_known_by_the_name_that_the_platform_gives_it()
    {
        using var sshd = new Sshd();
        sshd.WriteKnownHosts("db-1", sshd.HostKey);
        Assert.Equal(Verdict.Pass, (await Run(sshd, "true")).Verdict);
    }

    [Fact]
    public async Task Without_a_key_of_our_own_no_host_is_asked()
    {
        using var sshd = new Sshd();
        File.Delete(sshd.PrivateKey);
        var evidence = await Run(sshd, "true");
        AssertNotRun(Verdict.Fail, evidence);
        Assert.Contains("AKIRA_Ssh__Keys", evidence.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_scripts_than_sshd_allows_sessions_take_turns()
    {
        using var sshd = new Sshd();
        await using var shell = Shell(Target(sshd), sshd.Options);
        var runs = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Echo(shell, i)));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i}\n"), runs);
    }

    [Fact]
    public async Task A_shell_that_went_while_it_waited_is_replaced()
    {
        using var sshd = new Sshd();
        await using var shell = Shell(Target(sshd), sshd.Options);
        await shell.Warm(_cancel);
        while (sshd.Waiting.Count == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _cancel);
        // It may be about to fork.
        while (sshd.Waiting is { Count: > 0 } waiting)
            Sshd.Signal("KILL", [.. waiting]);
        Assert.Equal("1\n", await Echo(shell, 1));
    }

    [Fact]
    public async Task A_shell_that_waits_goes_with_the_connection()
    {
        using var sshd = new Sshd();
        await using (var shell = Shell(Target(sshd), sshd.Options))
        {
            await shell.Warm(_cancel);
            while (sshd.Waiting.Count == 0)
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _cancel);
        }
        while (sshd.Waiting.Count > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _cancel);
    }
}
