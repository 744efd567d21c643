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
                        await Unsaid.Explain(context);
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
}
