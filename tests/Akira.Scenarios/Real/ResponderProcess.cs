using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Akira.Scenarios.Real;

/// <summary>The responder as a user starts it: the built program in a process of its own, which may be killed and started again.</summary>
internal sealed class ResponderProcess : IDisposable
{
    private const string Token = "a-token-of-the-tests";
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("akira-real-");
    private readonly DirectoryInfo _runbooks = Directory.CreateTempSubdirectory("akira-runbooks-");
    private readonly Uri? _webhook;
    private readonly string? _diskSize;
    private RealProcess? _process;

    /// <param name="diskSize">The data folder is a disk of its own, so large: <c>8m</c>. Null: a folder like any other.</param>
    public ResponderProcess(Uri? webhook = null, string? diskSize = null)
    {
        (_webhook, _diskSize) = (webhook, diskSize);
        Port = RealProcess.FreePort();
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public int Port { get; }
    public HttpClient Client { get; }

    /// <summary>The data folder as its process sees it.</summary>
    public string Data => $"/proc/{_process!.Id}/root{_data.FullName}";

    public async Task Start(CancellationToken cancel)
    {
        Runbooks.Shipped.WriteTo(_runbooks.FullName);
        string[] up =
        [
            "dotnet",
            Program(),
            "up",
            "--listen",
            $"http://127.0.0.1:{Port}",
            "--data",
            _data.FullName,
            "--runbooks",
            _runbooks.FullName,
        ];
        var environment = new List<(string, string)> { ("AKIRA_TOKEN", Token) };
        if (_webhook is not null)
            environment.Add(("AKIRA_Webhook__Url", _webhook.ToString()));
        string[] command = _diskSize is null
            ? up
            :
            [
                "unshare",
                .. Environment.IsPrivilegedProcess ? (string[])[] : ["--user", "--map-root-user"],
                "--mount",
                "bash",
                "-c",
                $"mount -t tmpfs -o size={_diskSize} tmpfs \"$0\" && exec \"$@\"",
                _data.FullName,
                .. up,
            ];
        _process = new RealProcess(command[0], command[1..], [.. environment]);
        await _process.Ready(Client, "/readyz", cancel);
    }

    public void Kill() => _process?.Dispose();

    public Task<HttpResponseMessage> PostAlert(object alert, CancellationToken cancel) =>
        Client.PostAsJsonAsync("/api/v2/alerts", new[] { alert }, cancel);

    public Task<HttpResponseMessage> Say(string incident, string text, CancellationToken cancel) =>
        Client.PostAsJsonAsync($"/api/incidents/{incident}/commands", new { text }, cancel);

    public Task<JsonElement> Get(string path, CancellationToken cancel) =>
        Client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), cancel);

    /// <summary>Ids of all incidents, the resolved ones too: the list comes in pages.</summary>
    public async Task<IReadOnlyList<string>> Incidents(CancellationToken cancel)
    {
        var ids = new List<string>();
        while (true)
        {
            var before = ids.Count == 0 ? "" : $"?before={ids[^1]}";
            var page = await Get($"/api/incidents{before}", cancel);
            if (page.GetArrayLength() == 0)
                return ids;
            ids.AddRange(page.EnumerateArray().Select(i => i.GetProperty("id").GetString()!));
        }
    }

    /// <summary>The command as its own project built it, in the same configuration as these tests.</summary>
    private static string Program()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory); // tests/Akira.Scenarios/bin/Release/net10.0
        var clone = output.Parent!.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(clone.FullName, "src/Akira.Cli/bin", output.Parent.Name, output.Name, "akira.dll");
    }

    public void Dispose()
    {
        _process?.Dispose();
        Client.Dispose();
        _data.Delete(recursive: true);
        _runbooks.Delete(recursive: true);
    }
}
