using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Akira.Responder.Tests.Steps;

/// <summary>
/// A real sshd on a loopback address of its own, with its own host key, that lets the key beside it in. It ends, with all
/// the sessions it serves, when it is disposed.
/// </summary>
internal sealed partial class Sshd : IDisposable
{
    private static int s_last = 10;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akira-sshd-");
    private Process _process;
    private bool _isStopped;

    /// <param name="keyTypes">Of its host keys; the first is the one in <see cref="KnownHosts"/>.</param>
    public Sshd(params string[] keyTypes)
        : this("", keyTypes) { }

    /// <param name="setting">A line for its configuration.</param>
    public Sshd(string setting, string[] keyTypes)
    {
        if (keyTypes.Length == 0)
            keyTypes = ["ed25519"];
        Address = $"127.0.7.{Interlocked.Increment(ref s_last)}";
        Port = FreePort(Address);
        foreach (var type in keyTypes)
            Keygen($"host_{type}", type);
        File.WriteAllText(Path.Combine(Folder, "authorized_keys"), Keygen("id"));
        File.WriteAllText(
            Path.Combine(Folder, "sshd_config"),
            $"""
            {string.Join('\n', keyTypes.Select(t => $"HostKey {Folder}/host_{t}"))}
            {setting}
            ListenAddress {Address}:{Port}
            AuthorizedKeysFile {Folder}/authorized_keys
            PidFile none
            StrictModes no
            SetEnv HOME={Folder}
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            """
        );
        HostKey = PublicKey($"host_{keyTypes[0]}");
        WriteKnownHosts(KnownAs, HostKey);
        _process = Start();
    }

    public string Address { get; }
    public int Port { get; }
    public int Id => _process.Id;
    public string Folder => _folder.FullName;
    public string KnownHosts => Path.Combine(Folder, "known_hosts");
    public string PrivateKey => Path.Combine(Folder, "id");

    /// <summary>As in known_hosts.</summary>
    public string KnownAs => string.Create(CultureInfo.InvariantCulture, $"[{Address}]:{Port}");

    /// <summary>The type and the key.</summary>
    public string HostKey { get; }

    public void WriteKnownHosts(string names, string key) => File.WriteAllText(KnownHosts, $"{names} {key}\n");

    public void HashKnownHosts() => Run("ssh-keygen", "-q", "-H", "-f", KnownHosts);

    /// <summary>Lets in whom another lets in, and knows it.</summary>
    public void Trust(Sshd other)
    {
        File.Copy(
            Path.Combine(other.Folder, "authorized_keys"),
            Path.Combine(Folder, "authorized_keys"),
            overwrite: true
        );
        File.AppendAllText(KnownHosts, $"{other.KnownAs} {other.HostKey}\n");
    }

    /// <summary>A new key pair; the line with the public part.</summary>
    public string Keygen(string name, string type = "ed25519")
    {
        Run("ssh-keygen", "-q", "-t", type, "-N", "", "-C", name, "-f", Path.Combine(Folder, name));
        return PublicKey(name);
    }

    public string PublicKey(string name) => File.ReadAllText(Path.Combine(Folder, name + ".pub")).Trim();

    /// <summary>The processes that serve connections, and their sessions' own.</summary>
    public IReadOnlyList<int> Sessions => [.. Descendants(_process.Id).Where(p => Name(p) == "sshd")];

    /// <summary>The shells that its sessions have started.</summary>
    public IReadOnlyList<int> Waiting => [.. Descendants(_process.Id).Where(p => Name(p) == "bash" && IsAlive(p))];

    public void Stop()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        // Halted first, so that none of them begins another while the list is made.
        int[] all = [];
        while (all.Length < (all = [_process.Id, .. Descendants(_process.Id)]).Length)
            Signal("STOP", all);
        Signal("KILL", all);
        while (all.Skip(1).Any(IsAlive))
            Thread.Sleep(5);
        _process.WaitForExit();
        _process.Dispose();
    }

    public void Restart()
    {
        Stop();
        _isStopped = false;
        _process = Start();
    }

    public static void Signal(string signal, params int[] processes)
    {
        using var kill = Process.Start(
            new ProcessStartInfo(
                "kill",
                [$"-{signal}", .. processes.Select(p => p.ToString(CultureInfo.InvariantCulture))]
            )
            {
                RedirectStandardError = true,
            }
        )!;
        kill.WaitForExit();
    }

    public void Dispose()
    {
        Stop();
        _folder.Delete(recursive: true);
    }

    private Process Start()
    {
        if (Environment.IsPrivilegedProcess)
            Directory.CreateDirectory("/run/sshd"); // it insists on an empty folder of this name
        var process = Process.Start(
            new ProcessStartInfo(
                "/usr/sbin/sshd",
                ["-D", "-f", Path.Combine(Folder, "sshd_config"), "-E", Path.Combine(Folder, "log")]
            )
        )!;
        using var probe = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
            try
            {
                using var client = new TcpClient();
                client.Connect(Address, Port);
                return process;
            }
            catch (SocketException) when (!process.HasExited && !probe.IsCancellationRequested)
            {
                Thread.Sleep(10);
            }
    }

    private static IEnumerable<int> Descendants(int process)
    {
        var children = new List<int>();
        foreach (var folder in Directory.GetDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
            try
            {
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                if (stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == process.ToString(CultureInfo.InvariantCulture))
                    children.Add(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                // it ended meanwhile
            }
        return [.. children, .. children.SelectMany(Descendants)];
    }

    /// <summary>One that has ended and is not yet reaped holds nothing open.</summary>
    private static bool IsAlive(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string Name(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/comm").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static int FreePort(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
