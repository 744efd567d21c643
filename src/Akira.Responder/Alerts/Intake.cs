using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Responder.Incidents;
using Akira.Responder.Silences;

namespace Akira.Responder.Alerts;

/// <summary>How alerts come to incidents: one command for each incident that a delivery concerns.</summary>
public static class Intake
{
    private const string Ended = "ended";

    /// <summary>Takes news in: alerts that begin to fire, and alerts that ended.</summary>
    public static void Receive(Round round, IReadOnlyList<Alert> news)
    {
        Withholding.Settle(round);
        var firing = news.Where(a => a.IsFiringAt(round.Now))
            .DistinctBy(a => a.Fingerprint)
            .Select(a => Triage.Of(a, round.Policy))
            .ToList();
        Take(round, Withholding.KeepBack(round, firing));
        End(round, news.Where(a => !a.IsFiringAt(round.Now)).Select(a => a.Fingerprint), Ended);
    }

    /// <summary>Alerts that fire and that no silence is about.</summary>
    internal static void Take(Round round, List<TriagedAlert> firing)
    {
        while (firing.Count > 0)
        {
            // What joined may explain the others: they are looked at again before any of them opens an incident.
            var left = Join(round, firing);
            firing = left.Count < firing.Count ? left : Open(round, left);
        }
    }

    public static void Expire(Round round, IEnumerable<(string Fingerprint, int Incident)> runOut) =>
        End(round, runOut.Select(r => r.Fingerprint), Entry.AlertsEnded.Expired);

    /// <returns>Those that belong to no incident yet.</returns>
    private static List<TriagedAlert> Join(Round round, List<TriagedAlert> alerts)
    {
        var routed = alerts.ToLookup(a => round.Route(a));
        foreach (var group in routed)
            if (group.Key is { } place)
                round.Decide(
                    round.Find(place.Incident),
                    new Command.FireAlerts([.. group], place.Effect, AreNews: !place.Fires),
                    Actor.Akira
                );
        return [.. routed[null]];
    }

    /// <summary>
    /// Opens an incident for each subsystem in which nothing else explains the alerts. The others are looked at again
    /// then: when database and signaling fail together, signaling may be an effect.
    /// </summary>
    /// <returns>Those to look at again.</returns>
    private static List<TriagedAlert> Open(Round round, List<TriagedAlert> alerts)
    {
        var bySubsystem = alerts.GroupBy(a => a.Subsystem, StringComparer.OrdinalIgnoreCase).ToList();
        var failing = alerts.Select(a => a.Service).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var causes = bySubsystem.Where(g => !g.Any(a => IsEffect(a, failing, round.Policy.Platform))).ToList();
        // Services that depend on each other in a circle: somebody must be first.
        if (causes.Count == 0)
            causes = [.. bySubsystem.Take(1)];
        foreach (var group in causes)
            round.Decide(null, new Command.FireAlerts([.. group], Effects: false), Actor.Akira);
        return [.. bySubsystem.Except(causes).SelectMany(g => g)];
    }

    private static bool IsEffect(TriagedAlert alert, HashSet<string> failing, Platform platform) =>
        alert.Service is not null
        && failing.Count > 1
        && platform
            .DependenciesOf(alert.Service)
            .Any(d =>
                failing.Contains(d.Name) && !d.Subsystem.Equals(alert.Subsystem, StringComparison.OrdinalIgnoreCase)
            );

    private static void End(Round round, IEnumerable<string> fingerprints, string reason)
    {
        var all = fingerprints.ToList();
        Withholding.LetGo(round, all, reason);
        var byIncident = all.Select(f => (Fingerprint: f, Incident: round.IncidentOf(f)))
            .Where(f => f.Incident is not null)
            .ToLookup(f => f.Incident!.Value, f => f.Fingerprint);
        foreach (var group in byIncident)
            round.Decide(round.Find(group.Key), new Command.EndAlerts([.. group.Distinct()], reason), Actor.Akira);
    }
}
