using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Voice.Frontend.Access;

/// <summary>
/// The way to the company's own log-in and back leads over the backend, which browsers do not reach: what it says to
/// them is passed on, cookies and redirects as they are.
/// </summary>
internal static class OidcPassage
{
    private const string Path = "/api/session/oidc";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/login/oidc", Begin).AllowAnonymous();
        app.MapMethods($"{Path}/{{**rest}}", ["GET", "POST"], Pass).AllowAnonymous().DisableAntiforgery();
    }

    private static IResult Begin(string? to)
    {
        var back =
            "/login" + (LoginEndpoints.Safe(to) is not "/" and var wanted ? QueryString.Create("to", wanted) : default);
        return TypedResults.LocalRedirect(Path + QueryString.Create("return", back));
    }

    private static async Task Pass(HttpContext context, BackendHttp backend)
    {
        var (from, to) = (context.Request, context.Response);
        using var request = BackendHttp.Request(
            new HttpMethod(from.Method),
            from.Path.Value![1..] + from.QueryString,
            token: null
        );
        request.Headers.TryAddWithoutValidation("Cookie", from.Headers.Cookie.ToString());
        request.Headers.Host = from.Host.Value; // the provider sends people back to where they came from
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", from.Scheme);
        if (HttpMethods.IsPost(from.Method))
        {
            request.Content = new StreamContent(from.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", from.ContentType);
        }
        using var answer = await backend.Stream(request, context.RequestAborted);
        if (answer is null)
        {
            await AwayPage.Write(context);
            return;
        }
        if ((int)answer.StatusCode >= 400)
        {
            to.Redirect("/login?why=oidc"); // nobody comes to that by a link of ours
            return;
        }
        to.StatusCode = (int)answer.StatusCode;
        if (answer.Headers.TryGetValues("Set-Cookie", out var cookies))
            to.Headers.SetCookie = cookies.ToArray();
        if (answer.Headers.Location is { } location)
            to.Headers.Location = location.ToString();
        to.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(to.Body, context.RequestAborted);
    }
}
