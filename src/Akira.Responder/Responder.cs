using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Akira.Core.Runbooks;
using Akira.Responder.Access;
using Akira.Responder.Alerts;
using Akira.Responder.Analysis;
using Akira.Responder.Channels;
using Akira.Responder.Console;
using Akira.Responder.Deadlines;
using Akira.Responder.DeadMan;
using Akira.Responder.Demo;
using Akira.Responder.Deploys;
using Akira.Responder.Http;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Akira.Responder.OnCall;
using Akira.Responder.Postmortems;
using Akira.Responder.Probes;
using Akira.Responder.Runbooks;
using Akira.Responder.Silences;
using Akira.Responder.Steps;
using Akira.Responder.Steps.Ssh;
using Akira.Responder.Voice;
using Akira.Voice.Stream;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace Akira.Responder;

/// <summary>The server that answers. Everything it is made of stands here, in one line from top to bottom.</summary>
public static class Responder
{
    /// <summary>Runs until cancelled. What keeps it from starting is said on standard error.</summary>
    /// <returns>0 after a stop; 1 when the runbooks are broken; 2 when it could not start.</returns>
    public static async Task<int> Run(ResponderOptions options, CancellationToken cancel)
    {
        try
        {
            options.Check();
            ProveFree(new Uri(options.Listen.Replace("//*", "//0.0.0.0", StringComparison.Ordinal)));
            await using var app = Build(options, TimeProvider.System);
            await app.StartAsync(cancel);
            Greet(app);
            await app.WaitForShutdownAsync(cancel);
            return 0;
        }
        catch (CannotStart e)
        {
            await System.Console.Error.WriteLineAsync(e.ExitCode == 1 ? e.Message : $"akira: {e.Message}");
            return e.ExitCode;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await System.Console.Error.WriteLineAsync(
                $"akira: cannot listen on {options.Listen}: {e.Message} Choose another: --listen http://127.0.0.1:7401"
            );
            return 2;
        }
    }

    /// <summary>
    /// Asked before anything else begins: the web host finds out last, with pages of stack traces, when followers are
    /// already at work.
    /// </summary>
    /// <exception cref="SocketException">Somebody else listens there, or the address is not this machine's.</exception>
    private static void ProveFree(Uri listen)
    {
        var address =
            IPAddress.TryParse(listen.DnsSafeHost, out var given) ? given
            : listen.IsLoopback ? IPAddress.Loopback
            : IPAddress.Any;
        using var probe = new TcpListener(address, listen.Port);
        probe.Start();
    }

    /// <summary>The responder as a web application, not started.</summary>
    /// <exception cref="CannotStart">Its folder, its log or its runbooks are not fit to start with.</exception>
    public static WebApplication Build(ResponderOptions options, TimeProvider world)
    {
        options.Check();
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions
            {
                ApplicationName = Look.Look.NameOfHost(typeof(Responder).Assembly),
                ContentRootPath = AppContext.BaseDirectory,
            }
        );
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls(options.Listen);
        builder.WebHost.ConfigureKestrel(k =>
            (k.Limits.MaxRequestBodySize, k.AddServerHeader) = (Bodies.Largest, false)
        );
        builder.Logging.ClearProviders().AddSimpleConsole(c => (c.SingleLine, c.TimestampFormat) = (true, "HH:mm:ss "));
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        var folder = DataFolder.Claim(options.Data);
        var services = builder.Services;
        try
        {
            if (options.Demo)
                options = BeginDemo(folder, options);
            var store = Store.Open(folder.File("akira.db"));
            var log = new IncidentLog(store);
            var policies = new PolicyState(store, options.Runbooks);
            var clock = ClockOf(options, world, log);
            // Made by factories, so that the container disposes them: the folder, made first, last.
            services.AddSingleton(_ => folder).AddSingleton(_ => store);
            services.AddSingleton(options.Hidden);
            services.AddSingleton(options).AddSingleton(clock).AddSingleton(log).AddSingleton(policies);
            services.AddSingleton(new Tokens(store, options.Token)).AddSingleton<LoginLink>().AddSingleton<Telemetry>();
        }
        catch
        {
            folder.Dispose();
            throw;
        }

