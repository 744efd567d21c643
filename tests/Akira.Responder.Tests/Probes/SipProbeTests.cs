using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Akira.Core.Runbooks;
using Akira.Responder.Probes;
using Akira.Scenarios.Real;
using Akira.Voice.Tests.Real;

namespace Akira.Responder.Tests.Probes;

/// <summary>Against SIPp, which answers as it is told to.</summary>
public sealed class SipProbeTests : IDisposable
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akira-sipp-");
    private readonly int _port = FreePort.Next();
    private Process? _sipp;

    [Theory]
    [InlineData("udp", 200, true)]
    [InlineData("udp", 404, true)]
    [InlineData("udp", 503, false)]
    [InlineData("tcp", 200, true)]
    [InlineData("tcp", 500, false)]
    public async Task What_answers_below_500_is_up(string transport, int code, bool isUp)
    {
        await Start(transport, code);
        var reading = await Look($"sip:127.0.0.1:{_port};transport={transport}");
        Assert.Equal((isUp, $"{code} Told So"), (reading.Up, reading.Said));
    }

    [Fact]
    public async Task A_provisional_answer_is_no_answer_and_the_final_one_is_waited_for()
    {
        await Start("udp", 200, first: "100");
        Assert.Equal("200 Told So", (await Look($"sip:127.0.0.1:{_port}")).Said);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Lost_packets_are_made_up_for(int lost)
    {
        using var deaf = new UdpClient(new IPEndPoint(IPAddress.Loopback, _port));
        var looking = Look($"sip:127.0.0.1:{_port}");
        for (var i = 0; i < lost; i++)
            await deaf.ReceiveAsync(_cancel); // and says nothing
        var again = await deaf.ReceiveAsync(_cancel);
        await deaf.SendAsync(Answer(again.Buffer, "200 OK"), again.RemoteEndPoint, _cancel);
        Assert.True((await looking).Up);
    }

    [Fact]
    public async Task Requests_that_were_lost_are_counted_when_ten_looks_were_answered()
    {
        using var deaf = new Answering(_port, nth => nth == 1 ? 0 : 1);
        var probe = new SipProbe(ProbeTarget.Read($"sip:127.0.0.1:{_port}", out _)!);
        for (var look = 1; look <= 10; look++)
        {
            var loss = Assert.Single((await Look(probe)).Figures);
            Assert.Equal("signaling.loss", loss.Sample);
            // Half of them; less where this machine was slow, and a third went out before the second was answered.
            Assert.Equal(look < 10 ? null : 1 - (double)deaf.Answers / deaf.Requests, loss.Value);
        }
    }

    [Fact]
    public async Task A_slow_answer_is_no_lost_request()
    {
        using var slow = new Answering(
            _port,
            nth =>
                nth == 1 ? 0
                : nth == 2 ? 2
                : 1
        );
        var probe = new SipProbe(ProbeTarget.Read($"sip:127.0.0.1:{_port}", out _)!);
        for (var look = 1; look <= 10; look++)
        {
            var reading = await Look(probe);
            Assert.True(reading.Up);
            Assert.Equal(look < 10 ? null : 0, Assert.Single(reading.Figures).Value);
        }
    }

    [Fact]
    public async Task An_answer_to_somebody_else_is_not_ours()
    {
        using var confused = new UdpClient(new IPEndPoint(IPAddress.Loopback, _port));
        var looking = Look($"sip:127.0.0.1:{_port}");
        var request = await confused.ReceiveAsync(_cancel);
        await confused.SendAsync(
            "SIP/2.0 200 OK\r\nCall-ID: another\r\n\r\n"u8.ToArray(),
            request.RemoteEndPoint,
            _cancel
        );
        await confused.SendAsync(Answer(request.Buffer, "503 Busy"), request.RemoteEndPoint, _cancel);
        Assert.Equal("503 Busy", (await looking).Said);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Where_nobody_listens_it_is_heard_at_once(string transport)
    {
        var reading = await Look($"sip:127.0.0.1:{_port};transport={transport}");
        Assert.Equal((false, "connection refused"), (reading.Up, reading.Said));
    }

    public void Dispose()
    {
        if (_sipp is { HasExited: false })
            _sipp.Kill();
        _sipp?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Task<Reading> Look(string address) => Look(new SipProbe(ProbeTarget.Read(address, out _)!));

    private static async Task<Reading> Look(SipProbe probe)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        return await probe.Look(patience.Token);
    }

    private static byte[] Answer(byte[] request, string status)
    {
        var callId = Encoding.ASCII.GetString(request).Split("\r\n").First(l => l.StartsWith("Call-ID:"));
        return Encoding.ASCII.GetBytes($"SIP/2.0 {status}\r\n{callId}\r\n\r\n");
    }

    /// <summary>
    /// Answers at the nth request of a look as often as it is told to. On a thread of its own: a test that shares the pool with
    /// a hundred others would be the slow one.
    /// </summary>
    private sealed class Answering : IDisposable
    {
        private readonly UdpClient _socket;
        private int _requests;
        private int _answers;

        public int Requests => Volatile.Read(ref _requests);
        public int Answers => Volatile.Read(ref _answers);

        public Answering(int port, Func<int, int> answersAt)
        {
            _socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
            new Thread(() => Work(answersAt)) { IsBackground = true }.Start();
        }

        public void Dispose() => _socket.Dispose();

        private void Work(Func<int, int> answersAt)
        {
            var asked = new Dictionary<string, int>();
            IPEndPoint? from = null;
            try
            {
                while (true)
                {
                    var request = _socket.Receive(ref from);
                    var look = Encoding.ASCII.GetString(request);
                    if (!look.StartsWith("OPTIONS ", StringComparison.Ordinal))
                        continue; // meant for whoever had this port before
                    var nth = asked[look] = asked.GetValueOrDefault(look) + 1;
                    Interlocked.Increment(ref _requests);
                    for (var answers = answersAt(nth); answers > 0; answers--)
                    {
                        Interlocked.Increment(ref _answers);
                        _socket.Send(Answer(request, "200 OK"), from);
                    }
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // the test is over
            }
        }
    }

    private async Task Start(string transport, int code, string? first = null)
    {
        DebianPackage.Require("sip-tester", "sipp");
        var scenario = Path.Combine(_folder.FullName, "uas.xml");
        await File.WriteAllTextAsync(
            scenario,
            $"""
            <?xml version="1.0" encoding="ISO-8859-1" ?>
            <scenario name="answers">
              <recv request="OPTIONS"/>
              {(first is null ? "" : Send($"{first} Trying"))}
              {Send($"{code} Told So")}
            </scenario>
            """,
            _cancel
        );
        var port = _port.ToString(CultureInfo.InvariantCulture);
        string[] arguments =
        [
            .. new[] { "-sf", scenario, "-i", "127.0.0.1", "-p", port, "-t", transport == "udp" ? "u1" : "t1" },
            "-nostdin",
        ];
        _sipp = Process.Start(
            new ProcessStartInfo("sipp", arguments)
            {
                WorkingDirectory = _folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        for (var left = 100; left > 0; left--)
        {
            if (File.ReadAllLines($"/proc/net/{transport}").Any(l => l.Contains($":{_port:X4} 00000000:0000")))
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, _cancel);
        }
        Assert.Fail($"sipp does not listen: {await _sipp.StandardError.ReadToEndAsync(_cancel)}");
    }

    private static string Send(string status) =>
        $"""
            <send><![CDATA[
            SIP/2.0 {status}
            [last_Via:]
            [last_From:]
            [last_To:];tag=[pid]
            [last_Call-ID:]
            [last_CSeq:]
            Content-Length: 0

            ]]></send>
            """;
}
