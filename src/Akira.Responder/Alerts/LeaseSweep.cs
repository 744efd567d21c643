using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Microsoft.Extensions.Hosting;

namespace Akira.Responder.Alerts;

/// <summary>Each second: alerts that nobody re-sent in time have ended.</summary>
public sealed class LeaseSweep(Desk desk) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), desk.Clock);
        while (await second.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await desk.ExpireAlerts(stoppingToken);
            }
            catch (StoreFailure)
            {
                // The desk has said so; the next second tries again.
            }
        }
    }
}
