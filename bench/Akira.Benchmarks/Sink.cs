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
        await app.StartAsync();
        return sink;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [GeneratedRegex(@"probe-\d+")]
    private static partial Regex Probe();
}
