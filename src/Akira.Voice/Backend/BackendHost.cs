using Akira.Http;
using Akira.Voice.Backend.Access;
using Akira.Voice.Backend.Calls;
using Akira.Voice.Backend.Deploys;
using Akira.Voice.Backend.Incidents;
using Akira.Voice.Backend.Kamailio;
using Akira.Voice.Backend.Registers;
using Akira.Voice.Backend.Traffic;
using Akira.Voice.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace Akira.Voice.Backend;

/// <summary>The management app's server. Everything it is made of stands here, in one line from top to bottom.</summary>
public static class BackendHost
{
    private const long LargestBody = 1 << 20;

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="ArgumentException">A setting cannot be understood.</exception>
    /// <exception cref="IOException">It cannot listen there.</exception>
    public static async Task Run(BackendOptions options, Action<string> say, CancellationToken cancel)
    {
        await using var app = Build(options, TimeProvider.System);
        await app.StartAsync(cancel);
        say($"akira-backend answers on {app.Urls.First()}");
        await SayWayIn(app, options, say, cancel);
        await ((IHost)app).WaitForShutdownAsync(cancel);
    }

    /// <summary>As a web application, not started.</summary>
    /// <exception cref="ArgumentException">A setting cannot be understood.</exception>
    public static WebApplication Build(BackendOptions options, TimeProvider time)
    {
        Seed.Read(options.Seed);
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory }
        );
        builder.WebHost.UseUrls(options.Listen);
        builder.WebHost.ConfigureKestrel(k => (k.Limits.MaxRequestBodySize, k.AddServerHeader) = (LargestBody, false));
        builder.Logging.ClearProviders().AddSimpleConsole(c => (c.SingleLine, c.TimestampFormat) = (true, "HH:mm:ss "));
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Npgsql", LogLevel.None);
        builder.Logging.AddFilter("Akira.Voice.Backend.Access", LogLevel.Warning); // each request without a token
        builder.Logging.AddFilter("Microsoft.AspNetCore.Authentication.OpenIdConnect", LogLevel.None); // OidcLogin says why, in a line
        // It warns that keys end with the process: they protect a log-in's minute at the provider.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        var services = builder.Services;
        var database = CdrWorker.Database.OpenForPeople(options.Database);
        services.AddSingleton(_ => database).AddSingleton(options).AddSingleton(time);
        services.AddSingleton<AuditTrail>().AddSingleton<Accounts>().AddSingleton<Sessions>();
        services.AddSingleton<FailedLogins>().AddSingleton<LoginLink>();
        services.AddRegister(Kinds.Customers).AddRegister(Kinds.Trunks(options.SipAddresses));
        services.AddRegister(Kinds.Routes).AddRegister(Kinds.Rates);
        services.AddSingleton<CallSearch>().AddSingleton<TrafficBook>().AddSingleton<ResponderIncidents>();
        services.AddSingleton<Seed>().AddHostedService<Schema>();

        services.AddAccess(options);
        services.ConfigureHttpJsonOptions(o =>
            o.SerializerOptions.TypeInfoResolverChain.Insert(0, ManagementJson.Default)
        );
        services.AddOpenApi();
        services
            .AddOpenTelemetry()
            .WithMetrics(m =>
                m.AddMeter("Microsoft.AspNetCore.Hosting", "Npgsql").AddRuntimeInstrumentation().AddPrometheusExporter()
            );

        var app = builder.Build();
        app.UseForwardedScheme();
        app.UseFailures(app.Services.GetRequiredService<ILogger<WebApplication>>());
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        HealthEndpoints.Map(app);
        AccessEndpoints.Map(app);
        OidcLogin.Map(app, options);
        RegisterEndpoints.Map(app);
        CallEndpoints.Map(app);
        TrafficEndpoints.Map(app);
        DeployEndpoints.Map(app);
        IncidentEndpoints.Map(app);
        KamailioEndpoints.Map(app);
        CallExport.Map(app);
        app.MapPrometheusScrapingEndpoint("/metrics").AllowAnonymous();
        app.MapOpenApi().AllowAnonymous();
        return app;
    }

    private static IServiceCollection AddRegister<T>(this IServiceCollection services, Kind<T> kind)
        where T : class, IEntry => services.AddSingleton(kind).AddSingleton<Register<T>>();

    /// <summary>As long as nobody can log in, a link is printed that works once.</summary>
    private static async Task SayWayIn(
        WebApplication app,
        BackendOptions options,
        Action<string> say,
        CancellationToken cancel
    )
    {
        if (!string.IsNullOrEmpty(options.Token))
            return;
        try
        {
            if (!await app.Services.GetRequiredService<Accounts>().IsEmpty(cancel))
                return;
        }
        catch (Npgsql.NpgsqlException) { } // a new database has no table of accounts yet
        var code = app.Services.GetRequiredService<LoginLink>().Make();
        say($"Log in, once: {options.FrontendUrl.TrimEnd('/')}/login?code={code}");
    }
}
