using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.DeadMan;

internal static class DeadManSwitch
{
    public static void AddDeadMan(this IServiceCollection services, DeadManOptions options, TimeProvider world)
    {
        services.AddSingleton(s => new Watchdogs(
            s.GetRequiredService<Desk>(),
            TimeSpan.FromMinutes(options.SilenceMinutes),
            options.Expected
        ));
        services.AddHostedService(s => s.GetRequiredService<Watchdogs>());
        if (options.Url is { Length: > 0 } url)
            services.AddSingleton<IHostedService>(s => new Heartbeat(
                new Uri(url),
                TimeSpan.FromMinutes(1),
                s.GetRequiredService<Store>(),
                world,
                s.GetRequiredService<ILogger<Heartbeat>>()
            ));
    }
}
