namespace Akira.Responder.Console;

/// <summary>One beat a second, as people feel it, for everything that counts on a page. One per circuit.</summary>
/// <param name="clock">The responder's clock.</param>
/// <param name="timeScale">How many of its seconds pass in one of ours.</param>
public sealed class Pulse(TimeProvider clock, double timeScale) : IDisposable
{
    private ITimer? timer;
    private Action? beat;

    public double TimeScale => timeScale;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Called on no particular thread.</summary>
    public event Action Beat
    {
        add
        {
            beat += value;
            var period = TimeSpan.FromSeconds(timeScale);
            timer ??= clock.CreateTimer(_ => beat?.Invoke(), null, period, period);
        }
        remove => beat -= value;
    }

    public void Dispose() => timer?.Dispose();
}
