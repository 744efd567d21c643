using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Akira.Responder.Http;

internal static class Bodies
{
    /// <summary>Bytes that a body may have.</summary>
    public const long Largest = 5 * 1024 * 1024;

    /// <summary>Up to here a body that is too large is read to its end: most clients hear no answer while they send.</summary>
    private const long Drained = 64 * 1024 * 1024;

    /// <summary>Bodies that say too little of themselves, or are too large.</summary>
    public static void UseBodyRules(this WebApplication app) =>
        app.Use(
            async (context, next) =>
            {
                var request = context.Request;
                if (request.ContentLength > Largest && request.Path != CallsPath)
                    await RefuseLarge(context);
                else
                {
                    NameBody(request);
                    await next(context);
                }
            }
        );

    private const string CallsPath = "/api/calls";

    /// <summary>
    /// <c>curl -d</c> says that it sends a form when nobody tells it otherwise. What comes to the API is JSON, whatever
    /// the sender calls it.
    /// </summary>
    private static void NameBody(HttpRequest request)
    {
        if (request.Path.StartsWithSegments("/api") || request.Path.StartsWithSegments("/webhooks"))
            if (
                request.ContentType is null or "" or "application/x-www-form-urlencoded"
                || request.ContentType.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase)
            )
                request.ContentType = request.Path == CallsPath ? "application/x-ndjson" : "application/json";
        if (
            request.Path == CallsPath
            && request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { } limit
        )
            limit.MaxRequestBodySize = 2 * Voice.CallEndpoints.LargestBatch;
    }

    private static async Task RefuseLarge(HttpContext context)
    {
        if (
            context.Request.ContentLength <= Drained
            && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit
        )
        {
            limit.MaxRequestBodySize = Drained;
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        }
        await TooLarge.ExecuteAsync(context);
    }

    public static Problem TooLarge { get; } =
        Problem.Of(
            StatusCodes.Status413PayloadTooLarge,
            "too-large",
            "The body is larger than 5 MB: send it in parts."
        );
}