        services.AddHostedService<Checkpoint>().AddHostedService(_ => new GivenBack(world));
        services.AddSingleton(new Leases(options.ResolveTimeout)).AddSingleton<Desk>();
        services.AddHostedService(s => s.GetRequiredService<Desk>());
        services
            .AddHostedService<LeaseSweep>()
            .AddHostedService<SilenceClock>()
            .AddHostedService<DeadlineClock>()
            .AddHostedService<RunbookWatch>();
        services.AddSingleton<Shells>().AddHostedService(s => s.GetRequiredService<Shells>());
        services.AddHostedService<Diagnostician>().AddHostedService<StepRunner>().AddHostedService<Scribe>();
        services.AddChannels(options, world);
        services.AddDeadMan(options.DeadMan, world);

        services.AddSingleton(new CallIntake(pace: options.Demo ? 1 : options.TimeScale));
        services.AddSingleton(_ => new CallSpool(folder.File("calls")));
        services.AddSingleton<CallArchive>(s =>
            s.GetService<DemoPlatform>() is { } demo ? demo.Between : s.GetRequiredService<CallSpool>().Between
        );
        services.AddHostedService<CallEvidence>().AddHostedService<SmokeEvidence>();
        services.AddSingleton(_ => new KpiHistory(folder.File("kpis.db")));
        services.AddSingleton<Papers>();
        services.AddSingleton<KpiMetrics>();
        services.AddSingleton<KpiKeeper>().AddHostedService(s => s.GetRequiredService<KpiKeeper>());
        if (options is { Nats: { } nats, Demo: false })
            services.AddHostedService(s => CallStreamOf(s, nats, folder, world));
        services.AddSingleton(s => ProberOf(s, world)).AddHostedService(s => s.GetRequiredService<Prober>());
        services.AddSingleton(s => WatchOf(s, world)).AddHostedService(s => s.GetRequiredService<Watch>());
        services.AddHostedService(s => new CdrGate(
            s.GetRequiredService<Desk>(),
            s.GetRequiredService<Watch>(),
            PaceOfThePlatform(s, world)
        ));
        services.AddHostedService(s => new SymptomGate(
            s.GetRequiredService<Desk>(),
            s.GetRequiredService<Prober>(),
            world
        ));
        if (options.Demo)
            services.AddSingleton(s => new DemoPlatform(
                s.GetRequiredService<TimeProvider>(),
                s.GetRequiredService<CallIntake>()
            ));

