using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Akira.Core.Runbooks;
using Akira.Responder.Probes;
using Akira.Scenarios.Real;
using Akira.Voice.Tests.Real;

namespace Akira.Responder.Tests.Probes;

/// <summary>Against OpenSSL's own server.</summary>
public sealed class TlsProbeTests : IDisposable
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akira-tls-");
    private readonly int _port = FreePort.Next();
    private Process? _server;

    [Fact]
    public async Task Of_a_certificate_that_nobody_trusts_it_is_known_how_long_it_lasts()
    {
        await Serve("localhost", days: 10);
        var reading = await Look("localhost");
        Assert.False(reading.Up);
        Assert.StartsWith("not trusted", reading.Said);
        Assert.InRange(ExpiresIn(reading), 9.9 * 86400, 10 * 86400);
    }

    [Fact]
    public async Task One_for_another_name_says_so()
    {
        await Serve("www.example.com", days: 10);
        Assert.Equal("the certificate is not for localhost", (await Look("localhost")).Said);
    }

    [Fact]
    public async Task One_that_ended_yesterday_says_so()
    {
        await Serve("localhost", days: 10);
        var tomorrow = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(
            TimeProvider.System.GetUtcNow().AddDays(11)
        );
        var reading = await Look("localhost", tomorrow);
        Assert.False(reading.Up);
        Assert.StartsWith("expired 1 d", reading.Said.Replace("24 h", "1 d"));
        Assert.InRange(ExpiresIn(reading), -1.1 * 86400, -0.9 * 86400);
    }

    [Fact]
    public async Task Where_nobody_serves_nothing_is_known_of_the_certificate() =>
        Assert.Equal((null, "connection refused"), await Look("localhost") is var r ? (r.Up, r.Said) : default);

    public void Dispose()
    {
        if (_server is { HasExited: false })
            _server.Kill();
        _server?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static double ExpiresIn(Reading reading) =>
        Assert.Single(reading.Figures, f => f.Sample == "cert.expires_in").Value!.Value;

    private async Task<Reading> Look(string host, TimeProvider? world = null)
    {
        var target = ProbeTarget.Read($"tls://{host}:{_port}", out _)!;
        return await new TlsProbe(target, world ?? TimeProvider.System).Look(_cancel);
    }

    private async Task Serve(string name, int days)
    {
        DebianPackage.Require("openssl", "openssl");
        string[] make =
        [
            .. "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem".Split(' '),
            .. new[] { "-days", days.ToString(CultureInfo.InvariantCulture), "-subj", $"/CN={name}" },
            .. new[] { "-addext", $"subjectAltName=DNS:{name}" },
        ];
        using (var request = OpenSsl(make))
            await request.WaitForExitAsync(_cancel);
        string[] serve = ["s_server", "-accept", $"{_port}", "-cert", "cert.pem", "-key", "key.pem", "-quiet", "-www"];
        _server = OpenSsl(serve);
        for (var left = 100; left > 0; left--)
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", _port, _cancel);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, _cancel);
            }
    }

    private Process OpenSsl(string[] arguments) =>
        Process.Start(
            new ProcessStartInfo("openssl", arguments)
            {
                WorkingDirectory = _folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
}
