using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using static Akira.Cli.Tests.AkiraCommand;

namespace Akira.Cli.Tests;

/// <summary>The command line against a real responder: the demo's, in a process of its own.</summary>
public sealed class DemoTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _state = Directory.CreateTempSubdirectory("akira-demo-").FullName;
    private readonly string _url = $"http://127.0.0.1:{FreePort()}";
    private Process _demo = null!;

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo("dotnet", [Dll, "demo", "--listen", _url, "--time-scale", "60"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["XDG_STATE_HOME"] = _state;
        start.Environment.Remove("AKIRA_TOKEN");
        _demo = Process.Start(start)!;
        while (await _demo.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            if (line.StartsWith("Log in, once: ", StringComparison.Ordinal))
                return;
        Assert.Fail("The demo ended before it answered.");
    }

    public ValueTask DisposeAsync()
    {
        if (!_demo.HasExited)
            _demo.Kill();
        _demo.Dispose();
        Directory.Delete(_state, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_fault_becomes_an_incident_that_cannot_be_resolved_on_hope()
    {
        Assert.Equal(0, (await Demo("demo", "break", "signaling")).ExitCode);
        await Until(async () =>
            (await Demo("incidents")).Output.Contains("INC-1     SEV1  open", StringComparison.Ordinal)
        );

        var ack = await Demo("do", "INC-1", "ACK anna");
        Assert.Equal((0, ""), (ack.ExitCode, ack.Error));
        Assert.StartsWith("INC-1 acknowledged by anna", ack.Output);

        var resolve = await Demo("do", "1", "/resolve");
        Assert.Equal((1, ""), (resolve.ExitCode, resolve.Output));
        Assert.Contains("INC-1 cannot be resolved", resolve.Error);
        Assert.Contains("\n  - symptom: ", resolve.Error);

        var page = await Demo("incidents", "show", "1");
        Assert.Matches(@"(?m)^  T\+.+  acknowledged +admin  acknowledged by anna", page.Output);

        using var json = JsonDocument.Parse((await Demo("incidents", "show", "1", "--json")).Output);
        Assert.Equal("acknowledged", json.RootElement.GetProperty("state").GetString());
        Assert.Contains(
            json.RootElement.GetProperty("log").EnumerateArray(),
            e => e.GetProperty("kind").GetString() == "acknowledged" && e.GetProperty("via").GetString() == "cli"
        );
    }

    [Fact]
    public async Task What_is_not_there_is_said_to_be_not_there()
    {
        var run = await Demo("incidents", "show", "404");
        Assert.Equal((1, "akira: There is no incident 404.\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_ticket_and_a_deploy_are_recorded()
    {
        Assert.StartsWith("INC-1: ", (await Demo("ticket", "SEV2 - echo on trunk 2", "severity:warning")).Output);
        Assert.Equal("Recorded: 2026.11.3.\n", (await Demo("deploy", "record", "2026.11.3")).Output);
        Assert.Contains("2026.11.3", (await Demo("incidents", "show", "1")).Output);
    }

    [Fact]
    public async Task A_line_that_is_about_no_incident_names_none()
    {
        Assert.Equal(
            "bruno is primary for 8 h. /oncall shows it, /uncover bruno ends it.\n",
            (await Demo("do", "/handover", "bruno", "for", "8h")).Output
        );
        Assert.Contains("bruno (primary)", (await Demo("do", "/oncall")).Output);
        await Demo("ticket", "SEV2 - echo on trunk 2", "severity:warning");
        Assert.StartsWith("INC-1 acknowledged by anna", (await Demo("do", "ACK anna")).Output);
    }

    [Fact]
    public async Task A_doctor_finds_nothing_wrong()
    {
        var run = await Demo("doctor");
        Assert.DoesNotContain("WRONG", run.Output);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("yours is an administrator's (from the demo)", run.Output);
    }

    [Fact]
    public async Task A_second_one_on_the_same_folder_is_refused_in_one_line()
    {
        var run = await Demo("demo", "--listen", $"http://127.0.0.1:{FreePort()}");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Another responder", Assert.Single(run.Error.TrimEnd().Split('\n')));
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_the_way_out()
    {
        var run = await Enter([("XDG_DATA_HOME", _state)], "up", "--listen", _url);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--listen", Assert.Single(run.Error.TrimEnd().Split('\n')));
    }

    [Fact]
    public async Task A_stop_is_a_clean_end_for_the_responder_and_for_those_who_watch()
    {
        await Demo("ticket", "SEV2 - echo on trunk 2", "severity:warning");
        var seen = Path.Combine(_state, "watched");
        var watch = Run(
            "bash",
            ["-c", $"exec dotnet '{Dll}' incidents watch 1 > '{seen}'"],
            "/",
            [("AKIRA_URL", ""), ("AKIRA_TOKEN", ""), ("XDG_STATE_HOME", _state)]
        );
        await Until(() =>
            Task.FromResult(File.Exists(seen) && File.ReadAllText(seen).Contains("opened", StringComparison.Ordinal))
        );
        await Run("kill", ["-TERM", $"{_demo.Id}"], "/", []);
        await _demo.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, _demo.ExitCode);
        Assert.Equal(0, (await watch).ExitCode);
        Assert.Matches(@"(?m)^T\+\d+ s +opened +", await File.ReadAllTextAsync(seen));
        Assert.Equal(3, (await Demo("incidents")).ExitCode);
    }

    /// <summary>Finds the demo by the file it leaves; 127.0.0.1:7400 is not asked.</summary>
    private Task<Run> Demo(params string[] arguments) =>
        Enter([("AKIRA_URL", ""), ("XDG_STATE_HOME", _state)], arguments);

    private static async Task Until(Func<Task<bool>> holds)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds())
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "It never came to hold.");
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
