using System.Globalization;
using System.Text;

namespace Akira.Core.Incidents;

/// <summary>What happened when, in the words of the trade.</summary>
public static partial class Postmortem
{
    private static void WriteTimeline(StringBuilder text, IReadOnlyList<LogEntry> log, Incident incident)
    {
        foreach (var entry in log)
            if (Describe(entry) is { } event_)
            {
                text.Append(CultureInfo.InvariantCulture, $"- {Mark(entry, incident)}: {Inline(event_)}");
                if (entry.Entry is Entry.StepFinished step)
                    text.Append(CultureInfo.InvariantCulture, $" ([evidence](#evidence-{step.Run}))");
                text.Append('\n');
            }
    }

    private static string Mark(LogEntry entry, Incident incident) =>
        entry.Seq == 1 ? "T+0"
        : entry.Entry is Entry.Resolved ? $"T+resolved ({incident.SinceDetection(entry.At)})"
        : incident.SinceDetection(entry.At);

    /// <summary>What a reader of the timeline needs; null for what only machines do.</summary>
    public static string? Describe(LogEntry logged) =>
        logged.Entry switch
        {
            Entry.Opened e => $"detected at {Instant(logged.At)}: {e.Severity}, {e.Subsystem}, {e.Title}",
            Entry.AlertsFired e => (e.Effects ? "effects: " : "")
                + $"{Names(e)} fired{(e.Silence is { } silence ? $", under silence {silence}" : "")}",
            Entry.AlertsEnded e => e.Fingerprints.Length == 1
                ? $"alert {e.Reason}"
                : $"{e.Fingerprints.Length} alerts {e.Reason}",
            Entry.Paged e => $"paged {string.Join(", ", e.To)} ({e.Reason})",
            Entry.PageFailed { Permanent: true } e => $"page could not be delivered by {e.Channel}: {e.Error}",
            Entry.DeadlineMissed e => $"{e.Deadline} deadline missed",
            Entry.AckExpired e => $"acknowledgement by {e.AcknowledgedBy} expired",
            Entry.Escalated e => $"escalation, {e.Action}: {e.Outcome}",
            Entry.Acknowledged e => $"acknowledged by {e.Name}"
                + (e.Typed is { } typed ? $" (who typed {typed})" : "")
                + (e.Name == logged.By.Name ? "" : $" (sent by {logged.By.Name})"),
            Entry.Updated e => $"update by {logged.By.Name}: {e.Text}",
            Entry.Noted e => $"{logged.By.Name}: {e.Text}",
            Entry.Classified e => $"classified as {e.Subsystem} by {logged.By.Name}",
            Entry.SeverityChanged e => $"{e.From} to {e.To}: {e.Reason}",
            Entry.HandedOver e => $"handed over to {e.To}",
            Entry.StepFinished e => $"step {e.Step}: {Word(e.Verdict)}{Where(e)}",
            Entry.SmokeMeasured { Calls: not null } e => $"smoke test measured: {Gates.Words(e)}",
            Entry.Mitigated e => $"mitigated by {logged.By.Name}: {e.Text}",
            Entry.MitigationFailed e => $"mitigation failed: {e.Reason}",
            Entry.StabilityReached e => $"stable since {Instant(e.Since)}",
            Entry.GateTicked e => $"gate {e.Gate} vouched for by {logged.By.Name}: {e.Reason}",
            Entry.Deployed e => $"deploy {e.Version} of {e.Service ?? "unnamed service"} (at {Instant(e.DeployedAt)})",
            Entry.CallsCompared e => $"calls: {e.Comparison.Headline}",
            Entry.ImpactMeasured e =>
                $"impact: customers {e.Impact.CustomersText}, calls lost {e.Impact.LostText}, revenue {e.Impact.RevenueText}",
            Entry.Resolved e => $"resolved by {logged.By.Name}"
                + (e.Override is null ? "" : $", override: {e.Override}"),
            Entry.StartCorrected e => $"it began at {Instant(e.StartedAt)}, says {logged.By.Name}: {e.Reason}",
            Entry.MarkedAsDrill e => $"a drill: {e.Reason}",
            Entry.CommandRefused e => $"refused to {logged.By.Name}, {e.Code}: {e.Text}",
            Entry.Reopened e => $"reopened by {logged.By.Name}: {e.Reason}",
            Entry.PolicyMoved => "runbooks reloaded for this incident",
            _ => null,
        };

    /// <summary>Which hosts said what, when they did not say the same.</summary>
    private static string Where(Entry.StepFinished finished)
    {
        var verdicts = finished.Parts.GroupBy(p => p.Verdict).ToList();
        return verdicts.Count < 2
            ? ""
            : $" ({string.Join("; ", verdicts.Select(v => $"{Word(v.Key)} on {string.Join(", ", v.Select(p => p.Host).Distinct())}"))})";
    }

    private static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();

    private static string Names(Entry.AlertsFired fired)
    {
        var names = fired.Alerts.Select(a => a.Alert.Name).Distinct().ToList();
        return names.Count <= 3
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(3))} and {names.Count - 3} more";
    }
}
