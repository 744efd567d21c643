using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Akira.Scenarios.Real;

namespace Akira.Voice.Tests.Real;

/// <summary>A nats-server of its own on a free port of loopback; what it stored outlives a kill.</summary>
internal sealed class NatsServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("akira-nats-").FullName;
    private readonly int _port = FreePort.Next();
    private readonly string _settings;
    private Process? _process;

    private NatsServer(string settings) => _settings = settings;

    public string Url => $"nats://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}";

    public int Pid => _process!.Id;

    /// <param name="settings">Of its configuration; without any it has JetStream, and lets everybody in.</param>
    public static async Task<NatsServer> Start(string settings = "")
    {
        DebianPackage.Require("nats-server", "nats-server");
        var server = new NatsServer(settings);
        await server.Start();
        return server;
    }

    public async Task Start()
    {
        var config = Path.Combine(_folder, "nats.conf");
        await File.WriteAllTextAsync(
            config,
            $$"""
            listen: "127.0.0.1:{{_port}}"
            {{(
                _settings.Length > 0
                    ? _settings
                    : $$"""jetstream { store_dir: "{{_folder}}/store", max_file_store: 4GB }"""
            )}}
            """
        );
        var start = new ProcessStartInfo("nats-server", ["-c", config, "-l", Path.Combine(_folder, "log")]);
        _process = Process.Start(start)!;
        for (var left = 100; ; left--)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", _port);
                return;
            }
            catch (SocketException) when (left > 0 && !_process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }

    /// <summary>kill -9.</summary>
    public async Task Kill()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public Task Freeze() => Signal("-STOP");

    public Task Thaw() => Signal("-CONT");

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _process!.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, Pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
