using Akira.Core.Incidents;
using Akira.Responder.Steps;
using Akira.Responder.Steps.Ssh;

namespace Akira.Responder.Tests.Steps;

/// <summary>Each against a real sshd on loopback. What must hold over SSH.NET must hold over OpenSSH's client too.</summary>
public abstract class SshTests
{
    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(30);
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

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

    private protected async Task<Evidence> Run(Sshd sshd, string script, TimeSpan? timeout = null)
    {
        await using var shell = Shell(Target(sshd), sshd.Options);
        using var output = new CappedOutput();
        return await shell.Run(script, timeout ?? Ample, output, _cancel);
    }

    private protected static SshTarget Target(Sshd sshd) =>
        new("db-1", sshd.Address, sshd.Port, Environment.UserName, null);
}

public sealed class SshNetTests : SshTests
{
    private protected override IWarmShell Shell(SshTarget target, SshOptions options) =>
        new SshNetShell(target, SshLogin.Of(options), new SemaphoreSlim(4));
}

public sealed class OpenSshTests : SshTests, IDisposable
{
    private readonly DirectoryInfo _sockets = Directory.CreateTempSubdirectory("akira-ssh-");

    private protected override IWarmShell Shell(SshTarget target, SshOptions options) =>
        new OpenSshShell(target, SshLogin.Of(options), _sockets.FullName);

    public void Dispose() => _sockets.Delete(recursive: true);
}
