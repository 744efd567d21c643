using System.Security.Claims;
using Akira.Http;
using Akira.Voice.Backend.Registers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Akira.Voice.Backend.Access;

/// <summary>
/// Log-in by OIDC, authorization code with PKCE. It ends at the pages, with a code that they exchange for a session as any other, or with why it came to
/// nothing; the provider's tokens are not kept.
/// </summary>
internal static class OidcLogin
{
    private const string Scheme = "Oidc";
    private const string Way = "OidcWay"; // a cookie for the moments between the provider and us
    private const string Done = "/api/session/oidc/done";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5); // with the provider

    public static void AddOidc(this AuthenticationBuilder authentication, BackendOptions options) =>
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
                    var set = options.Oidc;
                    oidc.SignInScheme = Way;
                    oidc.Authority = set.Authority;
                    oidc.ClientId = set.ClientId;
                    oidc.ClientSecret = set.ClientSecret;
                    oidc.ResponseType = "code";
                    oidc.ResponseMode = "query";
                    oidc.UsePkce = true;
                    foreach (var cookie in new[] { oidc.CorrelationCookie, oidc.NonceCookie })
                        (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
                    oidc.BackchannelTimeout = Patience;
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
                        Log(failed.HttpContext).NotCompleted(failed.Failure?.Message);
                        failed.HandleResponse();
                        failed.Response.Redirect(With(Page("/login", options)!, "why", "oidc"));
                        return Task.CompletedTask;
                    };
                }
            );

    public static void Map(IEndpointRouteBuilder app, BackendOptions options)
    {
        if (options.Oidc.Authority is not { Length: > 0 })
            return;
        var group = app.MapGroup("/api/session/oidc").AllowAnonymous().WithTags("Session");
        group
            .MapGet("", (HttpContext context, string? @return) => Begin(context, @return, options))
            .WithSummary("Begins a log-in by OIDC; ends at the page given, with code= or why=");
        group.MapGet("/done", End).ExcludeFromDescription();
    }

    private static async Task<IResult> Begin(HttpContext context, string? @return, BackendOptions options)
    {
        if (Page(@return, options) is not { } page)
            return Problem.BadField("return", $"must be a page under {options.FrontendUrl}");
        try
        {
            await context.ChallengeAsync(
                Scheme,
                new() { RedirectUri = Done + QueryString.Create("return", page.AbsoluteUri) }
            );
            return Results.Empty;
        }
        catch (InvalidOperationException e) // it asks the provider for its addresses first
        {
            Log(context).NotCompleted(e.GetBaseException().Message);
            return Results.Redirect(With(page, "why", "provider-away"));
        }
    }

    private static async Task<IResult> End(
        HttpContext context,
        BackendOptions options,
        Accounts accounts,
        Sessions sessions,
        string? @return
    )
    {
        var page = Page(@return, options) ?? Page("/login", options)!;
        var came = await context.AuthenticateAsync(Way);
        await context.SignOutAsync(Way);
        if (came.Principal is not { } person || NameOf(person) is not { } name)
            return Results.Redirect(With(page, "why", "oidc"));
        if (RoleOf(person, options.Oidc) is not { } role)
            return Results.Redirect(With(page, "why", "role-too-low"));
        try
        {
            return Results.Redirect(
                await accounts.Welcome(name, role, context.RequestAborted) is { } why
                    ? With(page, "why", why)
                    : With(page, "code", await sessions.NewCode(name, context.RequestAborted))
            );
        }
        catch (Exception e) when (Failures.Of(e) is { Status: StatusCodes.Status503ServiceUnavailable } away)
        {
            return Results.Redirect(With(page, "why", away.Code));
        }
    }

    /// <summary>A page of our own, and null for any other: a code must not be carried elsewhere.</summary>
    private static Uri? Page(string? wanted, BackendOptions options)
    {
        var pages = new Uri(options.FrontendUrl);
        return
            Uri.TryCreate(pages, wanted ?? "/login", out var page)
            && page.GetLeftPart(UriPartial.Authority) == pages.GetLeftPart(UriPartial.Authority)
            ? page
            : null;
    }

    private static string With(Uri page, string name, string value) =>
        QueryHelpers.AddQueryString(page.AbsoluteUri, name, value);

    private static string? NameOf(ClaimsPrincipal person) =>
        (person.FindFirstValue("preferred_username") ?? person.FindFirstValue("email")) is { } name
        && Field.Text("name", name, Field.LongestName, isNeeded: true) is null
            ? name
            : null;

    private static Role? RoleOf(ClaimsPrincipal person, OidcOptions set)
    {
        var groups = person.FindAll(set.RoleClaim).Select(c => c.Value).ToHashSet();
        return groups.Contains(set.AdminGroup) ? Role.Admin
            : groups.Contains(set.OperatorGroup) ? Role.Operator
            : set.ViewerGroup is null || groups.Contains(set.ViewerGroup) ? Role.Viewer
            : null;
    }

    private static ILogger Log(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OidcLogin));
}

internal static partial class OidcSaid
{
    [LoggerMessage(LogLevel.Warning, "a log-in by OIDC was not completed: {Why}")]
    public static partial void NotCompleted(this ILogger log, string? why);
}
