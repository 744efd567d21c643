using System.Security.Claims;
using System.Text.Encodings.Web;
using Akira.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Akira.Voice.Backend.Access;

/// <summary>The token of a session or of a program. It is looked up each time: what was revoked ends at once.</summary>
internal sealed class BearerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    Sessions sessions
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Akira";

    private const string Bearer = "Bearer ";

    /// <summary>The token that the request carries; null: none.</summary>
    public static string? TokenOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (TokenOf(Request) is not { Length: > 0 } token)
            return AuthenticateResult.NoResult();
        if (await sessions.Find(token, Context.RequestAborted) is not var (name, role))
            return AuthenticateResult.Fail("The token is unknown, has ended, or was revoked");
        var identity = new ClaimsIdentity(
            Enum.GetValues<Role>()
                .Where(r => r <= role)
                .Select(r => new Claim(ClaimTypes.Role, r.ToString()))
                .Append(new Claim(ClaimTypes.Name, name)),
            SchemeName
        );
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problem
            .Of(
                StatusCodes.Status401Unauthorized,
                "no-token",
                "Log in first: POST /api/session, then send Authorization: Bearer TOKEN."
            )
            .ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problem
            .Of(
                StatusCodes.Status403Forbidden,
                "role-too-low",
                "Your role may not do that. An administrator can change it: PUT /api/accounts/NAME"
            )
            .ExecuteAsync(Context);
}
