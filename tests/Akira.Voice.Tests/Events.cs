using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Akira.Voice.Tests;

/// <summary>Events as a SIP server sends them.</summary>
internal static class Events
{
    /// <summary>2026-11-24 12:00 UTC; calls come ten milliseconds apart.</summary>
    public const long Noon = 1_795_521_600_000_000;

    public static string Setup(int call, long start = Noon) =>
        Event("setup", call, start, 2 * call - 1, ",\"t_final\":" + Text(Invited(call, start) + 2_000_000));

    public static string End(int call, long start = Noon) =>
        Event(
            "end",
            call,
            start,
            2 * call,
            $",\"t_answer\":{Text(Invited(call, start) + 2_000_000)},\"t_end\":{Text(Invited(call, start) + 9_000_000)}"
        );

    public static string Heartbeat(long seq) =>
        $$"""{"v":1,"type":"heartbeat","node":"sip-01","node_epoch":7,"node_seq":{{seq}},"t_emit":{{Noon + seq}}}""";

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static async Task Send(int port, IEnumerable<string> events)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var to = new IPEndPoint(IPAddress.Loopback, port);
        foreach (var e in events)
            await socket.SendToAsync(Utf8(e), to);
    }

    private static string Event(string type, int call, long start, int seq, string times) =>
        $$"""{"v":1,"type":"{{type}}","leg":0,"attempt":1,"is_last":true,"call_id":"call-{{call}}@test","from_tag":"t{{call}}","node":"sip-01","node_epoch":7,"node_seq":{{seq}},"t_invite":{{Invited(
            call,
            start
        )}}{{times}},"sip_code":200,"code_origin":"remote","customer":"nordwind","trunk_in":"nordwind","trunk_out":"carrier-1","src":"+390212345","dst":"+3933312345","config_version":"2","rate":0.012,"currency":"EUR"}""";

    private static long Invited(int call, long start) => start + call * 10_000L;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
