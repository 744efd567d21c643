using System.Text.RegularExpressions;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;

namespace Akira.Responder.Tests.Steps;

/// <summary>
/// The shipped runbooks against real sshd servers: each block goes where it says. They run after all others: a proxy in
/// this process's environment would be every child's proxy, npm's too.
/// </summary>
[Collection(nameof(RunbookTests))]
[CollectionDefinition(nameof(RunbookTests), DisableParallelization = true)]
public sealed partial class RunbookTests : IAsyncDisposable
{
    private const string ProxyVariable = "https_proxy";

    private static readonly string[] Hosts =
    [
        "akira-sip-01-staging",
        "akira-db-01-staging",
        "akira-db-02-staging",
        "akira-mgmt-01-staging",
        "akira-sipp-01-staging",
    ];

    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly DirectoryInfo _programs = Directory.CreateTempSubdirectory("akira-programs-");
    private readonly Dictionary<string, Sshd> _hosts = [];
    private readonly string? _proxy = Environment.GetEnvironmentVariable(ProxyVariable);
    private RunningResponder? _responder;

    [Fact]
    public async Task Diagnostics_of_an_incident_run_on_the_hosts_that_they_name_and_the_rest_runs_here()
    {
        var responder = await Start();
        using var posted = await responder.Post(
            "/api/v2/alerts",
            """[{"labels":{"alertname":"KamailioDown","severity":"critical","service":"kamailio"}}]"""
        );
        var finished = await Finished(
            responder,
            "kamailio-diagnosis",
            "containers",
            "signaling-state",
            "database-state"
        );
        foreach (var part in finished.SelectMany(f => f.Parts))
            if (part.Host == HostNames.Responder)
                Assert.DoesNotContain("ran on", part.Output, StringComparison.Ordinal);
            else
            {
                Assert.True(part.Verdict == Verdict.Pass, $"{part.Host}: {part.Remark} {part.Output}");
                Assert.Contains($"ran on {_hosts[part.Host].Address}\n", part.Output, StringComparison.Ordinal);
            }
        Assert.Contains(
            finished,
            f => f.Parts.Any(p => p.Output.Contains("systemctl status kamailio --no-pager ran on"))
        );
        Assert.Contains(finished, f => f.Parts.Any(p => p.Output.Contains("psql -d akira -c SELECT now(); ran on")));
    }

    [Fact]
    public async Task A_confirmed_restart_goes_to_its_host_and_to_no_other()
    {
        var responder = await Start();
        var anna = new Actor("anna", "token:anna", "http");
        await responder.Desk.Say("/ticket \"SEV3 - kamailio is odd\" severity:low", null, anna, _cancel);
        var frozen = await responder.Desk.Say("/run kamailio-restart", 1, anna, _cancel);
        await responder.Desk.Say(frozen.Reply[frozen.Reply.LastIndexOf('/')..], 1, anna, _cancel);
        var part = Assert.Single(Assert.Single(await Finished(responder, "kamailio-restart")).Parts);
        Assert.Equal(("akira-sip-01-staging", Verdict.Pass), (part.Host, part.Verdict));
        var address = _hosts[part.Host].Address;
        Assert.Equal(
            $"systemctl restart kamailio ran on {address}\nsystemctl status kamailio --no-pager ran on {address}\n",
            part.Output
        );
    }

    /// <summary>The document as it was handed over, its headings and fences marked up again, and nothing else changed.</summary>
    [Fact]
    public async Task Blocks_of_the_document_as_handed_over_run_as_they_are_written()
    {
        var document = await File.ReadAllTextAsync(
            Path.Combine(Root(), "tests/Akira.Core.Tests/Runbooks/as-handed-over/incident-response.md"),
            _cancel
        );
        using var proxy = new Proxy();
        Environment.SetEnvironmentVariable(ProxyVariable, proxy.Url); // real curl, and nothing leaves this machine
        var responder = await Start(document);

        var anna = new Actor("anna", "token:anna", "http");
        await responder.Desk.Say("/ticket \"SEV3 - as written\" severity:low", null, anna, _cancel);
        var runbook = responder.Desk.Policy.Runbooks.Single(r => r.Path == PolicyReader.PolicyFile);
        var steps = runbook.Sections.SelectMany(s => s.Steps).ToList();
        foreach (var step in steps)
        {
            var asked = await responder.Desk.Say($"/run {step.Name}", 1, anna, _cancel);
            if (step.Effect != Effect.Read)
                await responder.Desk.Say(asked.Reply[asked.Reply.LastIndexOf('/')..], 1, anna, _cancel);
        }
        var parts = (await Finished(responder, [.. steps.Select(s => s.Name)])).SelectMany(f => f.Parts).ToList();

        var pasted = Pasted(document).ToList();
        Assert.Equal(21, pasted.Count);
        foreach (var (host, line) in pasted)
            Assert.Contains(parts, p => p.Host == host && p.Output.Contains(line, StringComparison.Ordinal));
        // Nothing ran anywhere else.
        Assert.Equal(
            pasted.Select(p => p.Host).Append(HostNames.Responder).Distinct().Order(),
            parts.Select(p => p.Host).Distinct().Order()
        );
        Assert.Equal(
            ["CONNECT grafana.akira-staging.asheep.it:443", "CONNECT mgmt.akira-staging.asheep.it:443"],
            proxy.Asked.Distinct().Order()
        );
    }

