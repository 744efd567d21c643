using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Akira.Core.Alerts;
using Akira.Core.Runbooks;

namespace Akira.Responder.Probes;

/// <summary>
/// An OPTIONS request (RFC 3261, 11), as another proxy would ask whether this one lives. Any final answer below 500 is
/// a stack that parses, routes and replies; 5xx and 6xx say that it will not serve. Sample <c>signaling.loss</c>: which part of
/// the requests over UDP went unanswered, over the last twenty looks.
/// </summary>
public sealed class SipProbe(ProbeTarget target) : IProbe
{
    /// <summary>
    /// UDP loses packets: the same request goes out again, as RFC 3261's timer E would have it, only sooner. Eight of them in
    /// a look: where six of ten packets are lost, one look in sixty hears nothing, and not one in five as with four.
    /// </summary>
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// What is asked at such distances is answered at such distances, however long the way: after twice as much nothing more comes.
    /// </summary>
    private static readonly TimeSpan Quiet = 2 * Again;

    private readonly PacketLoss _loss = new();

    public async Task<Reading> Look(CancellationToken cancel)
    {
        var peer = (await Dns.GetHostAddressesAsync(target.Endpoint.Host, cancel))[0];
        // Of the peer's own family: the address that we are reached at stands in the request.
        using var socket = target.OverTcp
            ? new Socket(peer.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(peer.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // Connected also over UDP: a port that nobody listens on is then heard of at once.
        if (
            await socket.Reach(new IPEndPoint(peer, target.Endpoint.Port), cancel)
            is not SocketError.Success
                and var error
        )
            return Reading.Of(false, Words.Of(error));
        var callId = RandomNumberGenerator.GetHexString(24, lowercase: true);
        var request = Encoding.ASCII.GetBytes(Options(socket, callId));
        if (!target.OverTcp)
            return await OverUdp(socket, request, callId, cancel);
        return await OverTcp(socket, request, callId, cancel) is (var code, var reason)
            ? Answered(code, reason)
            : Reading.Of(false, "it closed the connection");
    }

    private static Reading Answered(int code, string reason, params ImmutableArray<Figure> figures) =>
        Reading.Of(code < 500, $"{code} {reason}", figures);

    private async Task<Reading> OverUdp(Socket socket, byte[] request, string callId, CancellationToken cancel)
    {
        var buffer = new byte[64 * 1024];
        await socket.SendAsync(request, cancel);
        var sent = 1;
        var received = socket.Hear(buffer);
        while (true)
        {
            if (await Task.WhenAny(received, Task.Delay(Again, TimeProvider.System, cancel)) != received)
            {
                cancel.ThrowIfCancellationRequested();
                socket.Send(request, SocketFlags.None, out _); // what is wrong, the receiver hears too
                sent++;
                continue;
            }
            var (error, bytes) = await received;
            if (error != SocketError.Success)
                return Reading.Of(false, Words.Of(error));
            if (FinalAnswer(buffer.AsSpan(0, bytes), callId) is var (code, reason))
            {
                if (await CountAnswers(socket, buffer, callId, sent, cancel) is { } answered)
                    _loss.Note(sent, answered);
                var remark = _loss.Ratio is null ? "not asked often enough yet" : null;
                return Answered(code, reason, new Figure("signaling.loss", _loss.Ratio, remark));
            }
            received = socket.Hear(buffer);
        }
    }

    /// <summary>How many of the requests were answered, the first answer among them.</summary>
    /// <returns>Null when the look was over before that could be told.</returns>
    private static async Task<int?> CountAnswers(
        Socket socket,
        byte[] buffer,
        string callId,
        int sent,
        CancellationToken cancel
    )
    {
        for (var answered = 1; ; )
        {
            if (answered == sent)
                return answered;
            var received = socket.Hear(buffer);
            var heard = await Task.WhenAny(received, Task.Delay(Quiet, TimeProvider.System, cancel)) == received;
            // Where this machine itself stood still, the answer is here, only unread.
            if (!heard && socket.Available == 0 && !received.IsCompleted)
                return cancel.IsCancellationRequested ? null : answered;
            var (error, bytes) = await received;
            if (error != SocketError.Success)
                return answered;
            if (FinalAnswer(buffer.AsSpan(0, bytes), callId) is not null)
                answered++;
        }
    }

    private static async Task<(int, string)?> OverTcp(
        Socket socket,
        byte[] request,
        string callId,
        CancellationToken cancel
    )
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        await socket.SendAsync(request, cancel);
        while (length < buffer.Length && await socket.ReceiveAsync(buffer.AsMemory(length), cancel) is > 0 and var read)
        {
            length += read;
            // A provisional answer may stand before the final one.
            for (var from = 0; from < length; )
            {
                var end = buffer.AsSpan(from, length - from).IndexOf("\r\n\r\n"u8);
                if (end < 0)
                    break;
                if (FinalAnswer(buffer.AsSpan(from, end + 4), callId) is { } answer)
                    return answer;
                from += end + 4;
            }
        }
        return null;
    }

    /// <summary>Code and reason, when these bytes begin with a final response to this request; null otherwise.</summary>
    internal static (int Code, string Reason)? FinalAnswer(ReadOnlySpan<byte> bytes, string callId)
    {
        var lines = Encoding.UTF8.GetString(bytes).Split("\r\n");
        var status = lines[0].Split(' ', 3);
        if (
            status is not ["SIP/2.0", { Length: 3 } digits, ..]
            || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            || code is < 200 or > 699
        )
            return null;
        var isOurs = lines
            .Skip(1)
            .TakeWhile(l => l.Length > 0)
            .Select(l => l.Split(':', 2))
            .Any(h => h.Length == 2 && h[0].Trim().ToLowerInvariant() is "call-id" or "i" && h[1].Trim() == callId);
        return isOurs ? (code, status.Length == 3 ? status[2] : "") : null;
    }

    private string Options(Socket socket, string callId)
    {
        var (transport, local) = (target.OverTcp ? "TCP" : "UDP", socket.LocalEndPoint);
        return $"""
            OPTIONS sip:{target.Endpoint} SIP/2.0
            Via: SIP/2.0/{transport} {local};rport;branch=z9hG4bK{RandomNumberGenerator.GetHexString(
                16,
                lowercase: true
            )}
            Max-Forwards: 1
            From: <sip:akira@{local}>;tag={RandomNumberGenerator.GetHexString(8, lowercase: true)}
            To: <sip:{target.Endpoint}>
            Call-ID: {callId}
            CSeq: 1 OPTIONS
            Contact: <sip:akira@{local}>
            User-Agent: Akira
            Content-Length: 0


            """.ReplaceLineEndings(
            "\r\n"
        );
    }
}
