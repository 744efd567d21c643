using System.Net;
using System.Net.Sockets;

namespace Akira.Responder.Probes;

/// <summary>
/// A page that is asked for on a new connection each time: one that is open says nothing about whether others still get in. Asked by one at
/// a time.
/// </summary>
internal sealed class Page : IDisposable
{
    private readonly Uri _url;
    private readonly HttpClient _http;
    private Socket? _connected;

    public Page(string url)
    {
        _url = new Uri(url);
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                PooledConnectionLifetime = TimeSpan.Zero,
                ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new NetworkStream(TakeConnected(), true)),
            }
        );
    }

    /// <returns>The answer as far as its headers; null: there is nobody to ask, and the error says why.</returns>
    public async Task<(HttpResponseMessage? Answer, SocketError Error)> Get(CancellationToken cancel)
    {
        // The proxy of the environment, where there is one for it.
        var door = HttpClient.DefaultProxy.GetProxy(_url) ?? _url;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Interlocked.Exchange(ref _connected, socket)?.Dispose();
        var error = await socket.Reach(new DnsEndPoint(door.IdnHost, door.Port), cancel);
        return error == SocketError.Success
            ? (await _http.GetAsync(_url, HttpCompletionOption.ResponseHeadersRead, cancel), error)
            : (null, error);
    }

    public void Dispose()
    {
        _connected?.Dispose();
        _http.Dispose();
    }

    private Socket TakeConnected() =>
        Interlocked.Exchange(ref _connected, null) ?? throw new IOException("it closed the connection");
}
