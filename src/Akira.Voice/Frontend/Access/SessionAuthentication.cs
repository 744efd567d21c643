using System.Security.Claims;
using System.Text.Encodings.Web;
using Akira.Voice.Management;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Akira.Voice.Frontend.Access;

/// <summary>A cookie that holds a token of the backend's.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    Sessions sessions
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Akira";

    /// <summary>Not the responder's: cookies do not tell the ports of a machine apart.</summary>
    public const string Cookie = "akira-app";

    /// <summary>The token itself. Claims of ours never leave this process.</summary>
    public const string TokenClaim = "akira:token";

    private static readonly string[] Roles = ["viewer", "operator", "admin"];

    private string? _away;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Cookies[Cookie] is not { Length: > 0 } token)
            return AuthenticateResult.NoResult();
        var reply = await sessions.Of(token, Context.RequestAborted);
        _away = reply.Away;
        if (reply.Value is not { } who)
            return AuthenticateResult.NoResult();
        return AuthenticateResult.Success(new AuthenticationTicket(Person(who, token), SchemeName));
    }

    /// <summary>A role may do what the ones before it may.</summary>
    private static ClaimsPrincipal Person(Who who, string token) =>
        new(
            new ClaimsIdentity(
                Roles
                    .Take(Array.IndexOf(Roles, who.Role) + 1)
                    .Select(r => new Claim(ClaimTypes.Role, r))
                    .Append(new Claim(ClaimTypes.Name, who.Name))
                    .Append(new Claim(TokenClaim, token)),
                SchemeName
            )
        );

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_away is not null)
            return AwayPage.Write(Context);
        var wanted = Request.Path + Request.QueryString;
        Response.Redirect(
            HttpMethods.IsGet(Request.Method) && wanted != "/" ? $"/login?to={Uri.EscapeDataString(wanted)}" : "/login"
        );
        return Task.CompletedTask;
    }
}

internal static class SessionAccess
{
    public static void AddSessionAccess(this IServiceCollection services)
    {
        services
            .AddAuthentication(SessionAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null);
        services
            .AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireRole("viewer").Build());
    }
}
