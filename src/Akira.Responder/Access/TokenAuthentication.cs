using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Akira.Responder.Access;

/// <summary>A bearer token, or the console's cookie, which holds one.</summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    Tokens tokens
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Akira";
    public const string Cookie = "akira";

    /// <summary>The claim that says which token it was: its hash, to ask later whether it still counts.</summary>
    public const string HashClaim = "akira:token";

    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    /// <summary>Programs that subscribe to a calendar know a name and a password, and nothing else.</summary>
    private bool IsCalendar => HttpMethods.IsGet(Request.Method) && Request.Path == "/api/oncall.ics";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        var token =
            header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim()
            : IsCalendar && header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)
                ? PasswordIn(header[Basic.Length..])
            : Request.Cookies[Cookie];
        if (string.IsNullOrEmpty(token))
            return Task.FromResult(AuthenticateResult.NoResult());
        if (tokens.Find(token) is not var (name, role))
            return Task.FromResult(AuthenticateResult.Fail("The token is unknown or was revoked"));
        var identity = new ClaimsIdentity(
            Enum.GetValues<Role>()
                .Where(r => r <= role)
                .Select(r => new Claim(ClaimTypes.Role, r.ToString()))
                .Append(new Claim(ClaimTypes.Name, name))
                .Append(new Claim(HashClaim, Secret.HashOf(token))),
            SchemeName
        );
        return Task.FromResult(
            AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName))
        );
    }

    /// <returns>Empty when it is no pair of name and password.</returns>
    private static string PasswordIn(string encoded)
    {
        Span<byte> pair = stackalloc byte[512];
        return
            Convert.TryFromBase64String(encoded.Trim(), pair, out var length)
            && pair[..length].IndexOf((byte)':') is var at and >= 0
            ? Encoding.UTF8.GetString(pair[(at + 1)..length])
            : "";
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var browsing =
            HttpMethods.IsGet(Request.Method)
            && Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
        if (browsing && !Request.Path.StartsWithSegments("/api"))
        {
            Response.Redirect("/login");
            return Task.CompletedTask;
        }
        Response.Headers.WWWAuthenticate = IsCalendar ? "Basic realm=\"Akira\"" : "Bearer";
        return Problem
            .Of(
                StatusCodes.Status401Unauthorized,
                "no-token",
                "A token is needed: send Authorization: Bearer TOKEN, or set AKIRA_TOKEN for the command line."
            )
            .ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problem
            .Of(
                StatusCodes.Status403Forbidden,
                "role-too-low",
                "This token's role may not do that. An administrator can make another: POST /api/tokens"
            )
            .ExecuteAsync(Context);
}
