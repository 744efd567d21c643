using System.Diagnostics;
using Akira.Core.Incidents;
using Akira.Responder;
using Akira.Responder.Steps;
using Akira.Responder.Steps.Ssh;

namespace Akira.Benchmarks.Runbooks;

/// <summary>
/// The same read command on many hosts: over the connections of the responder, with <c>parallel-ssh</c> and with
/// <c>ansible</c>, taking turns. All of them verify the hosts' keys and log in with the same key.
/// </summary>
internal sealed class SshBench : IDisposable
{
    private const string Command = "uptime";
    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(60);

    private readonly SshHosts _hosts;
    private readonly string _ssh;

    public SshBench(int hosts)
    {
        _hosts = new SshHosts(hosts);
        _ssh = $"-o UserKnownHostsFile={_hosts.KnownHosts} -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes";
        File.WriteAllLines(_hosts.InFolder("pssh"), _hosts.All.Select(h => $"{h.Address}:{h.Port}"));
        File.WriteAllLines(
            _hosts.InFolder("inventory"),
            _hosts.All.Select(h => $"h{h.Port} ansible_host={h.Address} ansible_port={h.Port}")
        );
    }

    /// <summary>
    /// Seconds for all hosts: over no connection yet; then, as the median of several times, over the ones that are open: with
    /// a second's rest before each, as people and incidents come, and one after another without.
    /// </summary>
    public async Task<(double Cold, double Warm, double Hurried)> Akira()
    {
        var login = SshLogin.Of(new SshOptions(Keys: _hosts.PrivateKey, KnownHosts: _hosts.KnownHosts));
        var greeting = new SemaphoreSlim(Shells.GreetedAtOnce);
        var shells = _hosts
            .All.Select(h => new SshNetShell(
                new SshTarget(h.Address, h.Address, h.Port, Environment.UserName, null),
                login,
                greeting
            ))
            .ToList();
        var cold = await Once();
        var (warm, hurried) = (new List<double>(), new List<double>());
        for (var i = 0; i < 9; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            warm.Add(await Once());
        }
        for (var i = 0; i < 9; i++)
            hurried.Add(await Once());
        foreach (var shell in shells)
            await shell.DisposeAsync();
        return (cold, Middle(warm), Middle(hurried));

        static double Middle(List<double> figures) => figures.Order().ElementAt(figures.Count / 2);

        async Task<double> Once()
        {
            var clock = Stopwatch.StartNew();
            var evidence = await Task.WhenAll(shells.Select(On));
            var took = clock.Elapsed.TotalSeconds;
            return
                evidence.FirstOrDefault(e => e.Verdict != Verdict.Pass || !e.Output.Contains("load average")) is { } bad
                ? throw new InvalidOperationException($"{bad.Host}: {bad.Verdict} {bad.Remark}")
                : took;
        }

        static async Task<Evidence> On(SshNetShell shell)
        {
            using var output = new CappedOutput();
            return await shell.Run(Command, Ample, output, CancellationToken.None);
        }
    }

    /// <summary>Seconds. It keeps no connections: each run is like its first.</summary>
    public double ParallelSsh() =>
        Run(
            "parallel-ssh",
            [
                "-h",
                _hosts.InFolder("pssh"),
                "-p",
                "50",
                "-t",
                "60",
                "-i",
                "-x",
                $"-i {_hosts.PrivateKey} {_ssh}",
                Command,
            ],
            "load average"
        );

    /// <summary>Seconds, over the connections that its first run has opened and keeps.</summary>
    /// <param name="module"><c>command</c> is what it uses unless told otherwise, and needs Python on the hosts; <c>raw</c> does not.</param>
    public (double Cold, double Warm) Ansible(string module)
    {
        var sockets = Directory.CreateDirectory(_hosts.InFolder("cp"));
        var cold = Once();
        var warm = Once();
        foreach (var socket in sockets.GetFiles())
            using (var end = Process.Start("ssh", ["-q", "-o", $"ControlPath={socket.FullName}", "-O", "exit", "x"]))
                end.WaitForExit();
        return (cold, warm);

        double Once() =>
            Run(
                "ansible",
                [
                    "all",
                    "-i",
                    _hosts.InFolder("inventory"),
                    "-f",
                    "50",
                    "-m",
                    module,
                    "-a",
                    Command,
                    "--private-key",
                    _hosts.PrivateKey,
                    $"--ssh-common-args={_ssh}",
                ],
                "load average",
                ("ANSIBLE_SSH_CONTROL_PATH_DIR", sockets.FullName)
            );
    }

    private double Run(string program, string[] arguments, string expected, params (string, string)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var took = clock.Elapsed.TotalSeconds;
        var passed = said.Split(expected).Length - 1;
        return passed == _hosts.All.Count
            ? took
            : throw new InvalidOperationException($"{program} reached {passed} of {_hosts.All.Count} hosts: {said}");
    }

    public void Dispose() => _hosts.Dispose();
}
