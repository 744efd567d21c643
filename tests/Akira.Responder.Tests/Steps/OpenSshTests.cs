using Akira.Core.Incidents;
using Akira.Responder.Steps;
using Akira.Responder.Steps.Ssh;

namespace Akira.Responder.Tests.Steps;

public sealed class OpenSshTests : SshTests, IDisposable
{
    private readonly DirectoryInfo _sockets = Directory.CreateTempSubdirectory("akira-ssh-");

    private protected override IWarmShell Shell(SshTarget target, SshOptions options) =>
        new OpenSshShell(target, SshLogin.Of(options), _sockets.FullName);

    [Fact]
    public async Task A_host_behind_another_is_reached_through_it()
    {
        using Sshd bastion = new(),
            inner = new();
        inner.Trust(bastion);
        var options = bastion.Options with { KnownHosts = inner.KnownHosts };
        await using var shell = Shell(Target(inner, jump: Target(bastion)), options);
        using var output = new CappedOutput();
        var evidence = await shell.Run("echo \"$SSH_CONNECTION\"", Ample, output, _cancel);
        Assert.Equal((Verdict.Pass, (string?)null), (evidence.Verdict, evidence.Remark));
        Assert.Contains($" {inner.Address} {inner.Port}", evidence.Output, StringComparison.Ordinal);
        Assert.NotEmpty(bastion.Sessions);
    }

    [Fact]
    public async Task A_jump_host_that_is_not_known_is_refused_with_the_command_that_adds_it()
    {
        using Sshd bastion = new(),
            inner = new();
        await using var shell = Shell(Target(inner, jump: Target(bastion)), inner.Options);
        using var output = new CappedOutput();
        var evidence = await shell.Run("true", Ample, output, _cancel);
        AssertNotRun(Verdict.Fail, evidence);
        Assert.Contains($"ssh-keyscan -p {bastion.Port} {bastion.Address}", evidence.Remark, StringComparison.Ordinal);
    }

    public void Dispose() => _sockets.Delete(recursive: true);
}
