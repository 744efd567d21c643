using System.Net;
using Akira.Core.Incidents;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Akira.Responder.Access;

/// <summary>What an endpoint asks of its caller.</summary>
internal static class Policies
{
    public const string Viewer = nameof(Viewer);
    public const string Responder = nameof(Responder);
    public const string Admin = nameof(Admin);

    /// <summary>From this machine, or a responder's token.</summary>
    public const string AlertIntake = nameof(AlertIntake);

    /// <summary>From this machine, or a viewer's token.</summary>
    public const string Observation = nameof(Observation);

    public static void AddAccess(this IServiceCollection services, bool alertsRequireToken)
    {
        services
            .AddAuthentication(TokenAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        services
            .AddAuthorizationBuilder()
            .AddPolicy(Viewer, p => p.RequireRole(nameof(Role.Viewer)))
            .AddPolicy(Responder, p => p.RequireRole(nameof(Role.Responder)))
            .AddPolicy(Admin, p => p.RequireRole(nameof(Role.Admin)))
            .AddPolicy(
                AlertIntake,
                p =>
                    p.RequireAssertion(c =>
                        c.User.IsInRole(nameof(Role.Responder)) || (!alertsRequireToken && IsLocal(c))
                    )
            )
            .AddPolicy(Observation, p => p.RequireAssertion(c => c.User.IsInRole(nameof(Role.Viewer)) || IsLocal(c)))
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireRole(nameof(Role.Viewer)).Build());
    }

    /// <summary>
    /// A program on this machine: not somebody behind a proxy that runs here, and not a page of another site in a
    /// browser that runs here.
    /// </summary>
    private static bool IsLocal(AuthorizationHandlerContext c) =>
        c.Resource is HttpContext { Connection.RemoteIpAddress: { } from } context
        && IPAddress.IsLoopback(from)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For")
        && !context.Request.Headers.ContainsKey("Forwarded")
        && !context.Request.Headers.ContainsKey("Origin");
}

/// <summary>Who asks, as the log writes it.</summary>
internal static class Caller
{
    public static Actor Of(HttpContext context)
    {
        var name = context.User.Identity?.Name ?? "unknown";
        var via = context.Request.Headers["X-Akira-Via"].ToString() is "cli" ? "cli" : "http";
        return new Actor(name, $"token:{name}", via);
    }
}
