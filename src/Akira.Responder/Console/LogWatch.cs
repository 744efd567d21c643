using Akira.Responder.Log;

namespace Akira.Responder.Console;

/// <summary>
/// Tells the pages of one circuit that the log has grown, at most ten times a second: a storm of alerts is drawn as
/// frames, not entry by entry.
/// </summary>
public sealed class LogWatch(IncidentLog log) : IAsyncDisposable
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource stop = new();
    private Task? watching;
    private Action? changed;

    /// <summary>Called on no particular thread.</summary>
    public event Action Changed
    {
        add
        {
            changed += value;
            watching ??= Watch(log.Position);
        }
        remove => changed -= value;
    }

    private async Task Watch(long position)
    {
        try
        {
            while (true)
            {
                await log.WaitPast(position, stop.Token);
                position = log.Position;
                changed?.Invoke();
                // Frames are for eyes: our own seconds, however fast the responder's clock runs.
                await Task.Delay(Frame, TimeProvider.System, stop.Token);
            }
        }
        catch (OperationCanceledException) { }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        if (watching is not null)
            await watching;
        stop.Dispose();
    }
}
