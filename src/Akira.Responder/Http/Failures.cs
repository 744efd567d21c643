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
                }
                catch (StoreFailure e) when (!context.Response.HasStarted)
                {
                    await Problem
                        .Of(StatusCodes.Status507InsufficientStorage, "store-failed", e.Message)
                        .ExecuteAsync(context);
                }
                catch (BadHttpRequestException e) when (!context.Response.HasStarted)
                {
                    var tooLarge = e.StatusCode == StatusCodes.Status413PayloadTooLarge;
                    await Problem
                        .Of(
                            e.StatusCode,
                            tooLarge ? "too-large" : "bad-input",
                            tooLarge ? "The body is larger than 5 MB: send it in parts." : e.Message
                        )
                        .ExecuteAsync(context);
                }
            }
        );
}
