using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Akira.Core.Incidents;

namespace Akira.Responder.Steps.Ssh;

/// <summary>
/// A host over OpenSSH's own client: for those behind a jump host, and for keys that only an agent has. Its connection
/// stays open as a master that later runs share.
/// </summary>
internal sealed class OpenSshShell : IWarmShell
{
    /// <summary>What ssh itself exits with when it fails.</summary>
    private const int SshFailed = 255;

    private readonly SshTarget _target;
    private readonly SshLogin _login;
    private readonly ImmutableArray<string> _ssh;

    /// <param name="sockets">A folder of ours, with a short path, where the masters listen.</param>
    public OpenSshShell(SshTarget target, SshLogin login, string sockets)
    {
        (_target, _login) = (target, login);
        string[] jump = target.Jump is { } bastion
            ? ["-o", $"ProxyCommand={string.Join(' ', Command(bastion, "-W", "[%h]:%p").Select(Quoted))}"]
            : [];
        string[] master = ["-o", "ControlMaster=auto", "-o", $"ControlPath={sockets}/%C", "-o", "ControlPersist=300"];
        _ssh = [.. Command(target, [.. jump, .. master])];
    }

    public async Task Warm(CancellationToken cancel)
    {
        using CappedOutput output = new(),
            errors = new();
        await Child.Run([.. _ssh, ":"], SshLogin.Patience * 2, output, errors, cancel);
    }

    public async Task<Evidence> Run(string script, TimeSpan timeout, CappedOutput output, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        // ssh would say no more than that the connection was closed, when it is the jump host that is not known.
        var known = KnownHosts.Read(_login.KnownHosts);
        foreach (var hop in new[] { _target.Jump, _target }.OfType<SshTarget>())
            if (_login.Unknown(hop, known) is { } unknown)
                return output.Evidence(_target.Name, Verdict.Fail, null, clock.Elapsed, $"not run: {unknown}");
        using var errors = new CappedOutput();
        var ended = await Child.Run([.. _ssh, RemoteScript.Wrap(script, timeout)], timeout, output, errors, cancel);
        var said = errors.Text();
        var (verdict, code, remark) = ended switch
        {
            { Error: { } error } => (Verdict.Fail, null, $"not run: ssh could not be started: {error}"),
            { ExitCode: SshFailed } => Broken(said, timeout),
            { ExitCode: { } exitCode } when RemoteScript.Group(said) is null => (
                Verdict.Fail,
                null,
                $"not run: {RemoteScript.NotBegun(exitCode, said)}"
            ),
            { ExitCode: 0 } => (Verdict.Pass, 0, null),
            { ExitCode: { } exitCode } => (
                Verdict.Fail,
                exitCode,
                RemoteScript.Complaints(said) is { Length: > 0 } complaints ? complaints : null
            ),
            { TimedOut: true } => (Verdict.Timeout, null, $"stopped after {Elapsed.Words(timeout)}{await End(said)}"),
            _ => (Verdict.Unknown, (int?)null, (string?)$"stopped with the responder{await End(said)}"),
        };
        return output.Evidence(_target.Name, verdict, code, clock.Elapsed, remark);
    }

    /// <returns>Nothing, or words for the remark: it is not known to be gone.</returns>
    private async Task<string> End(string said)
    {
        if (RemoteScript.Group(said) is not { } group)
            return "; it is not known whether it began";
        using CappedOutput output = new(),
            errors = new();
        var ended = await Child.Run(
            [.. _ssh, RemoteScript.End(group)],
            SshLogin.Patience * 2,
            output,
            errors,
            CancellationToken.None
        );
        return RemoteScript.Gone(ended.ExitCode, group);
    }

    private (Verdict, int?, string?) Broken(string said, TimeSpan timeout)
    {
        var why = RemoteScript.Complaints(said).ReplaceLineEndings(" ").Trim();
        if (RemoteScript.Group(said) is { } group)
            return (
                Verdict.Lost,
                null,
                $"ssh ended with {SshFailed}: {(why.Length > 0 ? why : "the connection broke, or that is the script's own exit code")}; process group {group} is not known to be gone, and ends itself {RemoteScript.Limit(timeout)} s after it began"
            );
        if (why.Contains("HAS CHANGED", StringComparison.Ordinal))
            return (Verdict.Fail, null, $"not run: THE KEY OF {_target.Name} OR OF ITS JUMP HOST HAS CHANGED: {why}");
        var verdict = why.Contains("timed out", StringComparison.OrdinalIgnoreCase) ? Verdict.Timeout : Verdict.Fail;
        return (verdict, null, $"not run: {why}");
    }

    private IEnumerable<string> Command(SshTarget target, params IEnumerable<string> more) =>
        [
            "ssh",
            "-T",
            "-o",
            "BatchMode=yes",
            "-o",
            "StrictHostKeyChecking=yes",
            "-o",
            $"UserKnownHostsFile={_login.KnownHosts}",
            "-o",
            string.Create(CultureInfo.InvariantCulture, $"ConnectTimeout={SshLogin.Patience.TotalSeconds}"),
            "-o",
            "ServerAliveInterval=3",
            "-o",
            "ServerAliveCountMax=2",
            "-o",
            "LogLevel=ERROR",
            .. _login.Keys.SelectMany(k => new[] { "-i", k }),
            "-p",
            target.Port.ToString(CultureInfo.InvariantCulture),
            .. more,
            $"{target.User}@{target.Address}",
        ];

    private static string Quoted(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    public async ValueTask DisposeAsync()
    {
        using CappedOutput output = new(),
            errors = new();
        await Child.Run([.. _ssh, "-O", "exit"], SshLogin.Patience, output, errors, CancellationToken.None);
    }
}
