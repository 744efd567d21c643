using System.Collections.Concurrent;
using System.Text.Json;
using Akira.Cli.Http;

namespace Akira.Cli.Drills;

/// <param name="At">When it was handed over, by this machine's clock.</param>
internal sealed record Page(DateTimeOffset At, string Incident, string Reason, IReadOnlyList<string> To);

/// <summary>The channel that a drill's responder pages: a webhook in our own process.</summary>
internal sealed class PageSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Page> _pages = [];

    private PageSink()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost(
            "/",
            async (HttpContext context) =>
            {
                var at = TimeProvider.System.GetUtcNow();
                using var body = await JsonDocument.ParseAsync(context.Request.Body);
                var page = body.RootElement;
                if (page.Text("kind") == "page")
                    _pages.Enqueue(
                        new Page(
                            at,
                            page.Text("incident") ?? "",
                            page.Text("reason") ?? "",
                            [.. page.Items("to").Select(t => t.Words())]
                        )
                    );
            }
        );
    }

    public string Url => _app.Urls.First();

    public IEnumerable<Page> Of(string incident) => _pages.Where(p => p.Incident == incident);

    /// <summary>What an earlier responder paged is not this one's: both number from INC-1.</summary>
    public void Forget() => _pages.Clear();

    public static async Task<PageSink> Open()
    {
        var sink = new PageSink();
        await sink._app.StartAsync();
        // Its own first request takes a while, and is not to be counted as the responder's.
        using var http = new HttpClient();
        using var first = new StringContent("{}");
        using var answer = await http.PostAsync(sink.Url, first);
        return sink;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
