using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Akira.Core.Incidents;
using Akira.Http;
using Akira.Responder.Access;
using Akira.Responder.Incidents;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Akira.Responder.Tests;

/// <summary>A whole responder on a free port, with a folder of its own that goes away with it.</summary>
internal sealed class RunningResponder : IAsyncDisposable
{
    public const string AdminToken = "the-admin-of-these-tests";

    private bool _isStopped;

    private RunningResponder(WebApplication app, string folder)
    {
        (App, Folder) = (app, folder);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
    }

    public WebApplication App { get; }
    public string Folder { get; }
    public HttpClient Http { get; }
    public Desk Desk => App.Services.GetRequiredService<Desk>();
    public Tokens Tokens => App.Services.GetRequiredService<Tokens>();

    /// <summary>Logs anna in, once.</summary>
    public string LoginLink =>
        $"{App.Urls.First()}/login?name=anna&code={App.Services.GetRequiredService<LoginLink>().Make()}";
    public string Runbooks => Path.Combine(Folder, "runbooks");

    /// <param name="folder">Of an earlier responder that was stopped; null: a new one.</param>
    /// <param name="policy">What the runbook of a new folder says.</param>
    public static async Task<RunningResponder> Start(
        Func<ResponderOptions, ResponderOptions>? with = null,
        TimeProvider? time = null,
        string? folder = null,
        string policy = PolicyText
    )
    {
        if (folder is null)
        {
            folder = Directory.CreateTempSubdirectory("akira-test-").FullName;
            WritePolicy(Path.Combine(folder, "runbooks"), policy);
        }
        var options = new ResponderOptions
        {
            Listen = "http://127.0.0.1:0",
            Data = Path.Combine(folder, "data"),
            Runbooks = Path.Combine(folder, "runbooks"),
            Token = AdminToken,
        };
        var app = Responder.Build(with?.Invoke(options) ?? options, time ?? TimeProvider.System);
        await app.StartAsync();
        return new RunningResponder(app, folder);
    }

    public static void WritePolicy(string folder, string text)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "incident-response.md"), text);
    }

    /// <summary>Stops it and keeps its folder.</summary>
    public async Task<string> Stop()
    {
        if (_isStopped)
            return Folder;
        _isStopped = true;
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        return Folder;
    }

    /// <summary>What bruno says, elsewhere.</summary>
    public Task<Answer> Says(string text, int? incident = null) =>
        Desk.Say(text, incident, new Actor("bruno", "token:bruno", "http"), CancellationToken.None);

    public Task<HttpResponseMessage> Post(string path, string json, string type = "application/json") =>
        Http.PostAsync(path, new StringContent(json, Encoding.UTF8, type));

    public async Task<JsonNode> Get(string path) => JsonNode.Parse(await Http.GetStringAsync(path))!;

    public static string Alert(string name, string extra = "", string labels = "") =>
        $$"""[{"labels":{"alertname":"{{name}}","severity":"critical","subsystem":"{{name}}"{{labels}}}{{extra}}}]""";

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Directory.Delete(Folder, recursive: true);
    }

    public const string PolicyText = """
        # Incident response

        ## Severity levels

        ### SEV1 - Outage

        - Definition: calls cannot be made.
        - Ack target: 15 minutes.
        - Communication: Telegram immediate.

        ### SEV2 - Degraded

        - Definition: calls are worse than they should be.
        - Ack target: 30 minutes.
        - Communication: Telegram immediate.

        ## Resolution

        - User-facing symptom is gone.
        """;
}
