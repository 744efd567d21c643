using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Akira.Benchmarks;

/// <summary>A server under measurement, run as its own process on a free loopback port with a throw-away folder.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private Peer(string name, string readyPath, DirectoryInfo folder, int port, ProcessStartInfo start)
    {
        Name = name;
        _folder = folder;
        Url = new Uri($"http://127.0.0.1:{port}");
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var clock = Stopwatch.StartNew();
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start");
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, e) => LastError = e.Data ?? LastError;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        WaitReady(new Uri(Url, readyPath));
        StartTime = clock.Elapsed;
    }

    public string Name { get; }
    public Uri Url { get; }

    /// <summary>From the start of the process until it said that it is ready.</summary>
    public TimeSpan StartTime { get; }

    private string LastError { get; set; } = "";

    /// <summary>Debian's Alertmanager, told to notify at once and for each alert by itself.</summary>
    public static Peer Alertmanager(Uri webhook) =>
        Alertmanager(
            "'...'",
            $"""
            webhook_configs:
                  - url: '{webhook}'
                    send_resolved: false
            """
        );

    /// <summary>The same with its receiver for Telegram, a message for each subsystem.</summary>
    public static Peer AlertmanagerOnTelegram(Uri botApi) =>
        Alertmanager(
            "subsystem",
            $"""
            telegram_configs:
                  - api_url: '{botApi.ToString().TrimEnd('/')}'
                    bot_token: '7000000001:a-token-of-the-bench'
                    chat_id: -100
                    send_resolved: false
            """
        );

    private static Peer Alertmanager(string groupBy, string receiver)
    {
        var folder = Directory.CreateTempSubdirectory("akira-bench-am-");
        var config = Path.Combine(folder.FullName, "alertmanager.yml");
        File.WriteAllText(
            config,
            $"""
            route:
              receiver: sink
              group_by: [{groupBy}]
              group_wait: 0s
              group_interval: 5m
              repeat_interval: 4h
            receivers:
              - name: sink
                {receiver}
            """
        );
        var port = FreePort();
        return new Peer(
            "alertmanager",
            "/-/ready",
            folder,
            port,
            new ProcessStartInfo(
                "prometheus-alertmanager",
                [
                    $"--config.file={config}",
                    $"--storage.path={folder.FullName}",
                    $"--web.listen-address=127.0.0.1:{port}",
                    "--cluster.listen-address=",
                    "--log.level=error",
                ]
            )
        );
    }

    /// <summary>
    /// The responder as shipped, with the repository's runbooks and a webhook channel. The platform's hosts are a closed port
    /// of this machine: nothing leaves it.
    /// </summary>
    public static Peer Akira(Uri webhook) => Akira(("AKIRA_Webhook__Url", webhook.ToString()));

    /// <summary>The same with its Telegram channel.</summary>
    public static Peer AkiraOnTelegram(Uri botApi) =>
        Akira(
            ("AKIRA_Telegram__Token", "7000000001:a-token-of-the-bench"),
            ("AKIRA_Telegram__ApiBase", botApi.ToString()),
            ("AKIRA_Telegram__Group", "-100")
        );

    private static Peer Akira(params (string Name, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("akira-bench-");
        var port = FreePort();
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Program(),
                "up",
                "--listen",
                $"http://127.0.0.1:{port}",
                "--data",
                Path.Combine(folder.FullName, "data"),
                "--runbooks",
                Runbooks(folder),
            ]
        );
        start.Environment["AKIRA_TOKEN"] = "bench";
        start.Environment["https_proxy"] = "http://127.0.0.1:9"; // its diagnostics ask public pages: nothing leaves this machine
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return new Peer("akira", "/readyz", folder, port, start);
    }

    /// <summary>Resident memory in MiB (VmRSS).</summary>
    public double Memory() =>
        File.ReadLines($"/proc/{_process.Id}/status")
            .Where(l => l.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Select(l => double.Parse(l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024)
            .First();

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private void WaitReady(Uri ready)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        for (var tries = 0; tries < 6000; tries++)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"{Name} ended before it was ready: {LastError}");
            try
            {
                using var answer = client.Send(new HttpRequestMessage(HttpMethod.Get, ready));
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }
            Thread.Sleep(5);
        }
        throw new TimeoutException($"{Name} was not ready after 30 s: {LastError}");
    }

    private static string Runbooks(DirectoryInfo folder)
    {
        var copy = folder.CreateSubdirectory("runbooks");
        foreach (var file in Directory.GetFiles(Path.Combine(Home(), "runbooks"), "*.md"))
            File.WriteAllText(
                Path.Combine(copy.FullName, Path.GetFileName(file)),
                Regex.Replace(File.ReadAllText(file), @"10(\.\d+){3}(:\d+)?", "127.0.0.1:9")
            );
        return copy.FullName;
    }

    /// <summary>The program as the launcher has built it.</summary>
    public static string Program()
    {
        var builds = Path.Combine(Home(), "artifacts/akira");
        var built = Path.Combine(builds, "built");
        return File.Exists(built)
            ? Path.Combine(builds, File.ReadLines(built).First(), "akira.dll")
            : throw new InvalidOperationException("there is no build to measure: ./akira --help makes one");
    }

    public static string Home()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Akira.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("run this inside the repository");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
