using System.Security.Claims;
using Akira.Core.Incidents;
using Akira.Responder.Alerts;
using Akira.Responder.Console;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Akira.Responder.Runbooks;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Akira.Responder.Tests.Console;

/// <summary>The console on a free port, over a real desk and a log on the disk, with anna at the keyboard.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("akira-console-");
    private readonly Store store;
    private readonly WebApplication app;

    private Site()
    {
        store = Store.Open(Path.Combine(folder.FullName, "akira.db"));
        var log = new IncidentLog(store);
        var policies = new PolicyState(store, Shipped.Runbooks);
        Desk = new Desk(
            store,
            log,
            policies,
            new Leases(TimeSpan.FromMinutes(5)),
            TimeProvider.System,
            new Telemetry(),
            NullLogger<Desk>.Instance
        );
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory }
        );
        builder.WebHost.UseStaticWebAssets().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(store).AddSingleton(log).AddSingleton(policies).AddSingleton(Desk);
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.AddAuthorization();
        builder.Services.AddConsole();
        app = builder.Build();
        app.Use(
            (context, next) =>
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, "anna")], "test"));
                return next();
            }
        );
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapConsole();
    }

    public Desk Desk { get; }

    public string Url => app.Urls.Single();

    public static async Task<Site> Open()
    {
        var site = new Site();
        await site.Desk.StartAsync(CancellationToken.None);
        await site.app.StartAsync();
        return site;
    }

    public Task<Answer> Says(string text, int? incident = null) =>
        Desk.Say(text, incident, new Actor("bruno", "token:bruno", "http"), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await Desk.StopAsync(CancellationToken.None);
        store.Dispose();
        folder.Delete(recursive: true);
    }
}
