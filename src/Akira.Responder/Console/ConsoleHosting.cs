using Akira.Look;
using Akira.Responder.Incidents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace Akira.Responder.Console;

/// <summary>The console as part of a web application.</summary>
public static class ConsoleHosting
{
    /// <param name="timeScale">How many seconds of the responder's clock pass in one of ours.</param>
    public static IServiceCollection AddConsole(this IServiceCollection services, double timeScale = 1)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices();
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, TokenRevalidation>();
        services.AddScoped<LogWatch>();
        services.AddScoped(s => new Pulse(s.GetRequiredService<Desk>().Clock, timeScale));
        return services;
    }

    /// <summary>
    /// Needs authentication, authorization and anti-forgery in the pipeline before it, and a content root beside the
    /// program: its scripts and styles are there, not where the responder was started.
    /// </summary>
    public static WebApplication MapConsole(this WebApplication app)
    {
        app.UseContentSecurity();
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }
}
