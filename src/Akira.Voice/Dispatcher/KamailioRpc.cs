using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Akira.Voice.Dispatcher;

/// <summary>Kamailio's JSON-RPC over its datagram socket (module jsonrpcs, <c>dgram_socket</c>).</summary>
/// <param name="socket">A path: <c>/run/kamailio/kamailio_rpc.sock</c>.</param>
internal sealed class KamailioRpc(string socket, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Returns when Kamailio says that it is done.</summary>
    /// <exception cref="IOException">It does not answer, or it refuses; the message says which.</exception>
    public async Task Call(string method, string[] parameters, CancellationToken cancel)
    {
        var own = Path.Combine(Path.GetDirectoryName(socket)!, $"akira-{Environment.ProcessId}.sock");
        File.Delete(own);
        try
        {
            using var talk = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            talk.Bind(new UnixDomainSocketEndPoint(own));
            // The answer comes from Kamailio, which runs as somebody else.
            File.SetUnixFileMode(own, (UnixFileMode)0b110_110_110);
            await talk.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
            await talk.SendAsync(Request(method, parameters), cancel);
            var answer = new byte[65536];
            using var patience = new CancellationTokenSource(Patience, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
            var length = await talk.ReceiveAsync(answer, both.Token);
            using var json = JsonDocument.Parse(answer.AsMemory(0, length));
            if (json.RootElement.TryGetProperty("error", out var error))
                throw new IOException($"Kamailio refuses {method}: {error}");
        }
        catch (Exception e)
            when (e is SocketException or JsonException
                || e is OperationCanceledException && !cancel.IsCancellationRequested
            )
        {
            throw new IOException($"Kamailio does not answer {method}: {e.Message}", e);
        }
        finally
        {
            File.Delete(own);
        }
    }

    private static byte[] Request(string method, string[] parameters) =>
        Encoding.UTF8.GetBytes(
            $$"""{"jsonrpc":"2.0","method":"{{method}}","params":[{{string.Join(',', parameters.Select(p => $"\"{p}\""))}}],"id":1}"""
        );
}
