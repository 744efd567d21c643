using Akira.Http;
using Akira.Look;
using Akira.Voice.Frontend.Access;
using Akira.Voice.Frontend.Calls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MudBlazor.Services;

namespace Akira.Voice.Frontend;

/// <summary>The management app's pages. They keep nothing: what they show and change is the backend's.</summary>
public static class Frontend
{
    /// <summary>Runs until cancelled.</summary>
    /// <param name="say">What an operator reads in the journal.</param>
    /// <exception cref="ArgumentException">A setting makes no sense.</exception>
    /// <exception cref="IOException">It cannot listen there.</exception>
    public static async Task Run(FrontendOptions options, Action<string> say, CancellationToken cancel)
    {
        await using var app = Build(options, TimeProvider.System);
        await app.StartAsync(cancel);
        say($"The management app answers on {app.Urls.First()}, and asks {options.Backend}");
        await app.WaitForShutdownAsync(cancel);
    }

    /// <summary>The pages as a web application, not started.</summary>
    public static WebApplication Build(FrontendOptions options, TimeProvider time)
    {
        options.Check();
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions
            {
                ApplicationName = Look.Look.NameOfHost(typeof(Frontend).Assembly),
                ContentRootPath = AppContext.BaseDirectory,
            }
        );
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls(options.Listen);
        builder.WebHost.ConfigureKestrel(k => k.AddServerHeader = false);
        builder.Logging.ClearProviders().AddSimpleConsole(c => (c.SingleLine, c.TimestampFormat) = (true, "HH:mm:ss "));
        builder
            .Logging.AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Akira.Voice.Frontend.Access", LogLevel.Warning);
        // It warns that keys end with the process: they are meant to.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        var services = builder.Services;
        services.AddSingleton(time).AddSingleton(_ => new BackendHttp(new Uri(options.Backend)));
        services.AddSingleton<Sessions>().AddScoped<Backend>();
        services.AddSessionAccess();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices();
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, SessionRevalidation>();
        services.AddAntiforgery();
        // What it protects lives as long as a page's circuit does, and that ends with this process.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();

        var app = builder.Build();
        app.UseForwardedScheme();
        app.UseContentSecurity();
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapMethods("/healthz", [HttpMethods.Get, HttpMethods.Head], () => "ok\n").AllowAnonymous();
        LoginEndpoints.Map(app);
        OidcPassage.Map(app);
        CallExport.Map(app);
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }
}
