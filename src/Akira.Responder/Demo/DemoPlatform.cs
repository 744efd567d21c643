using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Runbooks;
using Akira.Core.Voice;
using Akira.Responder.Voice;

namespace Akira.Responder.Demo;

/// <summary>Lets synthetic calls flow into the same intake that real ones use. Safe for threads.</summary>
public sealed class DemoPlatform(TimeProvider time, CallIntake intake, int seed = 1, double callsPerSecond = 5)
{
    /// <summary>So many minutes of calls are there at once, so that a newcomer sees figures and not "insufficient data".</summary>
    private static readonly TimeSpan Past = TimeSpan.FromMinutes(15);

    /// <summary>A real platform's records are on disk for a week; these are gone with the demo anyway.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(3);

    private readonly Queue<CallRecord> _kept = [];
    private readonly Lock _gate = new();
    private readonly SyntheticCalls _calls = new(seed, time.GetUtcNow() - Past, callsPerSecond);

    /// <summary>One of <see cref="SyntheticCalls.Faults"/>; null when all is well.</summary>
    public string? Fault
    {
        get
        {
            lock (_gate)
                return _calls.Fault;
        }
    }

    /// <returns>False when there is no such fault.</returns>
    public bool Break(string fault)
    {
        lock (_gate)
            return _calls.Break(fault, time.GetUtcNow());
    }

    public void Heal()
    {
        lock (_gate)
            _calls.Heal(time.GetUtcNow());
    }

    /// <summary>The records of a stretch of time, of the last three hours.</summary>
    public IEnumerable<CallRecord> Between(DateTimeOffset from, DateTimeOffset to)
    {
        lock (_gate)
            return [.. _kept.Where(r => r.At >= from && r.At < to)];
    }

    /// <summary>Moves the platform on to <paramref name="now"/>: its calls are counted, its probes read.</summary>
    public ImmutableArray<Sample> Samples(Policy policy, DateTimeOffset now)
    {
        lock (_gate)
        {
            var records = _calls.Advance(now);
            intake.Add(records, now);
            foreach (var record in records)
                _kept.Enqueue(record);
            while (_kept.TryPeek(out var oldest) && oldest.At < now - Kept)
                _kept.Dequeue();
            return _calls.Samples(policy.Platform, now);
        }
    }
}
