using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Runbooks;
using static Akira.Core.Incidents.Decision;

namespace Akira.Core.Incidents;

public static partial class IncidentDecisions
{
    private static Decision OpenFor(Command.FireAlerts fire, Policy policy)
    {
        var worst = Worst(fire.Alerts);
        var title =
            fire.Alerts.Length == 1
                ? worst.Alert.Summary
                : $"{worst.Alert.Summary} (and {fire.Alerts.Length - 1} more)";
        return Accept(
            $"Opened as {worst.Severity}.",
            Opening(
                worst.Severity,
                title,
                worst.Subsystem,
                worst.Reason,
                [new Entry.AlertsFired(fire.Alerts, fire.Effects)],
                policy
            )
        );
    }

    /// <summary>
    /// Alerts that join say nothing to anybody, but for two cases: they are worse than the incident was thought to
    /// be, or they fire after somebody said that service was restored. Effects at dependent services do neither, nor do
    /// silenced ones before their silence is over; they count as firing all the same.
    /// </summary>
    private static Decision Fire(Incident incident, Command.FireAlerts fire, Policy policy, DateTimeOffset now)
    {
        var news = fire.AreNews
            ? fire.Alerts
            : [.. fire.Alerts.Where(a => IsNews(incident, a.Alert.Fingerprint, fire.Silence))];
        if (news.IsEmpty)
            return Accept("");
        ImmutableArray<Entry> joined = [new Entry.AlertsFired(news, fire.Effects, fire.Silence)];
        if (fire.Effects || fire.Silence is not null)
            return Accept("", joined);

        var worst = Worst(news);
        if (worst.Severity.IsWorseThan(incident.Severity))
        {
            var change = new Entry.SeverityChanged(
                incident.Severity,
                worst.Severity,
                $"{worst.Alert.Name}: {worst.Alert.Summary}"
            );
            joined = [.. joined, change, .. TellOfRaise(change, incident, policy)];
        }
        if (incident.State == IncidentState.Mitigated)
        {
            var reason =
                $"{worst.Alert.Name} fired {Elapsed.Words(now - incident.MitigatedAt!.Value)} after mitigation";
            joined = [.. joined, new Entry.MitigationFailed(reason)];
            if (policy.For(incident.Severity).Pages)
                joined =
                [
                    .. joined,
                    Page([incident.AcknowledgedBy ?? "primary"], "mitigation-failed", $"Not over: {reason}", policy),
                ];
        }
        return Accept("", joined);
    }

    private static bool IsNews(Incident incident, string fingerprint, int? silence) =>
        !incident.Alerts.TryGetValue(fingerprint, out var known)
        || known.EndedAt is not null
        || known.Silence is not null && silence is null;

    private static Decision End(Incident incident, Command.EndAlerts end)
    {
        var ended = end.Fingerprints.Where(incident.Fires).ToImmutableArray();
        return ended.IsEmpty ? Accept("") : Accept("", new Entry.AlertsEnded(ended, end.Reason));
    }

    private static TriagedAlert Worst(ImmutableArray<TriagedAlert> alerts) => alerts.MinBy(a => a.Severity)!;
}
