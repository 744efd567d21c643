using Microsoft.AspNetCore.Http;

namespace Akira.Http;

/// <summary>Problem details for what the framework answers with a bare status.</summary>
public static class Unsaid
{
    /// <summary>What routing turns away comes without a word.</summary>
    public static Task Explain(HttpContext context) =>
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
