using Akira.Core.Voice;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Voice;

/// <summary>
/// At the start, counts anew what the disk has of the last hour; after that, hands each minute's figures to the history.
/// </summary>
public sealed partial class KpiKeeper(
    CallIntake intake,
    CallSpool spool,
    KpiHistory history,
    TimeProvider time,
    ILogger<KpiKeeper> log
) : BackgroundService
{
    private readonly TaskCompletionSource _restored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<(Scope Scope, DateTimeOffset Minute, Tally Tally)> _notKept = [];

    /// <summary>Ends when what the disk has of the last hour is counted.</summary>
    public Task Restored => _restored.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not on the starting thread: a busy platform's hour takes seconds, and alerts wait for nobody.
        await Task.Yield();
        foreach (var batch in spool.Recent(time.GetUtcNow()).Chunk(1000))
        {
            intake.Restore(batch, time.GetUtcNow());
            stoppingToken.ThrowIfCancellationRequested();
        }
        _restored.SetResult();
        using var minute = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        while (await minute.WaitForNextTickAsync(stoppingToken))
            Keep();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Keep();
    }

    /// <summary>What could not be kept is tried again with the next minute.</summary>
    public void Keep()
    {
        _notKept = [.. _notKept, .. intake.TakeChanged()];
        try
        {
            history.Keep(_notKept, time.GetUtcNow());
            _notKept = [];
        }
        catch (SqliteException e)
        {
            NotKept(e.Message);
            // The newest word about each minute is enough.
            _notKept = [.. _notKept.GroupBy(c => (c.Scope, c.Minute)).Select(g => g.Last())];
        }
    }

    [LoggerMessage(LogLevel.Error, "Figures of calls could not be kept, and are tried again in a minute: {Reason}")]
    private partial void NotKept(string reason);
}
