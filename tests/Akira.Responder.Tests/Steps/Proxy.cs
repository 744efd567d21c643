using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Akira.Responder.Tests.Steps;

/// <summary>Takes every request of the machine's own programs for the web, and refuses it: none leaves this machine.</summary>
internal sealed class Proxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _asked = [];

    public Proxy()
    {
        _listener.Start();
        _ = Serve();
    }

    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <summary>Each request's verb and target.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    public void Dispose() => _listener.Dispose();

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(client.GetStream());
                if (await reader.ReadLineAsync() is { } line)
                    _asked.Enqueue(line[..line.LastIndexOf(' ')]);
                while (await reader.ReadLineAsync() is { Length: > 0 }) { }
                await client.GetStream().WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // the test is over
        }
    }
}
