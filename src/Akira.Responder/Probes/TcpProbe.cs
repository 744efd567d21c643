using System.Net.Sockets;
using System.Text;
using Akira.Core.Runbooks;

namespace Akira.Responder.Probes;

/// <summary>Whether a port takes connections; of <c>ssh:</c> also whether a server greets there (RFC 4253, 4.2).</summary>
public sealed class TcpProbe(ProbeTarget target) : IProbe
{
    public async Task<Reading> Look(CancellationToken cancel)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        if (await socket.Reach(target.Endpoint.Address(), cancel) is not SocketError.Success and var error)
            return Reading.Of(false, Words.Of(error));
        if (target.Scheme != "ssh")
            return Reading.Of(true, "connected");
        using var reader = new StreamReader(new NetworkStream(socket), Encoding.ASCII);
        // Lines before the greeting are allowed, without end to speak of.
        for (var line = 0; line < 20; line++)
            if (await reader.ReadLineAsync(cancel) is not { } text)
                return Reading.Of(false, "it closed the connection");
            else if (text.StartsWith("SSH-2.0-", StringComparison.Ordinal))
                return Reading.Of(true, text.Length <= 80 ? text : text[..80]);
        return Reading.Of(false, "it does not greet as SSH does");
    }
}
