using System.Net;
using Akira.Voice.CdrRelay;
using Akira.Voice.CdrWorker;
using Akira.Voice.Tests.Real;

namespace Akira.Voice.Tests;

/// <summary>Relay and worker as users that may do what docs/cdr.md says, and nothing else.</summary>
public sealed class PermissionTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("akira-nats-").FullName;
    private readonly int _port = FreePort.Next();
    private readonly List<string> _said = [];
    private NatsServer _nats = null!;
    private Postgres _postgres = null!;

    public async ValueTask InitializeAsync()
    {
        _nats = await NatsServer.Start(
            $$"""
            jetstream { store_dir: "{{_folder}}/store" }
            authorization { users: [
              { user: relay, password: r, permissions: {
                publish: ["akira.cdr.*", "$JS.API.STREAM.INFO.AKIRA_CDR", "$JS.API.STREAM.CREATE.AKIRA_CDR"],
                subscribe: ["akira.inbox.>", "_INBOX.>"] } },
              { user: worker, password: w, permissions: {
                publish: ["$JS.API.STREAM.INFO.AKIRA_CDR", "$JS.API.STREAM.CREATE.AKIRA_CDR", "$JS.API.CONSUMER.*.AKIRA_CDR.>",
                  "$JS.API.CONSUMER.DURABLE.CREATE.AKIRA_CDR.>", "$JS.API.CONSUMER.MSG.NEXT.AKIRA_CDR.>", "$JS.ACK.AKIRA_CDR.>"],
                subscribe: ["akira.inbox.>", "_INBOX.>"] } } ] }
            """
        );
        _postgres = await Postgres.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _nats.DisposeAsync();
        await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Relay_and_worker_need_no_more_than_the_documents_say()
    {
        using var stop = new CancellationTokenSource();
        var relay = new Relay(
            new(new(IPAddress.Loopback, _port), Path.Combine(_folder, "spool"), new(As("relay:r"))),
            TimeProvider.System,
            Say
        );
        var worker = new Worker(new(new(As("worker:w")), _postgres.Connection), TimeProvider.System, Say);
        var running = Task.WhenAll(
            Task.Run(() => relay.Run(stop.Token), CancellationToken.None),
            Task.Run(() => worker.Run(stop.Token), CancellationToken.None)
        );
        for (var left = 150; await Rows() < 3; left--)
        {
            lock (_said)
                Assert.True(left > 0, string.Join('\n', _said));
            // Again and again: before the relay listens they are lost, after that they are known.
            await Events.Send(_port, [Events.Setup(1), Events.Setup(2), Events.Setup(3)]);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
        Assert.Equal(3, await Rows());
        await stop.CancelAsync();
        await running;
    }

    private async Task<long> Rows() =>
        await _postgres.Count("SELECT count(*) FROM pg_class WHERE relname = 'cdr'") == 0
            ? 0
            : await _postgres.Count("SELECT count(*) FROM cdr");

    private string As(string user) => _nats.Url.Replace("nats://", $"nats://{user}@", StringComparison.Ordinal);

    private void Say(string line)
    {
        lock (_said)
            _said.Add(line);
    }
}
