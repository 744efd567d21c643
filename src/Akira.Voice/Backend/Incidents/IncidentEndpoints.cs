using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Akira.Voice.Backend.Access;
using Akira.Voice.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Voice.Backend.Incidents;

/// <summary>
/// The responder's incidents, as marks on our charts. It may be away, or not there at all: then the charts are without marks, and say so.
/// </summary>
internal sealed class ResponderIncidents(BackendOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Shown = TimeSpan.FromDays(1);

    private readonly HttpClient _http = new() { Timeout = Patience };
    private readonly SemaphoreSlim _asking = new(1);
    private (DateTimeOffset At, IncidentMarkers Markers)? _last;

    public async Task<IncidentMarkers> Ask(CancellationToken cancel)
    {
        if (options.Responder.Url is not { Length: > 0 } url)
            return new("unset", []);
        await _asking.WaitAsync(cancel);
        try
        {
            var now = time.GetUtcNow();
            if (_last is not { } last || now - last.At >= Kept)
                _last = last = (now, await Ask(url.TrimEnd('/'), now, cancel));
            return last.Markers;
        }
        finally
        {
            _asking.Release();
        }
    }

    private async Task<IncidentMarkers> Ask(string url, DateTimeOffset now, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{url}/api/incidents?limit=200");
            if (options.Responder.Token is { Length: > 0 } token)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await _http.SendAsync(request, cancel);
            answer.EnsureSuccessStatusCode();
            var incidents = await answer.Content.ReadFromJsonAsync(ManagementJson.Default.IncidentMarkerArray, cancel);
            return new(
                "answers",
                [
                    .. (incidents ?? [])
                        .Where(i => i.ResolvedAt is null || i.ResolvedAt > now - Shown)
                        .Select(i => i with { Url = $"{url}/incidents/{i.Id}" }),
                ]
            );
        }
        catch (Exception e)
            when (e is HttpRequestException or JsonException
                || e is OperationCanceledException && !cancel.IsCancellationRequested
            )
        {
            return new("away", []);
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _asking.Dispose();
    }
}

internal static class IncidentEndpoints
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(
                "/api/incidents",
                async (HttpContext context, ResponderIncidents incidents) =>
                    TypedResults.Ok(await incidents.Ask(context.RequestAborted))
            )
            .RequireAuthorization(Policies.Viewer)
            .WithTags("Incidents")
            .WithSummary("What the responder says of its incidents of the last day")
            .Produces<IncidentMarkers>();
}
