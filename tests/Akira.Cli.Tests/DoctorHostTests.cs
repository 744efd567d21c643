using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Akira.Responder.Tests.Steps;
using static Akira.Cli.Tests.AkiraCommand;

namespace Akira.Cli.Tests;

/// <summary>What the doctor says of hosts, which are real SSH servers on this machine.</summary>
public sealed class DoctorHostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("akira-doctor-hosts-").FullName;
    private readonly Sshd _host = new("ed25519", "rsa");

    public DoctorHostTests() => DoctorTests.WritePolicy(_folder);

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_host_that_shows_the_key_on_file_is_well()
    {
        var (found, exit) = await Ask();

        var keys = Assert.Single(found);
        Assert.Equal("ok", (string?)keys["health"]);
        Assert.Contains($"1 of 1 hosts show the key that {_host.KnownHosts} has", (string?)keys["what"]);
        Assert.Equal(1, exit); // for other reasons: no channel is set
        Assert.DoesNotContain("Accepted", File.ReadAllText(Path.Combine(_host.Folder, "log")));
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("rsa")]
    public async Task The_host_is_asked_for_the_type_of_key_that_is_on_file(string type)
    {
        _host.WriteKnownHosts(_host.KnownAs, _host.PublicKey($"host_{type}"));

        Assert.Equal("ok", (string?)Assert.Single((await Ask()).Found)["health"]);
    }

    [Fact]
    public async Task A_host_whose_key_is_not_on_file_is_told_with_the_key_it_shows_and_the_command_mends_it()
    {
        _host.WriteKnownHosts("elsewhere", _host.HostKey);

        var missing = Assert.Single((await Ask()).Found);
        Assert.Equal("wrong", (string?)missing["health"]);
        Assert.Contains("the key of sip-1 is not in", (string?)missing["what"]);
        Assert.Contains($"it shows ssh-ed25519 {Fingerprint("host_ed25519")}", (string?)missing["what"]);

        await Obey(missing);
        Assert.Equal("ok", (string?)Assert.Single((await Ask()).Found)["health"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_whose_key_has_changed_is_told_and_the_command_mends_it(bool areNamesHashed)
    {
        _host.WriteKnownHosts(_host.KnownAs, _host.Keygen("before"));
        if (areNamesHashed)
            _host.HashKnownHosts();

        var changed = Assert.Single((await Ask()).Found);
        Assert.Equal("wrong", (string?)changed["health"]);
        Assert.Contains("THE KEY OF sip-1 HAS CHANGED", (string?)changed["what"]);
        Assert.Contains(Fingerprint("host_ed25519"), (string?)changed["what"]);

        await Obey(changed);
        Assert.Equal("ok", (string?)Assert.Single((await Ask()).Found)["health"]);
    }

    [Fact]
    public async Task A_host_that_no_longer_has_a_key_of_the_type_on_file_has_changed()
    {
        _host.WriteKnownHosts(_host.KnownAs, _host.Keygen("before", "ecdsa"));

        Assert.Contains("HAS CHANGED", (string?)Assert.Single((await Ask()).Found)["what"]);
    }

    [Fact]
    public async Task A_key_that_is_revoked_is_told()
    {
        _host.WriteKnownHosts(_host.KnownAs, $"{_host.HostKey}\n@revoked * {_host.HostKey}");

        Assert.Contains("the key of sip-1 is revoked", (string?)Assert.Single((await Ask()).Found)["what"]);
    }

    [Fact]
    public async Task A_host_that_is_down_is_told_with_what_must_show_its_key()
    {
        _host.Stop();

        var silent = Assert.Single((await Ask()).Found);
        Assert.Equal("wrong", (string?)silent["health"]);
        Assert.Contains($"root@{_host.Address}:{_host.Port} can not be reached", (string?)silent["what"]);
        Assert.Contains($"ssh-keyscan -p {_host.Port} {_host.Address}", (string?)silent["fix"]);
    }

    [Fact]
    public async Task Hosts_that_take_connections_and_say_nothing_are_told_and_not_waited_for_one_after_the_other()
    {
        using var mute = new TcpListener(IPAddress.Parse("127.0.0.1"), 0);
        mute.Start();
        var address = mute.LocalEndpoint.ToString()!;
        File.AppendAllText(_host.KnownHosts, $"[127.0.0.1]:{((IPEndPoint)mute.LocalEndpoint).Port} {_host.HostKey}\n");

        var begun = Stopwatch.GetTimestamp();
        var (found, _) = await Ask([.. Enumerable.Range(2, 12).Select(n => $"| sip-{n} | {address} | root | - | - |")]);

        Assert.Contains("1 of 13 hosts", (string?)found[0]["what"]);
        Assert.Equal(13, found.Count);
        Assert.All(found.Skip(1), s => Assert.Contains("did not answer within 5 s", (string?)s["what"]));
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task A_host_behind_another_is_not_asked_and_the_command_goes_through_that_one()
    {
        File.AppendAllText(_host.KnownHosts, $"127.0.7.9 {_host.HostKey}\n");

        var (found, _) = await Ask("| db-1 | 127.0.7.9 | root | - | sip-1 |");

        var note = found[1];
        Assert.Equal("note", (string?)note["health"]);
        Assert.Contains("the key of db-1 is in", (string?)note["what"]);
        Assert.Contains($"ssh -p {_host.Port} root@{_host.Address} ssh-keyscan 127.0.7.9", (string?)note["fix"]);
    }

    private async Task<(List<JsonNode> Found, int Exit)> Ask(params string[] hosts)
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "platform.md"),
            $"""
            ## Hosts

            | Host | Address | User | Role | Jump |
            | --- | --- | --- | --- | --- |
            | sip-1 | {_host.Address}:{_host.Port} | root | signaling | - |
            {string.Join('\n', hosts)}
            """
        );
        var run = await Enter(
            [("AKIRA_Ssh__KnownHosts", _host.KnownHosts), ("AKIRA_Ssh__Keys", _host.PrivateKey)],
            "doctor",
            "--json",
            "--data",
            _folder,
            "--runbooks",
            _folder
        );
        return (
            [
                .. JsonNode
                    .Parse(run.Output)!
                    .AsArray()
                    .Select(s => s!)
                    .Where(s => ((string)s["check"]!).StartsWith("host-key", StringComparison.Ordinal)),
            ],
            run.ExitCode
        );
    }

    /// <summary>Does what a symptom says, as a person would: what stands behind its last colon and space.</summary>
    private async Task Obey(JsonNode symptom)
    {
        var command = ((string)symptom["fix"]!).Split(": ")[^1];
        var run = await Run("bash", ["-c", command], _folder, []);
        Assert.Equal(0, run.ExitCode);
    }

    private string Fingerprint(string key)
    {
        using var keygen = Process.Start(
            new ProcessStartInfo("ssh-keygen", ["-l", "-f", Path.Combine(_host.Folder, key + ".pub")])
            {
                RedirectStandardOutput = true,
            }
        )!;
        return keygen.StandardOutput.ReadToEnd().Split(' ')[1];
    }
}
