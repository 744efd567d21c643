using Akira.Voice.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Voice.Frontend.Access;

internal static class LoginEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        // Not /login itself: the page that is there takes every POST for one of its own forms.
        app.MapPost("/session", LogIn).AllowAnonymous().DisableAntiforgery();
        app.MapPost("/logout", LogOut).AllowAnonymous().DisableAntiforgery();
    }

    /// <summary>Puts the token where scripts do not reach it.</summary>
    public static void Enter(HttpContext context, Session session) =>
        context.Response.Cookies.Append(
            SessionAuthentication.Cookie,
            session.Token,
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                IsEssential = true,
                Expires = session.ExpiresAt,
            }
        );

    /// <summary>Of this site, or the first page.</summary>
    public static string Safe(string? to) =>
        to is ['/', not ('/' or '\\'), ..]
        && !to.Any(char.IsControl)
        && !to.StartsWith("/log", StringComparison.Ordinal)
            ? to
            : "/";

    private static async Task<IResult> LogIn(HttpContext context, BackendHttp backend)
    {
        // Logged in by another site's form, one would type one's customers into somebody else's account.
        if (context.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" || !context.Request.HasFormContentType)
            return TypedResults.LocalRedirect("/login");
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var to = Safe(form["to"]);
        var reply = await backend.Ask<Session>(
            HttpMethod.Post,
            "api/session",
            token: null,
            new Credentials(form["name"].ToString().Trim(), form["password"]),
            cancel: context.RequestAborted
        );
        if (reply.Value is { } session)
        {
            Enter(context, session);
            return TypedResults.LocalRedirect(to);
        }
        var why = reply.Refusal?.Code ?? "away";
        return TypedResults.LocalRedirect(
            $"/login?why={Uri.EscapeDataString(why)}" + (to == "/" ? "" : $"&to={Uri.EscapeDataString(to)}")
        );
    }

    private static async Task<IResult> LogOut(HttpContext context, BackendHttp backend)
    {
        if (context.Request.Cookies[SessionAuthentication.Cookie] is { } token)
            await backend.Ask<object>(HttpMethod.Delete, "api/session", token, cancel: context.RequestAborted);
        context.Response.Cookies.Delete(SessionAuthentication.Cookie);
        return TypedResults.LocalRedirect("/login");
    }
}
