using System.Collections.Concurrent;
using Akira.Core.Incidents;
using Akira.Core.Silences;

namespace Akira.Responder.Alerts;

/// <summary>
/// Until when each firing alert is taken to hold. A re-send only moves that instant: it costs neither a decision nor a
/// write. Every alert here is in the log as firing.
/// </summary>
/// <param name="resolveTimeout">For alerts that do not say how long they hold.</param>
public sealed class Leases(TimeSpan resolveTimeout)
{
    /// <summary>However far in the future a sender puts the end.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private const long Taken = long.MinValue;

    /// <summary>Where an alert fires that a silence keeps from opening an incident.</summary>
    private const int Nowhere = 0;

    private readonly ConcurrentDictionary<string, Lease> _leases = new(StringComparer.Ordinal);

    /// <summary>Before this no lease runs out: a storm's hundred thousand are not looked through each second.</summary>
    private long _earliest = long.MaxValue;

    public int Count => _leases.Count;

    public DateTimeOffset EndOf(DateTimeOffset? endsAt, DateTimeOffset now) =>
        endsAt is not { } end ? now + resolveTimeout
        : end > now + Longest ? now + Longest
        : end;

    /// <summary>False: it does not fire as far as the log knows, so it is news.</summary>
    public bool TryRenew(string fingerprint, DateTimeOffset? endsAt, DateTimeOffset now)
    {
        if (!_leases.TryGetValue(fingerprint, out var lease))
            return false;
        var end = EndOf(endsAt, now).UtcTicks;
        if (!lease.TryRenew(end))
            return false;
        NoLaterThan(end);
        return true;
    }

    /// <summary>The incident in which an alert fires, as recorded; null when it fires in none.</summary>
    public int? IncidentOf(string fingerprint) =>
        _leases.TryGetValue(fingerprint, out var lease) ? lease.Incident : null;

    /// <summary>Alerts whose lease has run out by now, with the incident they fire in. They are still held.</summary>
    public IReadOnlyList<(string Fingerprint, int Incident)> RunOut(DateTimeOffset now)
    {
        if (Volatile.Read(ref _earliest) > now.UtcTicks)
            return [];
        Volatile.Write(ref _earliest, long.MaxValue); // whoever begins or renews one from here on brings it down again
        var runOut = new List<(string, int)>();
        foreach (var (fingerprint, lease) in _leases)
        {
            var end = lease.Ticks;
            if (end <= now.UtcTicks)
                runOut.Add((fingerprint, lease.Incident));
            NoLaterThan(end);
        }
        return runOut;
    }

    /// <summary>
    /// Gives up a lease that has run out, so that a re-send from now on is news. False: it was renewed in the
    /// meantime. <see cref="Follow(LogEntry, Incident)"/> takes it from the books once the end is in the log; <see cref="Restore"/> undoes.
    /// </summary>
    public bool TryTake(string fingerprint, DateTimeOffset now) =>
        _leases.TryGetValue(fingerprint, out var lease) && lease.TryTake(now.UtcTicks);

    public void Restore(string fingerprint, DateTimeOffset now)
    {
        if (_leases.TryGetValue(fingerprint, out var lease))
            lease.Restore(now.UtcTicks);
    }

    private void NoLaterThan(long end)
    {
        for (var seen = Volatile.Read(ref _earliest); end < seen; )
        {
            var found = Interlocked.CompareExchange(ref _earliest, end, seen);
            if (found == seen)
                return;
            seen = found;
        }
    }

    /// <summary>After a start nobody can know what was re-sent meanwhile: everything that fires gets its time anew.</summary>
    public void Begin(Incident incident, DateTimeOffset now)
    {
        foreach (var (fingerprint, alert) in incident.Alerts)
            if (alert.EndedAt is null)
                Hold(fingerprint, incident.Number, now + TermOf(alert));
    }

    /// <inheritdoc cref="Begin(Incident, DateTimeOffset)"/>
    public void Begin(SilencedAlert silenced, DateTimeOffset now)
    {
        var alert = silenced.Alert.Alert;
        Hold(alert.Fingerprint, Nowhere, now + TermOf(alert.EndsAt, silenced.Since));
    }

    /// <summary>Until when an alert is taken to hold; null: it does not fire as far as the log knows.</summary>
    public DateTimeOffset? EndOf(string fingerprint) =>
        _leases.TryGetValue(fingerprint, out var lease) ? lease.End : null;

    /// <summary>Keeps in step with the log of silences. Before the incidents' own: an alert may go from one to the other.</summary>
    public void Follow(LoggedSilence logged)
    {
        if (logged.Entry is SilenceEntry.Kept kept)
            foreach (var t in kept.Alerts)
            {
                var end = EndOf(t.Alert.EndsAt, logged.At).UtcTicks;
                if (_leases.TryAdd(t.Alert.Fingerprint, new Lease(Nowhere, end)))
                    NoLaterThan(end);
            }
        else if (logged.Entry is SilenceEntry.LetGo gone)
            foreach (var fingerprint in gone.Fingerprints)
                _leases.TryRemove(fingerprint, out _);
    }

    /// <summary>Keeps in step with what has been recorded.</summary>
    public void Follow(LogEntry logged, Incident incident)
    {
        switch (logged.Entry)
        {
            case Entry.AlertsFired fired:
                foreach (var t in fired.Alerts)
                    Hold(t.Alert.Fingerprint, incident.Number, EndOf(t.Alert.EndsAt, logged.At));
                break;
            case Entry.AlertsEnded ended:
                foreach (var fingerprint in ended.Fingerprints)
                    _leases.TryRemove(fingerprint, out _);
                break;
            case Entry.Resolved:
                // Whatever still fires is news when it is sent again: nothing fires unseen.
                foreach (var fingerprint in incident.Alerts.Keys)
                    if (_leases.TryGetValue(fingerprint, out var lease) && lease.Incident == incident.Number)
                        _leases.TryRemove(fingerprint, out _);
                break;
            case Entry.Reopened:
                Begin(incident, logged.At);
                break;
        }
    }

    private TimeSpan TermOf(IncidentAlert alert) => TermOf(alert.Alert.EndsAt, alert.FiredAt);

    private TimeSpan TermOf(DateTimeOffset? endsAt, DateTimeOffset firedAt)
    {
        var said = EndOf(endsAt, firedAt) - firedAt;
        return said > resolveTimeout ? said : resolveTimeout;
    }

    private void Hold(string fingerprint, int incident, DateTimeOffset until)
    {
        _leases[fingerprint] = new Lease(incident, until.UtcTicks);
        NoLaterThan(until.UtcTicks);
    }

    private sealed class Lease(int incident, long end)
    {
        private long _end = end;

        public int Incident { get; } = incident;

        /// <summary>Null while it is given up.</summary>
        public DateTimeOffset? End =>
            Ticks is var ticks && ticks == Taken ? null : new DateTimeOffset(ticks, TimeSpan.Zero);

        public long Ticks => Volatile.Read(ref _end);

        public bool TryRenew(long until)
        {
            var seen = Ticks;
            while (seen != Taken)
            {
                var found = Interlocked.CompareExchange(ref _end, until, seen);
                if (found == seen)
                    return true;
                seen = found;
            }
            return false;
        }

        public bool TryTake(long now)
        {
            var seen = Ticks;
            return seen <= now && (seen == Taken || Interlocked.CompareExchange(ref _end, Taken, seen) == seen);
        }

        public void Restore(long now) => Interlocked.CompareExchange(ref _end, now, Taken);
    }
}
