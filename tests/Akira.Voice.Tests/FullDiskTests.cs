using System.Diagnostics;
using System.Net;
using Akira.Voice.CdrRelay;
using Akira.Voice.Stream;
using Akira.Voice.Tests.Real;

namespace Akira.Voice.Tests;

/// <summary>A spool on a small file system of its own, over a real nats-server.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private const int Sent = 110_000; // of some 400 bytes: more than the one file of 32 MB that has room

    private readonly string _spool = Directory.CreateTempSubdirectory("akira-spool-").FullName;
    private readonly int _port = FreePort.Next();
    private readonly int _metrics = FreePort.Next();
    private readonly List<string> _said = [];
    private NatsServer _nats = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root may mount");
        await Run("mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", _spool);
        _nats = await NatsServer.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _nats.DisposeAsync();
        await Run("umount", "-l", _spool);
        Directory.Delete(_spool);
    }

    [Fact]
    public async Task When_the_disk_is_full_events_wait_in_the_kernel_with_an_alert_and_none_is_lost()
    {
        await _nats.Kill();
        using var stop = new CancellationTokenSource();
        var options = new RelayOptions(
            new(IPAddress.Loopback, _port),
            _spool,
            new(_nats.Url),
            new Uri($"http://127.0.0.1:{_metrics}")
        );
        var relay = Task.Run(() => new Relay(options, TimeProvider.System, Say).Run(stop.Token));
        await Until(() => Task.FromResult(Said("events are taken")));
        foreach (var some in Enumerable.Range(1, Sent).Chunk(500))
        {
            await Events.Send(_port, some.Select(c => Events.Setup(c)));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System); // as calls come; nobody here sends faster than it is read
        }

        await Until(async () => await Metric("akira_cdr_relay_disk_full") == 1);
        Assert.True(Said("ALERT: no room to keep events"));
        Assert.InRange(await Metric("akira_cdr_relay_received_total"), 1, Sent - 1);

        await _nats.Start();
        await Until(async () => await Metric("akira_cdr_relay_published_total") == Sent);
        Assert.Equal(0, await Metric("akira_cdr_relay_disk_full"));
        Assert.Equal(0, await Metric("akira_cdr_relay_dropped_total"));
        await using var nats = new NatsLogin(_nats.Url).Connect("test");
        var stream = await nats.JetStream().GetStreamAsync(CdrStream.Name);
        Assert.Equal(Sent, stream.Info.State.Messages);
        await stop.CancelAsync();
        await relay;
    }

    private async Task<double> Metric(string name)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri($"http://127.0.0.1:{_metrics}/metrics"));
        var line = text.Split('\n').First(l => l.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private void Say(string line)
    {
        lock (_said)
            _said.Add(line);
    }

    private bool Said(string beginning)
    {
        lock (_said)
            return _said.Exists(s => s.StartsWith(beginning, StringComparison.Ordinal));
    }

    private async Task Until(Func<Task<bool>> holds)
    {
        for (var left = 300; !await holds(); left--)
        {
            Assert.True(left > 0, string.Join('\n', _said.Take(30)));
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
