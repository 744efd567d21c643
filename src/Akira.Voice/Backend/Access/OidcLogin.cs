using System.Security.Claims;
using Akira.Http;
using Akira.Voice.Backend.Registers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Akira.Voice.Backend.Access;

/// <summary>
/// Log-in by OIDC, authorization code with PKCE. It ends with a code for the pages, which they exchange for a session as any other; the provider's
/// tokens are not kept.
/// </summary>
internal static class OidcLogin
{
    private const string Scheme = "Oidc";
    private const string Way = "OidcWay"; // a cookie for the moments between the provider and us
    private const string Done = "/api/session/oidc/done";

    public static void AddOidc(this AuthenticationBuilder authentication, OidcOptions set) =>
        authentication
            .AddCookie(
                Way,
                cookie =>
                {
                    cookie.Cookie.Name = "akira-oidc";
                    cookie.Cookie.Path = "/api/session";
                    cookie.ExpireTimeSpan = TimeSpan.FromMinutes(1);
                }
            )
            .AddOpenIdConnect(
                Scheme,
                oidc =>
                {
                    oidc.SignInScheme = Way;
                    oidc.Authority = set.Authority;
                    oidc.ClientId = set.ClientId;
                    oidc.ClientSecret = set.ClientSecret;
                    oidc.ResponseType = "code";
                    oidc.ResponseMode = "query";
                    oidc.UsePkce = true;
                    foreach (var cookie in new[] { oidc.CorrelationCookie, oidc.NonceCookie })
                        (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
                    oidc.SaveTokens = false;
                    oidc.MapInboundClaims = false;
                    oidc.GetClaimsFromUserInfoEndpoint = true;
                    oidc.CallbackPath = "/api/session/oidc/callback";
                    oidc.Scope.Add("email");
                    oidc.RequireHttpsMetadata =
                        set.Authority?.StartsWith("http://127.0.0.1", StringComparison.Ordinal) != true;
                    oidc.TokenValidationParameters.NameClaimType = "preferred_username";
                    oidc.ClaimActions.MapAll();
                    oidc.Events.OnRedirectToIdentityProvider = going =>
                    {
                        if (set.PublicUrl is { Length: > 0 } here)
                            going.ProtocolMessage.RedirectUri = here.TrimEnd('/') + oidc.CallbackPath;
                        return Task.CompletedTask;
                    };
                    oidc.Events.OnRemoteFailure = failed =>
                    {
                        failed.HandleResponse();
                        return Problem
                            .Of(
                                StatusCodes.Status401Unauthorized,
                                "bad-login",
                                "The log-in was not completed. Begin it again."
                            )
                            .ExecuteAsync(failed.HttpContext);
                    };
                }
            );

    public static void Map(IEndpointRouteBuilder app, BackendOptions options)
    {
        if (options.Oidc.Authority is not { Length: > 0 })
            return;
        var group = app.MapGroup("/api/session/oidc").AllowAnonymous().WithTags("Session");
        group
            .MapGet("", (string? @return) => Begin(@return, options))
            .WithSummary("Begins a log-in by OIDC; ends at the page given, with ?code=");
        group.MapGet("/done", End).ExcludeFromDescription();
    }

    private static IResult Begin(string? back, BackendOptions options)
    {
        var pages = new Uri(options.FrontendUrl);
        // Only to our own pages: a code must not be carried elsewhere.
        if (
            !Uri.TryCreate(pages, back ?? "/login", out var to)
            || to.GetLeftPart(UriPartial.Authority) != pages.GetLeftPart(UriPartial.Authority)
        )
            return Problem.BadField("return", $"must be a page under {pages}");
        return Results.Challenge(
            new AuthenticationProperties
            {
                RedirectUri = QueryString.Create("return", to.ToString()).ToString().Insert(0, Done),
            },
            [Scheme]
        );
    }

    private static async Task<IResult> End(
        HttpContext context,
        BackendOptions options,
        Accounts accounts,
        Sessions sessions,
        string @return
    )
    {
        var came = await context.AuthenticateAsync(Way);
        await context.SignOutAsync(Way);
        if (came.Principal is not { } person)
            return Problem.Of(
                StatusCodes.Status401Unauthorized,
                "bad-login",
                "The log-in took too long. Begin it again."
            );
        var name = person.FindFirstValue("preferred_username") ?? person.FindFirstValue("email");
        if (name is null || Field.Text("name", name, Field.LongestName, isNeeded: true) is not null)
            return Problem.Of(StatusCodes.Status401Unauthorized, "bad-login", "The provider did not say who you are.");
        if (RoleOf(person, options.Oidc) is not { } role)
            return Problem.Of(
                StatusCodes.Status403Forbidden,
                "role-too-low",
                $"You are not a member of {options.Oidc.ViewerGroup}: ask for that at the provider."
            );
        await accounts.Welcome(name, role, context.RequestAborted);
        var code = await sessions.NewCode(name, context.RequestAborted);
        var pages = new Uri(options.FrontendUrl);
        var to = new Uri(@return);
        if (to.GetLeftPart(UriPartial.Authority) != pages.GetLeftPart(UriPartial.Authority))
            to = pages;
        return Results.Redirect(new UriBuilder(to) { Query = $"code={code}" }.Uri.ToString());
    }

    private static Role? RoleOf(ClaimsPrincipal person, OidcOptions set)
    {
        var groups = person.FindAll(set.RoleClaim).Select(c => c.Value).ToHashSet();
        return groups.Contains(set.AdminGroup) ? Role.Admin
            : groups.Contains(set.OperatorGroup) ? Role.Operator
            : set.ViewerGroup is null || groups.Contains(set.ViewerGroup) ? Role.Viewer
            : null;
    }
}
