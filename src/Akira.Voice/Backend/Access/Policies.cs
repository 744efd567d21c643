using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Akira.Voice.Backend.Access;

/// <summary>Each may do what the ones before it may.</summary>
public enum Role
{
    Viewer,
    Operator,
    Admin,
}

/// <summary>What an endpoint asks of its caller.</summary>
internal static class Policies
{
    public const string Viewer = nameof(Viewer);
    public const string Operator = nameof(Operator);
    public const string Admin = nameof(Admin);

    public static void AddAccess(this IServiceCollection services, BackendOptions options)
    {
        var authentication = services
            .AddAuthentication(BearerAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, BearerAuthentication>(BearerAuthentication.SchemeName, null);
        if (!string.IsNullOrEmpty(options.Oidc.Authority))
            authentication.AddOidc(options);
        services
            .AddAuthorizationBuilder()
            .AddPolicy(Viewer, p => p.RequireRole(nameof(Role.Viewer)))
            .AddPolicy(Operator, p => p.RequireRole(nameof(Role.Operator)))
            .AddPolicy(Admin, p => p.RequireRole(nameof(Role.Admin)))
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireRole(nameof(Role.Viewer)).Build());
    }

    /// <returns>Null: there is no such role.</returns>
    public static Role? RoleOf(string? name) =>
        name switch
        {
            "viewer" => Role.Viewer,
            "operator" => Role.Operator,
            "admin" => Role.Admin,
            _ => null,
        };

    public static string NameOf(Role role) => role.ToString().ToLowerInvariant();
}

/// <summary>Who asks, as the audit trail writes it.</summary>
internal static class Caller
{
    public static string NameOf(HttpContext context) => context.User.Identity?.Name ?? "unknown";
}
