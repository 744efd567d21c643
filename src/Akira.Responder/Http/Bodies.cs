using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Akira.Responder.Http;

internal static class Bodies
{
    /// <summary>
    /// <c>curl -d</c> says that it sends a form when nobody tells it otherwise. What comes to the API is JSON, whatever
    /// the sender calls it.
    /// </summary>
    public static void UseJsonForUnnamedBodies(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                var request = context.Request;
                var isApi = request.Path.StartsWithSegments("/api") || request.Path.StartsWithSegments("/webhooks");
                if (isApi && request.ContentType is (null or "" or "application/x-www-form-urlencoded"))
                    request.ContentType = request.Path == "/api/calls" ? "application/x-ndjson" : "application/json";
                return next(context);
            }
        );

    /// <summary>The request's body, or the problem with it.</summary>
    public static async Task<(T? Body, Problem? Problem)> Read<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return
                await JsonSerializer.DeserializeAsync(context.Request.BodyReader, type, context.RequestAborted)
                    is { } body
                ? (body, null)
                : (null, Problem.Of(StatusCodes.Status400BadRequest, "bad-input", "The body is null"));
        }
        catch (JsonException e)
        {
            return (null, Problem.BadJson(e));
        }
    }
}
