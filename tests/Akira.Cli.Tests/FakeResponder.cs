using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Akira.Cli.Tests;

/// <summary>Answers with what a sane responder never sends. Whatever the real one does is tested on the real one.</summary>
internal sealed class FakeResponder : IDisposable
{
    private readonly HttpListener _listener = new();

    /// <param name="ahead">How far its clock is before that of this machine.</param>
    public FakeResponder(int status, string contentType, string body, TimeSpan ahead = default)
    {
        Url = $"http://127.0.0.1:{FreePort()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _ = Serve(status, contentType, Encoding.UTF8.GetBytes(body), ahead);
    }

    public string Url { get; }

    /// <summary>The last request's body.</summary>
    public string Received { get; private set; } = "";

    public void Dispose() => _listener.Close();

    private async Task Serve(int status, string contentType, byte[] body, TimeSpan ahead)
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using (var reader = new StreamReader(context.Request.InputStream))
                Received = await reader.ReadToEndAsync();
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            context.Response.AddHeader("Date", $"{TimeProvider.System.GetUtcNow() + ahead:R}");
            await context.Response.OutputStream.WriteAsync(body);
            context.Response.Close();
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
