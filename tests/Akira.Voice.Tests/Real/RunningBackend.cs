using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Akira.Voice.Backend;
using Microsoft.AspNetCore.Builder;

namespace Akira.Voice.Tests.Real;

/// <summary>A backend that listens on loopback, over a real PostgreSQL. Asked as an administrator unless a test says otherwise.</summary>
internal sealed class RunningBackend : IAsyncDisposable
{
    public const string AdminToken = "akira_test-administrator";
    public const string ReaderToken = "akira_test-reader";

    private RunningBackend(WebApplication app)
    {
        App = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(30) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
    }

    public WebApplication App { get; }
    public HttpClient Http { get; }

    public static async Task<RunningBackend> Start(
        Postgres database,
        TimeProvider? time = null,
        Func<BackendOptions, BackendOptions>? set = null
    )
    {
        var options = new BackendOptions
        {
            Listen = "http://127.0.0.1:0",
            Database = database.Connection,
            Token = AdminToken,
            ReaderToken = ReaderToken,
        };
        var app = BackendHost.Build(set?.Invoke(options) ?? options, time ?? TimeProvider.System);
        await app.StartAsync();
        var backend = new RunningBackend(app);
        await backend.Until("/readyz", HttpStatusCode.OK);
        return backend;
    }

    /// <summary>Asks until it hears that status; fails after half a minute.</summary>
    public async Task Until(string path, HttpStatusCode status)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            using var answer = await Http.GetAsync(path);
            if (answer.StatusCode == status)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
        Assert.Fail($"{path} did not come to {status}");
    }

    public Task<Heard> Get(string path) => Ask(HttpMethod.Get, path);

    public Task<Heard> Post(string path, string? json = null, int? version = null) =>
        Ask(HttpMethod.Post, path, json, version);

    public Task<Heard> Put(string path, string json, int? version = null) => Ask(HttpMethod.Put, path, json, version);

    public async Task<Heard> Ask(
        HttpMethod method,
        string path,
        string? json = null,
        int? version = null,
        string? token = AdminToken
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        if (version is { } seen)
            request.Headers.IfMatch.Add(new($"\"{seen}\""));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new(
            (int)answer.StatusCode,
            text.Length > 0
            && answer.Content.Headers.ContentType?.MediaType?.Contains("json", StringComparison.Ordinal) == true
                ? JsonNode.Parse(text)
                : null,
            text,
            answer.Headers.ETag?.Tag,
            answer.Headers.RetryAfter?.Delta
        );
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }
}

/// <summary>An answer, read.</summary>
internal sealed record Heard(int Status, JsonNode? Json, string Text, string? ETag, TimeSpan? RetryAfter)
{
    public string? this[string member] => Json?[member]?.ToString();

    public JsonNode Body => Json!;
}
