using Akira.Voice.Frontend.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Voice.Frontend.Calls;

/// <summary>A search's calls as a file: what the backend streams, passed on as it comes.</summary>
internal static class CallExport
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/calls.csv", (HttpContext context, BackendHttp backend) => Pass(context, backend, "api/calls.csv"));
        app.MapGet(
            "/calls.parquet",
            (HttpContext context, BackendHttp backend) => Pass(context, backend, "api/calls.parquet")
        );
    }

    private static async Task Pass(HttpContext context, BackendHttp backend, string path)
    {
        var cancel = context.RequestAborted;
        var token = context.User.FindFirst(SessionAuthentication.TokenClaim)!.Value;
        using var request = BackendHttp.Request(HttpMethod.Get, path + context.Request.QueryString, token);
        using var answer = await backend.Stream(request, cancel);
        var to = context.Response;
        if (answer is null)
        {
            await AwayPage.Write(context);
            return;
        }
        to.StatusCode = (int)answer.StatusCode;
        to.ContentType = answer.Content.Headers.ContentType?.ToString();
        to.Headers.ContentDisposition =
            answer.Content.Headers.ContentDisposition?.ToString()
            ?? (answer.IsSuccessStatusCode ? $"attachment; filename=\"{path["api/".Length..]}\"" : null);
        await using var from = await answer.Content.ReadAsStreamAsync(cancel);
        try
        {
            await from.CopyToAsync(to.Body, cancel);
        }
        catch (HttpIOException) // the backend went away in the middle: half a file must not look whole
        {
            context.Abort();
        }
    }
}
