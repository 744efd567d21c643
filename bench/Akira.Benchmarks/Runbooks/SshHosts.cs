using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Akira.Benchmarks.Runbooks;

/// <summary>Real sshd servers, each on a loopback address of its own with a host key of its own, that let one key in.</summary>
internal sealed class SshHosts : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akira-bench-ssh-");
    private readonly List<Process> _servers = [];

    public SshHosts(int count)
    {
        if (Environment.IsPrivilegedProcess)
            Directory.CreateDirectory("/run/sshd"); // it insists on an empty folder of this name
        Keygen("id");
        File.Copy(PrivateKey + ".pub", InFolder("authorized_keys"));
        All = [.. Enumerable.Range(1, count).Select(Start)];
        File.WriteAllLines(KnownHosts, All.Select(h => $"[{h.Address}]:{h.Port} {PublicKey($"host_{h.Address}")}"));
        foreach (var (address, port) in All)
            WaitReady(address, port);
    }

    public IReadOnlyList<(string Address, int Port)> All { get; }
    public string PrivateKey => InFolder("id");
    public string KnownHosts => InFolder("known_hosts");

    public string InFolder(string name) => Path.Combine(_folder.FullName, name);

    private (string Address, int Port) Start(int number)
    {
        var address = $"127.0.8.{number}";
        Keygen($"host_{address}");
        using var free = new TcpListener(IPAddress.Parse(address), 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var config = InFolder($"config_{address}");
        File.WriteAllText(
            config,
            $"""
            HostKey {InFolder($"host_{address}")}
            ListenAddress {address}:{port}
            AuthorizedKeysFile {InFolder("authorized_keys")}
            PidFile none
            StrictModes no
            SetEnv HOME={_folder.FullName}
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            Subsystem sftp /usr/lib/openssh/sftp-server
            """
        );
        _servers.Add(Process.Start("/usr/sbin/sshd", ["-D", "-f", config, "-E", InFolder($"log_{address}")]));
        return (address, port);
    }

    private string PublicKey(string name) => File.ReadAllText(InFolder(name + ".pub")).Trim();

    private void Keygen(string name)
    {
        using var keygen = Process.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", InFolder(name)]);
        keygen.WaitForExit();
    }

    private static void WaitReady(string address, int port)
    {
        for (var tries = 0; ; tries++)
            try
            {
                using var client = new TcpClient();
                client.Connect(address, port);
                return;
            }
            catch (SocketException) when (tries < 500)
            {
                Thread.Sleep(10);
            }
    }

    public void Dispose()
    {
        foreach (var server in _servers)
        {
            server.Kill(entireProcessTree: true);
            server.WaitForExit();
            server.Dispose();
        }
        _folder.Delete(recursive: true);
    }
}
