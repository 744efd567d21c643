using System.Net.Sockets;
using System.Security.Authentication;

namespace Akira.Responder.Probes;

/// <summary>What went wrong with a look, in the few words that a tired person needs.</summary>
internal static class Words
{
    /// <param name="cancel">Has come: time was over.</param>
    public static string Of(Exception e, CancellationToken cancel)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
            if (inner is SocketException socket)
                return Of(socket.SocketErrorCode);
            else if (inner is AuthenticationException tls)
                return tls.Message;
        if (e is OperationCanceledException or TimeoutException || cancel.IsCancellationRequested)
            return "no answer in time";
        return e.Message.Split('\n')[0];
    }

    public static string Of(SocketError error) =>
        error switch
        {
            SocketError.ConnectionRefused => "connection refused",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "its name is not known",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => "cannot be reached",
            SocketError.ConnectionReset => "it closed the connection",
            SocketError.OperationAborted or SocketError.TimedOut => "no answer in time",
            _ => new SocketException((int)error).Message,
        };
}
