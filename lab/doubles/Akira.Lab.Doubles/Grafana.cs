using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Akira.Lab.Doubles;

/// <summary>A Grafana that is well, and keeps annotations until it stops.</summary>
internal static class Grafana
{
    public static void MapGrafana(this WebApplication app)
    {
        var annotations = new ConcurrentDictionary<long, Annotation>();
        var last = 0L;

        app.MapMethods(
            "/",
            ["GET", "HEAD"],
            () =>
                Results.Text(
                    "<!doctype html><title>Grafana</title><p>This is the lab's double of Grafana.",
                    "text/html"
                )
        );
        app.MapMethods(
            "/api/health",
            ["GET", "HEAD"],
            () =>
                Results.Json(
                    new
                    {
                        commit = "lab",
                        database = "ok",
                        version = "10.4.0",
                    }
                )
        );
        app.MapPost(
            "/api/annotations",
            async (HttpRequest request, TimeProvider time) =>
            {
                Annotation? annotation;
                try
                {
                    annotation = await JsonSerializer.DeserializeAsync<Annotation>(request.Body);
                }
                catch (JsonException)
                {
                    return Results.Json(new { message = "bad request data" }, statusCode: 400);
                }
                if (string.IsNullOrEmpty(annotation?.Text))
                    return Results.Json(
                        new { message = "Failed to save annotation: text field should not be empty" },
                        statusCode: 400
                    );
                var id = Interlocked.Increment(ref last);
                annotations[id] = annotation with
                {
                    Id = id,
                    Time = annotation.Time ?? time.GetUtcNow().ToUnixTimeMilliseconds(),
                };
                return Results.Json(new { message = "Annotation added", id });
            }
        );
        app.MapGet(
            "/api/annotations",
            (long? from, long? to, string[]? tags) =>
                Results.Json(
                    annotations
                        .Values.Where(a => a.Time >= (from ?? 0) && a.Time <= (to ?? long.MaxValue))
                        .Where(a => (tags ?? []).All(t => a.Tags?.Contains(t) == true))
                        .OrderByDescending(a => a.Time)
                )
        );
    }

    /// <param name="Time">Milliseconds since 1970.</param>
    private sealed record Annotation(
        [property: JsonPropertyName("id")] long Id,
        [property: JsonPropertyName("dashboardUID")] string? DashboardUid,
        [property: JsonPropertyName("panelId")] long? PanelId,
        [property: JsonPropertyName("time")] long? Time,
        [property: JsonPropertyName("timeEnd")] long? TimeEnd,
        [property: JsonPropertyName("tags")] string[]? Tags,
        [property: JsonPropertyName("text")] string? Text
    );
}
