namespace Akira.Responder.Deadlines;

/// <summary>A clock that runs a number of times faster than the world's, timers included: for rehearsals.</summary>
/// <param name="world">The clock it is made from.</param>
/// <param name="start">What it shows now.</param>
/// <param name="factor">At least 1.</param>
public sealed class ScaledTime(TimeProvider world, DateTimeOffset start, double factor) : TimeProvider
{
    private readonly DateTimeOffset _worldStart = world.GetUtcNow();
    private readonly long _stampStart = world.GetTimestamp();

    public double Factor { get; } = factor;

    public override DateTimeOffset GetUtcNow() => start + world.GetElapsedTime(_stampStart) * Factor;

    /// <summary>What the world's clock shows.</summary>
    public DateTimeOffset World => world.GetUtcNow();

    /// <summary>What this clock showed, or will show, when the world's shows <paramref name="instant"/>.</summary>
    public DateTimeOffset FromWorld(DateTimeOffset instant) => start + (instant - _worldStart) * Factor;

    public override long GetTimestamp() => (long)((world.GetTimestamp() - _stampStart) * Factor);

    public override long TimestampFrequency => world.TimestampFrequency;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(world.CreateTimer(callback, state, Shorter(dueTime), Shorter(period)), this);

    // A period below a millisecond would be none at all.
    private TimeSpan Shorter(TimeSpan span) =>
        span <= TimeSpan.Zero ? span : TimeSpan.FromMilliseconds(Math.Max(1, span.TotalMilliseconds / Factor));

    private sealed class Timer(ITimer inner, ScaledTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) =>
            inner.Change(time.Shorter(dueTime), time.Shorter(period));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
