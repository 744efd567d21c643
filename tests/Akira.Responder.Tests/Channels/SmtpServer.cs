using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MimeKit;

namespace Akira.Responder.Tests.Channels;

/// <summary>Debian's aiosmtpd on a free loopback port, which puts what it takes into a Maildir.</summary>
internal sealed class SmtpServer : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akira-smtp-");
    private readonly Process _process;

    private const string Handler = """
        import os
        from aiosmtpd.handlers import Mailbox

        class Refusing(Mailbox):
            async def handle_RCPT(self, server, session, envelope, address, options):
                if address == os.environ['REFUSED']:
                    return '550 no such mailbox'
                envelope.rcpt_tos.append(address)
                return '250 OK'
        """;

    public SmtpServer(params string[] options)
        : this("", options) { }

    private SmtpServer(string refused, string[] options)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "refusing.py"), Handler);
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Port = ((IPEndPoint)free.LocalEndpoint).Port;
        }
        if (!File.Exists("/usr/bin/aiosmtpd"))
            Install();
        var start = new ProcessStartInfo(
            "aiosmtpd",
            ["-n", "-l", $"127.0.0.1:{Port}", .. options, "-c", "refusing.Refusing", Maildir]
        )
        {
            Environment = { ["PYTHONPATH"] = _folder.FullName, ["REFUSED"] = refused },
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        for (var tries = 0; !Answers(); tries++)
        {
            Assert.False(_process.HasExited || tries > 500, "aiosmtpd did not start");
            Thread.Sleep(20);
        }
    }

    /// <summary>One that has no mailbox of that address.</summary>
    public static SmtpServer Without(string address) => new(address, []);

    public int Port { get; }

    /// <summary>What it has taken.</summary>
    public IReadOnlyList<MimeMessage> Mails =>
        Directory.Exists(Path.Combine(Maildir, "new"))
            ? [.. Directory.EnumerateFiles(Path.Combine(Maildir, "new")).Select(f => MimeMessage.Load(f))]
            : [];

    private string Maildir => Path.Combine(_folder.FullName, "mail");

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static void Install()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Fail("aiosmtpd is missing: sudo apt-get install python3-aiosmtpd");
        foreach (var arguments in new[] { "update -qq", "install -y -qq --no-install-recommends python3-aiosmtpd" })
        {
            using var apt = Process.Start("apt-get", arguments);
            apt.WaitForExit();
        }
    }

    private bool Answers()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
