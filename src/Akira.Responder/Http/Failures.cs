using Akira.Responder.Log;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Akira.Responder.Http;

internal static class Failures
{
    /// <summary>What went wrong outside of anybody's decision, as problem details.</summary>
    public static void UseFailures(this WebApplication app) =>
        app.Use(
            async (context, next) =>
            {
                try
                {
                    await next(context);
                    if (!context.Response.HasStarted && context.Request.Path.StartsWithSegments("/api"))
                        await Explain(context);
                }
                catch (StoreFailure e) when (!context.Response.HasStarted)
                {
                    await Problem
                        .Of(StatusCodes.Status507InsufficientStorage, "store-failed", e.Message)
                        .ExecuteAsync(context);
                }
                catch (BadHttpRequestException e) when (!context.Response.HasStarted)
                {
                    var problem =
                        e.StatusCode == StatusCodes.Status413PayloadTooLarge
                            ? Bodies.TooLarge
                            : Problem.Of(e.StatusCode, "bad-input", e.Message);
                    await problem.ExecuteAsync(context);
                }
            }
        );

    /// <summary>What routing turns away comes without a word.</summary>
    private static Task Explain(HttpContext context) =>
        context.Response.StatusCode switch
        {
            StatusCodes.Status415UnsupportedMediaType => Say(
                context,
                "bad-content-type",
                "Send JSON: Content-Type: application/json"
            ),
            StatusCodes.Status405MethodNotAllowed => Say(
                context,
                "bad-method",
                $"{context.Request.Method} means nothing here"
            ),
            StatusCodes.Status404NotFound => Say(
                context,
                "not-found",
                "There is nothing at this address. /openapi/v1.json lists what there is."
            ),
            _ => Task.CompletedTask,
        };

    private static Task Say(HttpContext context, string code, string detail) =>
        Problem.Of(context.Response.StatusCode, code, detail).ExecuteAsync(context);
}
