using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Akira.Benchmarks;

/// <summary>The channel that both peers page: a webhook that notes when the page about each probe arrived.</summary>
internal sealed partial class Sink : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Sink(WebApplication app) => _app = app;

    /// <summary>Stopwatch ticks by probe name, of the first page about it.</summary>
    public ConcurrentDictionary<string, long> Arrivals { get; } = new();

    /// <summary>Of a Bot API that takes everything.</summary>
    public Uri BotApi => new(_app.Urls.First());

    public Uri Url => new(new Uri(_app.Urls.First()), "/page");

    public static async Task<Sink> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var sink = new Sink(app);
        app.MapPost(
            "/page",
            async (HttpRequest request) =>
            {
                var at = Stopwatch.GetTimestamp();
                using var reader = new StreamReader(request.Body);
                foreach (Match probe in Probe().Matches(await reader.ReadToEndAsync()))
                    sink.Arrivals.TryAdd(probe.Value, at);
                return Results.Ok();
            }
        );
        app.MapMethods(
            "/bot{token}/{method}",
            ["GET", "POST"],
            async (string method, HttpRequest request) =>
            {
                var at = Stopwatch.GetTimestamp();
                using var reader = new StreamReader(request.Body);
                var body = await reader.ReadToEndAsync();
                switch (method.ToLowerInvariant())
                {
                    case "getupdates":
                        await Task.Delay(
                            TimeSpan.FromSeconds(20),
                            TimeProvider.System,
                            request.HttpContext.RequestAborted
                        );
                        return Results.Text("""{"ok":true,"result":[]}""", "application/json");
                    case "sendmessage":
                        foreach (Match probe in Probe().Matches(body))
                            sink.Arrivals.TryAdd(probe.Value, at);
                        break;
                }
                return Results.Text(
                    """{"ok":true,"result":{"message_id":1,"date":1767225600,"chat":{"id":-100,"type":"supergroup","title":"t"}}}""",
                    "application/json"
                );
            }
        );
        await app.StartAsync();
        return sink;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [GeneratedRegex(@"probe-\d+")]
    private static partial Regex Probe();
}
