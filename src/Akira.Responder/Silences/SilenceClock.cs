using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Microsoft.Extensions.Hosting;

namespace Akira.Responder.Silences;

/// <summary>Each second: silences that are over, windows that open, and alerts whose incident has opened meanwhile.</summary>
public sealed class SilenceClock(Desk desk) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), desk.Clock);
        do
        {
            try
            {
                if (desk.MayBeSilenced)
                    await desk.Ask(Look, stoppingToken);
            }
            catch (StoreFailure)
            {
                // The desk has said so; the next second tries again.
            }
        } while (await second.WaitForNextTickAsync(stoppingToken));
    }

    private static bool Look(Round round)
    {
        Withholding.Settle(round);
        Withholding.Review(round);
        return true;
    }
}
