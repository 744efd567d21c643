using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Scenarios.Language;

/// <summary>A clock that only the scenario moves, and that knows for what times others wait on it.</summary>
internal sealed class NightClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly ConcurrentDictionary<Waiting, DateTimeOffset> _waiting = [];

    /// <summary>Whether somebody will be woken at that very time.</summary>
    public bool IsAwaited(DateTimeOffset time) => _waiting.Values.Contains(time);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        // What comes again and again is nobody's waiting for one time.
        if (period > TimeSpan.Zero)
            return base.CreateTimer(callback, state, dueTime, period);
        var waiting = new Waiting(this);
        waiting.Timer = base.CreateTimer(callback, state, dueTime, period);
        waiting.Until(dueTime);
        return waiting;
    }

    private sealed class Waiting(NightClock clock) : ITimer
    {
        public ITimer? Timer { get; set; }

        public void Until(TimeSpan dueTime)
        {
            if (dueTime > TimeSpan.Zero)
                clock._waiting[this] = clock.GetUtcNow() + dueTime;
            else
                clock._waiting.TryRemove(this, out _);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Until(dueTime);
            return Timer!.Change(dueTime, period);
        }

        public void Dispose()
        {
            clock._waiting.TryRemove(this, out _);
            Timer!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
