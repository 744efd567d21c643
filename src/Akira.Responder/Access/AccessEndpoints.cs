using Akira.Responder.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Responder.Access;

/// <param name="Role"><c>viewer</c>, <c>responder</c> or <c>admin</c>.</param>
internal sealed record TokenRequest(string? Name, string? Role);

/// <param name="Token">Shown here and never again.</param>
internal sealed record NewToken(string Name, string Role, string Token);

internal static class AccessEndpoints
{
    private const int LongestName = 64;

    private const string LoginPage = """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>Akira - log in</title><style>body{font:16px system-ui;display:grid;place-content:center;min-height:90vh;
        color-scheme:light dark}form{display:grid;gap:.7rem;width:20rem}input,button{font:inherit;padding:.5rem}</style>
        <form method="post" action="/login"><h1>Akira</h1><label for="token">Your token</label>
        <input id="token" name="token" type="password" autocomplete="current-password" autofocus required>
        <button>Log in</button><p>{note}</p></form></html>
        """;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/login", OpenLogin).AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/login", LogIn).AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/logout", LogOut).ExcludeFromDescription();

        var tokens = app.MapGroup("/api/tokens").RequireAuthorization(Policies.Admin).WithTags("Access");
        tokens
            .MapPost("", Create)
            .WithSummary("Makes a token; its text is in this answer only")
            .Accepts<TokenRequest>("application/json")
            .Produces<NewToken>();
        tokens
            .MapGet("", (Tokens all) => TypedResults.Ok(all.List().ToArray()))
            .WithSummary("Who has a token")
            .Produces<TokenRow[]>();
        tokens
            .MapDelete(
                "/{name}",
                (Tokens all, string name) =>
                    all.Revoke(name)
                        ? Results.NoContent()
                        : Problem.Of(StatusCodes.Status404NotFound, "no-token", "There is no token of that name.")
            )
            .WithSummary("Revokes a token");
    }

    private static async Task<IResult> Create(HttpContext context, Tokens tokens, TimeProvider time)
    {
        var (asked, problem) = await JsonBody.Read(context, WireJson.Default.TokenRequest);
        if (problem is not null)
            return problem;
        if (asked!.Name?.Trim() is not { } name || !IsName(name))
            return Problem.BadField("name", $"must have 1 to {LongestName} letters, digits, dots or dashes");
        if (
            !Enum.TryParse<Role>(asked.Role, ignoreCase: true, out var role)
            || !Enum.IsDefined(role)
            || int.TryParse(asked.Role, out _)
        )
            return Problem.BadField("role", "must be viewer, responder or admin");
        return tokens.Create(name, role, time.GetUtcNow()) is { } token
            ? TypedResults.Ok(new NewToken(name, role.ToString().ToLowerInvariant(), token))
            : Problem.Of(
                StatusCodes.Status409Conflict,
                "name-taken",
                $"{name} has a token already: revoke it first, with DELETE /api/tokens/{name}"
            );
    }

    /// <param name="code">Of the link that the first start prints.</param>
    /// <param name="name">Who is logging in by it.</param>
    private static IResult OpenLogin(
        HttpContext context,
        Tokens tokens,
        LoginLink link,
        TimeProvider time,
        string? code,
        string? name
    )
    {
        if (code is null)
            return Page("");
        name = name is not null && IsName(name) ? name : "admin";
        if (!link.TryUse(code))
            return Page("That link was used already, or is not of this start. Log in with a token.");
        var token = tokens.Create(name, Role.Admin, time.GetUtcNow());
        return token is null ? Page("That name has a token already: log in with it.") : Enter(context, token);
    }

    private static async Task<IResult> LogIn(HttpContext context, Tokens tokens)
    {
        if (!context.Request.HasFormContentType)
            return Page("");
        var token = (await context.Request.ReadFormAsync(context.RequestAborted))["token"].ToString().Trim();
        return tokens.Find(token) is null ? Page("That token is unknown, or was revoked.") : Enter(context, token);
    }

    private static IResult LogOut(HttpContext context)
    {
        context.Response.Cookies.Delete(TokenAuthentication.Cookie);
        return TypedResults.LocalRedirect("/login");
    }

    private static IResult Enter(HttpContext context, string token)
    {
        context.Response.Cookies.Append(
            TokenAuthentication.Cookie,
            token,
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                IsEssential = true,
                MaxAge = TimeSpan.FromDays(30),
            }
        );
        return TypedResults.LocalRedirect("/");
    }

    private static IResult Page(string note) =>
        Results.Content(LoginPage.Replace("{note}", note, StringComparison.Ordinal), "text/html; charset=utf-8");

    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_');
}
