using System.Net;
using System.Net.Sockets;
using Akira.Core.Runbooks;

namespace Akira.Responder.Probes;

/// <summary>
/// What sockets do, with what is in the way as a value. Whatever is down is asked each second, and an exception thrown at each look costs a
/// responder at rest more than the rest of its work: where it fails at once, the runtime writes its stack out as text.
/// </summary>
internal static class Reaching
{
    public static EndPoint Address(this ProbeEndpoint endpoint) => new DnsEndPoint(endpoint.Host, endpoint.Port);

    /// <summary>Whether anybody takes connections there; the connection is given up.</summary>
    public static async Task<SocketError> Knock(ProbeEndpoint endpoint, CancellationToken cancel)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        return await socket.Reach(endpoint.Address(), cancel);
    }

    /// <summary>Connects.</summary>
    public static async Task<SocketError> Reach(this Socket socket, EndPoint peer, CancellationToken cancel)
    {
        using var call = new SocketAsyncEventArgs { RemoteEndPoint = peer };
        var ended = EndOf(call);
        if (socket.ConnectAsync(call))
            using (cancel.UnsafeRegister(c => Socket.CancelConnectAsync((SocketAsyncEventArgs)c!), call))
                await ended;
        return call.SocketError;
    }

    /// <summary>Receives; ends when the socket is disposed, too.</summary>
    public static async Task<(SocketError Error, int Bytes)> Hear(this Socket socket, byte[] buffer)
    {
        using var call = new SocketAsyncEventArgs();
        call.SetBuffer(buffer);
        var ended = EndOf(call);
        if (socket.ReceiveAsync(call))
            await ended;
        return (call.SocketError, call.BytesTransferred);
    }

    private static Task EndOf(SocketAsyncEventArgs call)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        call.Completed += (_, _) => ended.SetResult();
        return ended.Task;
    }
}
