using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Akira.Voice.Dispatcher;
using Akira.Voice.Tests.Real;

namespace Akira.Voice.Tests.Backend;

/// <summary>From a change over HTTP to the files beside Kamailio, whose socket answers here as Kamailio's does.</summary>
public sealed class DispatcherWatchTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("akira-kam-").FullName;
    private readonly List<string> _said = [];
    private Postgres _database = null!;
    private RunningBackend _backend = null!;
    private RpcSocket _kamailio = null!;
    private DispatcherWatch _watch = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Postgres.Start();
        _backend = await RunningBackend.Start(_database);
        _kamailio = new(Path.Combine(_folder, "rpc.sock"));
        _watch = new(
            new(
                _backend.Http.BaseAddress!,
                RunningBackend.ReaderToken,
                List,
                Path.Combine(_folder, "routes"),
                _kamailio.Path
            ),
            TimeProvider.System,
            _said.Add
        );
    }

    private string List => Path.Combine(_folder, "dispatcher.list");

    public async ValueTask DisposeAsync()
    {
        _kamailio.Dispose();
        await _backend.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task NewTrunk(string id)
    {
        await _backend.Post("/api/trunks", $$"""{"id":"{{id}}","name":"T","host":"192.0.2.1"}""");
        await _backend.Post("/api/routes", $$"""{"prefix":"{{id[^1]}}","trunks":["{{id}}"]}""");
    }

    [Fact]
    public async Task A_new_trunk_is_in_the_list_and_kamailio_is_told_once()
    {
        await NewTrunk("carrier-1");
        await _watch.Look(_backend.Http, default);
        await _watch.Look(_backend.Http, default);
        Assert.Contains("duid=carrier-1", await File.ReadAllTextAsync(List), StringComparison.Ordinal);
        Assert.Equal(["dispatcher.reload", "mtree.reload"], _kamailio.Heard);
        Assert.Equal(
            ["dispatcher.list", "routes", "rpc.sock"],
            Directory.GetFiles(_folder).Select(Path.GetFileName).Order()
        );
    }

    [Fact]
    public async Task A_refusal_is_no_end_kamailio_is_told_again()
    {
        await NewTrunk("carrier-1");
        _kamailio.Refuses = 1;
        await Assert.ThrowsAsync<IOException>(() => _watch.Look(_backend.Http, default));
        await _watch.Look(_backend.Http, default);
        Assert.Equal(["dispatcher.reload", "dispatcher.reload", "mtree.reload"], _kamailio.Heard);
    }

    [Fact]
    public async Task A_backend_without_a_route_empties_no_list()
    {
        await File.WriteAllTextAsync(List, "1 sip:192.0.2.9:5060\n");
        await Assert.ThrowsAsync<IOException>(() => _watch.Look(_backend.Http, default));
        Assert.Equal("1 sip:192.0.2.9:5060\n", await File.ReadAllTextAsync(List));
        Assert.Empty(_kamailio.Heard);
    }

    [Fact]
    public async Task With_the_database_away_the_list_stays()
    {
        await NewTrunk("carrier-1");
        await _watch.Look(_backend.Http, default);
        var before = await File.ReadAllTextAsync(List);
        await _database.Crash();
        await Assert.ThrowsAsync<HttpRequestException>(() => _watch.Look(_backend.Http, default));
        Assert.Equal(before, await File.ReadAllTextAsync(List));
        await _database.Start(again: true);
    }

    /// <summary>As the module jsonrpcs answers on its datagram socket.</summary>
    private sealed class RpcSocket : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

        public RpcSocket(string path)
        {
            Path = path;
            _socket.Bind(new UnixDomainSocketEndPoint(path));
            new Thread(Answer) { IsBackground = true }.Start();
        }

        public string Path { get; }
        public List<string> Heard { get; } = [];
        public int Refuses { get; set; }

        private void Answer()
        {
            var buffer = new byte[4096];
            try
            {
                while (true)
                {
                    System.Net.EndPoint from = new UnixDomainSocketEndPoint("/");
                    var length = _socket.ReceiveFrom(buffer, ref from);
                    using var asked = JsonDocument.Parse(buffer.AsMemory(0, length));
                    Heard.Add(asked.RootElement.GetProperty("method").GetString()!);
                    var answer =
                        Refuses-- > 0
                            ? """{"jsonrpc":"2.0","error":{"code":500,"message":"Ongoing reload"},"id":1}"""
                            : """{"jsonrpc":"2.0","result":{},"id":1}""";
                    _socket.SendTo(Encoding.UTF8.GetBytes(answer), from);
                }
            }
            catch (SocketException) { }
            catch (ObjectDisposedException) { }
        }

        public void Dispose() => _socket.Dispose();
    }
}
