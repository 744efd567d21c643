using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Akira.Scenarios.Real;

/// <summary>A webhook that counts how often each page was delivered.</summary>
internal sealed class PageSink : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PageSink(WebApplication app) => _app = app;

    /// <summary>By incident and seq (<c>INC-3/4</c>): during which <see cref="Life"/> each delivery came.</summary>
    public ConcurrentDictionary<string, ImmutableArray<int>> Deliveries { get; } = new();

    /// <summary>Which life of the responder this is: the test counts.</summary>
    public int Life { get; set; }

    public Uri Url => new(new Uri(_app.Urls.First()), "/page");

    public static async Task<PageSink> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var sink = new PageSink(app);
        app.MapPost(
            "/page",
            async (HttpRequest request) =>
            {
                using var page = await JsonDocument.ParseAsync(request.Body);
                if (page.RootElement.GetProperty("kind").GetString() == "page")
                    sink.Deliveries.AddOrUpdate(
                        $"{page.RootElement.GetProperty("incident").GetString()}/{page.RootElement.GetProperty("seq").GetInt32()}",
                        [sink.Life],
                        (_, lives) => lives.Add(sink.Life)
                    );
                return Results.Ok();
            }
        );
        await app.StartAsync();
        return sink;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
