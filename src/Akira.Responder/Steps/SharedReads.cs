using Akira.Core.Incidents;
using Akira.Core.Runbooks;

namespace Akira.Responder.Steps;

/// <summary>
/// The diagnostics of several incidents that open together are mostly the same: each is read once a second at the most,
/// and whoever asked for it before it began gets what came out. A storm of incidents thus costs the hosts, and the
/// machine that has to page, no more than one does.
/// </summary>
internal sealed class SharedReads(TimeProvider time)
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<Place, Turn> _turns = [];

    /// <param name="host">Where the part runs; null: here.</param>
    /// <param name="read">Runs at once, or in its turn; not at all when another one like it is waiting for that already.</param>
    public Task<Evidence> Run(
        StepPart part,
        PlatformHost? host,
        TimeSpan timeout,
        Func<Task<Evidence>> read,
        CancellationToken cancel
    )
    {
        var place = new Place(host, part, timeout);
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (!_turns.TryGetValue(place, out var last))
            {
                Forget(now);
                last = _turns[place] = new Turn();
            }
            if (last.Next is { } next)
                return next;
            if (last.BegunAt is not { } begun || time.GetElapsedTime(begun, now) >= Apart)
            {
                last.BegunAt = now;
                return read();
            }
            return last.Next = InTurn(last, Apart - time.GetElapsedTime(begun, now), read, cancel);
        }
    }

    private async Task<Evidence> InTurn(Turn turn, TimeSpan wait, Func<Task<Evidence>> read, CancellationToken cancel)
    {
        await Task.Delay(wait, time, cancel);
        lock (_gate)
            // Whoever comes from here on would get what was read before it asked.
            (turn.Next, turn.BegunAt) = (null, time.GetTimestamp());
        return await read();
    }

    private void Forget(long now)
    {
        foreach (var (place, turn) in _turns)
            if (turn.Next is null && turn.BegunAt is { } begun && time.GetElapsedTime(begun, now) >= Apart)
                _turns.Remove(place);
    }

    private sealed record Place(PlatformHost? Host, StepPart Part, TimeSpan Timeout);

    private sealed class Turn
    {
        public long? BegunAt { get; set; }
        public Task<Evidence>? Next { get; set; }
    }
}
