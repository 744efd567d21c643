using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Akira.Voice;

/// <summary>The figures of a program that has no other page, for Prometheus.</summary>
internal static class MetricsPage
{
    /// <param name="address">Where <c>/metrics</c> answers; null: nowhere.</param>
    /// <param name="text">The figures, in Prometheus' text format.</param>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task<IAsyncDisposable?> Serve(Uri? address, Func<string> text)
    {
        if (address is null)
            return null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders(); // a line for each look would bury what the program has to say
        var app = builder.Build();
        app.Urls.Add(address.ToString());
        app.MapGet("/metrics", () => Results.Text(text(), "text/plain; version=0.0.4"));
        await app.StartAsync();
        return app;
    }
}
