using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Akira.Voice.CdrRelay;

/// <summary>
/// The UDP socket that the SIP server hands its events to. Sending to it over loopback never blocks. What is not yet received waits in
/// the kernel; when systemd owns the socket (a <c>.socket</c> unit) it waits there even while no relay runs.
/// </summary>
internal static class EventSocket
{
    private const int FirstInherited = 3; // sd_listen_fds(3)
    private const int SolSocket = 1;
    private const int ReceiveBufferForce = 33; // root may exceed net.core.rmem_max
    private const int QueueBytes = 64 << 20;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(200);

    /// <exception cref="SocketException">The address is taken, or not this machine's.</exception>
    public static Socket Open(IPEndPoint address)
    {
        Socket socket;
        if (
            Environment.GetEnvironmentVariable("LISTEN_FDS") == "1"
            && Environment.GetEnvironmentVariable("LISTEN_PID")
                == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
        )
            socket = new Socket(new SafeSocketHandle(FirstInherited, ownsHandle: true));
        else
        {
            socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(address);
            socket.ReceiveBufferSize = QueueBytes;
            Span<byte> size = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(size, QueueBytes);
            try
            {
                socket.SetRawSocketOption(SolSocket, ReceiveBufferForce, size);
            }
            catch (SocketException) { } // not root: what the system allows has been set
        }
        socket.ReceiveTimeout = (int)Wait.TotalMilliseconds;
        return socket;
    }

    /// <summary>Events that the kernel threw away since the socket was made, because its queue was full.</summary>
    public static long Dropped(Socket socket)
    {
        if (socket.LocalEndPoint is not IPEndPoint { AddressFamily: AddressFamily.InterNetwork } local)
            return 0;
        // sl local_address rem_address st queues timer retrnsmt uid timeout inode ref pointer drops
        var address = BinaryPrimitives.ReadUInt32LittleEndian(local.Address.GetAddressBytes());
        var name = $"{address:X8}:{local.Port:X4}";
        foreach (var line in File.ReadLines("/proc/net/udp"))
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var at, .., var drops] && at == name)
                return long.Parse(drops, CultureInfo.InvariantCulture);
        return 0;
    }
}
