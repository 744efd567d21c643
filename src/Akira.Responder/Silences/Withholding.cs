using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Core.Silences;
using Akira.Responder.Alerts;
using Akira.Responder.Incidents;

namespace Akira.Responder.Silences;

/// <summary>
/// How silences keep alerts from opening incidents, and give them back when they are over. An alert whose incident is
/// open anyway joins it without a word: what fires there must count before anybody resolves it.
/// </summary>
public static class Withholding
{
    /// <summary>Silences that are over, windows that open: before anything is decided at this time.</summary>
    public static void Settle(Round round)
    {
        var due = SilenceDecisions.Due(round.Board.Silencing, round.Policy, round.Now);
        if (due.IsEmpty)
            return;
        foreach (var fact in due)
            round.Record(fact, Actor.Akira);
        Review(round);
    }

    /// <summary>Sets or ends a silence as decided.</summary>
    public static void Carry(Round round, SilenceDecision decision, Actor by)
    {
        foreach (var fact in decision.Entries)
            round.Record(fact, by);
        if (!decision.Entries.IsEmpty)
            Review(round);
    }

    /// <summary>Looks at every silenced alert again: it may be news now, or its incident may have opened.</summary>
    public static void Review(Round round)
    {
        var silencing = round.Board.Silencing;
        if (silencing.Alerts.IsEmpty)
            return;
        var worst = round.Policy.Worst;
        List<SilencedAlert> over = [],
            news = [],
            alone = [];
        var moved = new Dictionary<int, List<TriagedAlert>>();
        foreach (var alert in silencing.Alerts.Values)
            if (alert.Incident is { } incident && !Fires(round, incident, alert))
                over.Add(alert);
            else if (Holds(silencing, alert.Silence, round.Now))
            {
                if (alert.Incident is null)
                    alone.Add(alert);
            }
            else if (silencing.Covering(alert.Alert, worst, round.Now) is { } other)
                (moved.TryGetValue(other.Number, out var list) ? list : moved[other.Number] = []).Add(alert.Alert);
            else
                news.Add(alert);

        LetGo(round, over, SilenceEnd.Ended);
        foreach (var (number, alerts) in moved)
            round.Record(new SilenceEntry.Kept(number, [.. alerts]), Actor.Akira);
        Join(round, alone.Select(a => (a.Alert, a.Silence)));
        LetGo(round, news, SilenceEnd.News);
        Intake.Take(round, [.. news.Select(a => Triage.Of(round.AsItHolds(a.Alert.Alert), round.Policy))]);
    }

    /// <returns>The alerts that no silence is about.</returns>
    public static List<TriagedAlert> KeepBack(Round round, List<TriagedAlert> firing)
    {
        var silencing = round.Board.Silencing;
        if (silencing.Standing.IsEmpty)
            return firing;
        var worst = round.Policy.Worst;
        // What fires in an incident already is no news there, silenced or not.
        var kept = firing
            .Where(a => round.IncidentOf(a.Alert.Fingerprint) is null)
            .Select(a => (Alert: a, silencing.Covering(a, worst, round.Now)?.Number))
            .Where(a => a.Number is not null)
            .Select(a => (a.Alert, Number: a.Number!.Value))
            .ToList();
        if (kept.Count == 0)
            return firing;
        foreach (var group in kept.GroupBy(a => a.Number, a => a.Alert))
            round.Record(new SilenceEntry.Kept(group.Key, [.. group]), Actor.Akira);
        Join(round, kept);
        return [.. firing.Except(kept.Select(a => a.Alert))];
    }

    /// <summary>They fire no longer.</summary>
    public static void LetGo(Round round, IEnumerable<string> fingerprints, string reason)
    {
        var silenced = round.Board.Silencing.Alerts;
        if (!silenced.IsEmpty)
            LetGo(round, [.. fingerprints.Where(silenced.ContainsKey).Select(f => silenced[f])], reason);
    }

    /// <summary>How many alerts that fire in open incidents already are such as this silence is about: it changes nothing for them.</summary>
    public static int Unaffected(Round round, SilenceScope scope) =>
        round.Board.Incidents.Values.Sum(i =>
            i.Alerts.Values.Count(a =>
                a.EndedAt is null
                && a.Silence is null
                && scope.Covers(Triage.Of(a.Alert, round.Policy), round.Policy.Worst)
            )
        );

    private static void Join(Round round, IEnumerable<(TriagedAlert Alert, int Silence)> alerts)
    {
        var routed =
            from alert in alerts
            let place = round.Route(alert.Alert)
            where place is not null
            group alert.Alert by (place.Value.Incident, place.Value.Effect, alert.Silence);
        foreach (var group in routed.ToList())
        {
            var (incident, effect, silence) = group.Key;
            round.Decide(round.Find(incident), new Command.FireAlerts([.. group], effect, silence), Actor.Akira);
            round.Record(new SilenceEntry.Joined(incident, [.. group.Select(a => a.Alert.Fingerprint)]), Actor.Akira);
        }
    }

    private static void LetGo(Round round, IReadOnlyCollection<SilencedAlert> alerts, string reason)
    {
        if (alerts.Count > 0)
            round.Record(
                new SilenceEntry.LetGo([.. alerts.Select(a => a.Alert.Alert.Fingerprint)], reason),
                Actor.Akira
            );
    }

    private static bool Fires(Round round, int incident, SilencedAlert alert) =>
        round.Board.Incidents.TryGetValue(incident, out var open) && open.Fires(alert.Alert.Alert.Fingerprint);

    private static bool Holds(Silencing silencing, int number, DateTimeOffset now) =>
        silencing.Standing.TryGetValue(number, out var silence) && silence.HoldsAt(now);
}