        services.AddAccess(options.Alerts.RequireToken);
        services.AddAntiforgery().AddConsole(options.TimeScale);
        KeepKeysInMemory(services);
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, WireJson.Default));
        services.AddOpenApi(o => o.AddSchemaTransformer(PostedTexts.Describe));
        services
            .AddOpenTelemetry()
            .WithMetrics(m => m.AddMeter(Telemetry.MeterName).AddRuntimeInstrumentation().AddPrometheusExporter());

        var app = builder.Build();
        app.UseFailures();
        app.UseBodyRules();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        Health.Map(app);
        AlertEndpoints.Map(app);
        IncidentEndpoints.Map(app);
        PostmortemEndpoints.Map(app);
        AnalyticsEndpoints.Map(app);
        DeployEndpoints.Map(app);
        OnCallEndpoints.Map(app);
        SilenceEndpoints.Map(app);
        ProbeEndpoints.Map(app);
        AccessEndpoints.Map(app);
        var (calls, kpis) = app.MapCalls();
        calls.RequireAuthorization(Policies.Responder);
        kpis.RequireAuthorization(Policies.Viewer);
        app.Services.GetRequiredService<KpiMetrics>();
        app.Services.GetRequiredService<Desk>().Facts = app.Services.GetRequiredService<Prober>().Facts;
        app.MapPrometheusScrapingEndpoint("/metrics").RequireAuthorization(Policies.Observation);
        app.MapOpenApi().RequireAuthorization(Policies.Observation);
        if (options.Demo)
        {
            app.MapGroup("").RequireAuthorization(Policies.Observation).MapDemoPlatform();
            app.MapDemoFaults().RequireAuthorization(Policies.Responder);
        }
        app.MapConsole();
        return app;
    }

    /// <summary>
    /// The keys that protect a page's forms last as long as the pages that this process made. They would be written into the
    /// home folder of whoever started it, and read at each start; nothing of ours lies outside the data folder.
    /// </summary>
    private static void KeepKeysInMemory(IServiceCollection services)
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.Remove(
            services.Single(s =>
                s.ServiceType == typeof(IHostedService)
                && s.ImplementationType?.Assembly == typeof(IDataProtectionBuilder).Assembly
            )
        );
    }

    /// <summary>A demo begins anew each time. A folder that holds anything but a demo's is not touched.</summary>
    private static ResponderOptions BeginDemo(DataFolder folder, ResponderOptions options)
    {
        if (
            !File.Exists(folder.File("cli.json"))
            && Directory
                .EnumerateFileSystemEntries(folder.Path)
                .Any(f => !DataFolder.Signs.Contains(Path.GetFileName(f)))
        )
            throw new CannotStart(
                $"{folder.Path} holds something that is not a demo's, and a demo begins by emptying its folder. Give it a new one: --data DIR"
            );
        var token = options.Token ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        return options with { Token = token, Runbooks = DemoFolder.Begin(folder, new Uri(options.Listen), token) };
    }

    /// <summary>A scaled clock never goes back behind what the log already says.</summary>
    private static TimeProvider ClockOf(ResponderOptions options, TimeProvider world, IncidentLog log)
    {
        if (options.TimeScale == 1)
            return world;
        var now = world.GetUtcNow();
        return new ScaledTime(world, log.LastEntryAt > now ? log.LastEntryAt.Value : now, options.TimeScale);
    }

    /// <summary>The demo has no platform to look at, and says itself how its services are.</summary>
    private static Prober ProberOf(IServiceProvider s, TimeProvider world)
    {
        var desk = s.GetRequiredService<Desk>();
        var isDemo = s.GetRequiredService<ResponderOptions>().Demo;
        return new Prober(
            () => isDemo ? Platform.Empty : desk.Policy.Platform,
            target => Prober.Make(target, world),
            new SeenServices(s.GetRequiredService<Store>()),
            world,
            desk.Clock,
            () => RandomNumberGenerator.GetInt32(1000) / 1000.0
        );
    }

    private static CallStream CallStreamOf(IServiceProvider s, NatsLogin nats, DataFolder folder, TimeProvider world) =>
        new(
            nats,
            CallStream.ConsumerOf(folder.Path),
            s.GetRequiredService<CallIntake>(),
            s.GetRequiredService<CallSpool>(),
            s.GetRequiredService<KpiKeeper>(),
            s.GetRequiredService<TimeProvider>(),
            world,
            s.GetRequiredService<ILogger<CallStream>>()
        );

    /// <summary>Calls are counted in the responder's time, in which the incidents are that they belong to.</summary>
    private static Watch WatchOf(IServiceProvider s, TimeProvider world)
    {
        var desk = s.GetRequiredService<Desk>();
        var calls = s.GetRequiredService<CallIntake>();
        var history = s.GetRequiredService<KpiHistory>();
        var prober = s.GetRequiredService<Prober>();
        SampleSource demo = s.GetService<DemoPlatform>() is { } platform
            ? (policy, now) => platform.Samples(policy, now)
            : (_, _) => [];
        var watch = new Watch(
            PaceOfThePlatform(s, world),
            desk.Clock,
            () => desk.Policy,
            [
                demo,
                (policy, now) =>
                    [.. calls.Samples(policy, desk.Clock.GetUtcNow(), history.Usual).Select(c => c with { At = now })],
                (_, _) => prober.Samples(),
                (_, now) => [.. desk.Samples(desk.Clock.GetUtcNow()).Select(d => d with { At = now })],
            ],
            desk.Receive,
            s.GetRequiredService<ILogger<Watch>>()
        );
        watch.Resume(
            desk.Board.Incidents.Values.SelectMany(i => i.Alerts.Values)
                .Where(a => a.EndedAt is null)
                .Select(a => a.Alert)
                .Concat(desk.Board.Silencing.Alerts.Values.Select(a => a.Alert.Alert))
        );
        return watch;
    }

    /// <summary>The world's; a demo's platform is made up, at the pace of the responder's clock.</summary>
    private static TimeProvider PaceOfThePlatform(IServiceProvider s, TimeProvider world) =>
        s.GetRequiredService<ResponderOptions>().Demo ? s.GetRequiredService<TimeProvider>() : world;

    private static void Greet(WebApplication app)
    {
        var address = app.Urls.First();
        System.Console.Out.WriteLine($"Akira answers on {address}");
        var isDemo = app.Services.GetRequiredService<ResponderOptions>().Demo;
        if (!isDemo && !app.Services.GetRequiredService<Tokens>().IsEmpty)
            return;
        // The demo's administrator is the command line; whoever opens the link is somebody else.
        var name = isDemo ? "&name=visitor" : "";
        System.Console.Out.WriteLine(
            $"Log in, once: {address}/login?code={app.Services.GetRequiredService<LoginLink>().Make()}{name}"
        );
    }
}