    /// <summary>What a person would paste, host by host, as our programs repeat it.</summary>
    private IEnumerable<(string Host, string Line)> Pasted(string document)
    {
        string? host = null;
        foreach (var line in document.Split('\n'))
            if (SshLine().Match(line) is { Success: true } ssh)
                host = ssh.Groups[1].Value;
            else if (line == "'")
                host = null;
            else if (host is not null)
                yield return (
                    host,
                    line.StartsWith("cd ") ? "cd: /opt/akira/sipp"
                    : line.StartsWith("./") ? "./run_scenario.sh"
                    : $"{line.Split(" |")[0].Replace("\"", "").Replace("sudo -u postgres ", "")} ran on {_hosts[host].Address}\n"
                );
    }

    private async Task<RunningResponder> Start(string? document = null)
    {
        foreach (var program in (string[])["systemctl", "journalctl", "kamailio", "docker", "psql", "nats", "sudo"])
            Install(program, program == "sudo" ? "shift 2; exec \"$@\"" : null);
        foreach (var host in Hosts)
            _hosts[host] = new Sshd($"SetEnv PATH={_programs.FullName}:/usr/bin:/bin", ["ed25519"]);
        var first = _hosts[Hosts[0]];
        foreach (var host in _hosts.Values.Skip(1))
        {
            host.Trust(first);
            File.AppendAllText(first.KnownHosts, $"{host.KnownAs} {host.HostKey}\n");
        }
        _responder = await RunningResponder.Start(o =>
        {
            foreach (var file in Directory.GetFiles(Path.Combine(Root(), "runbooks"), "*.md"))
                File.WriteAllText(Path.Combine(o.Runbooks, Path.GetFileName(file)), Here(File.ReadAllText(file)));
            if (document is not null)
                File.WriteAllText(
                    Path.Combine(o.Runbooks, PolicyReader.PolicyFile),
                    Environment.IsPrivilegedProcess ? document : document.Replace("root@", "", StringComparison.Ordinal)
                );
            return o with { Ssh = first.Options };
        });
        return _responder;
    }

    /// <summary>With our servers' addresses for the platform's, and nothing that leaves this machine.</summary>
    private string Here(string text)
    {
        foreach (var (name, sshd) in _hosts)
            text = Regex.Replace(
                text,
                $@"^\| {name} \| [\d.]+ \| root ",
                $"| {name} | {sshd.Address}:{sshd.Port} | {Environment.UserName} ",
                RegexOptions.Multiline
            );
        return PublicPage().Replace(text, "http://127.0.0.1:9").Replace("root@", "", StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<Entry.StepFinished>> Finished(RunningResponder responder, params string[] steps)
    {
        while (true)
        {
            var finished = responder
                .Desk.Log.Of(1)
                .Select(l => l.Entry)
                .OfType<Entry.StepFinished>()
                .Where(f => steps.Contains(f.Step))
                .ToList();
            if (finished.DistinctBy(f => f.Step).Count() == steps.Length)
                return finished;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _cancel);
        }
    }

    /// <summary>A program that says what it was asked, and at which of our addresses.</summary>
    private void Install(string name, string? script)
    {
        var file = Path.Combine(_programs.FullName, name);
        File.WriteAllText(
            file,
            $"#!/bin/bash\n{script ?? $"set -- {name} \"$@\" ran on $(cut -d' ' -f3 <<<\"$SSH_CONNECTION\"); echo \"$*\""}\n"
        );
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Akira.slnx")))
            folder = folder.Parent;
        return folder.FullName;
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable(ProxyVariable, _proxy);
        if (_responder is not null)
            await _responder.DisposeAsync();
        foreach (var host in _hosts.Values)
            host.Dispose();
        _programs.Delete(recursive: true);
    }

    [GeneratedRegex("^ssh root@([a-z0-9-]+) '$")]
    private static partial Regex SshLine();

    [GeneratedRegex(@"(?<=curl [^\n]*)https://[a-z0-9.-]+")]
    private static partial Regex PublicPage();
}
