using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Akira.Core.Runbooks;
using Akira.Core.Voice;

namespace Akira.Core.Incidents;

/// <summary>The post-mortem, half written from facts. What the log does not know says <c>unknown</c>.</summary>
public static partial class Postmortem
{
    private const string Unknown = "unknown";

    /// <summary>Used when the policy has no template of its own.</summary>
    private const string Plain = """
        # Postmortem - <incident_id> - <date>

        ## Summary

        [What happened, in a line.]

        ## Impact

        - Duration: <X> min

        ## Timeline

        - T+0: <event>
        """;

    /// <param name="log">The incident's whole log, in order, from its opening.</param>
    /// <param name="policy">The one the incident ran under.</param>
    /// <param name="now">Ends the duration of an incident that is not resolved.</param>
    /// <returns>Markdown after the policy's template.</returns>
    public static string Write(IReadOnlyList<LogEntry> log, Policy policy, DateTimeOffset now)
    {
        var incident = Incident.Fold(log)!;
        var impact = log.Select(e => e.Entry).OfType<Entry.ImpactMeasured>().LastOrDefault()?.Impact;
        var text = new StringBuilder();
        var heading = "";
        var timelineWritten = false;
        foreach (var line in (policy.PostmortemTemplate ?? Plain).ReplaceLineEndings("\n").TrimEnd().Split('\n'))
        {
            if (line.StartsWith('#'))
                heading = line.TrimStart('#').Trim().ToUpperInvariant();
            if (heading == "TIMELINE" && line.TrimStart().StartsWith("- T+", StringComparison.Ordinal))
            {
                if (!timelineWritten)
                    WriteTimeline(text, log, incident);
                timelineWritten = true;
                continue;
            }
            text.Append(Filled(line, heading, incident, impact, now)).Append('\n');
        }
        WriteMethod(text, impact);
        WriteGates(text, incident, policy);
        WriteOverrides(text, log, incident);
        return text.ToString();
    }

    /// <summary>One line of the template. A placeholder nobody could fill says so: never a made-up number.</summary>
    private static string Filled(string line, string heading, Incident incident, Impact? impact, DateTimeOffset now)
    {
        line = line.Replace("<incident_id>", incident.Id, StringComparison.Ordinal)
            .Replace("<date>", Day(incident.DetectedAt), StringComparison.Ordinal);
        if (heading == "SUMMARY" && line.StartsWith('['))
            return $"{incident.Severity} {Inline(incident.Subsystem)}: {Inline(incident.Title)}";
        if (line.StartsWith("- Duration:", StringComparison.OrdinalIgnoreCase))
        {
            var minutes = ((incident.ResolvedAt ?? now) - incident.DetectedAt).TotalMinutes;
            var so = incident.ResolvedAt is null ? " so far" : "";
            return Placeholder()
                    .Replace(
                        line,
                        Math.Round(minutes, MidpointRounding.AwayFromZero).ToString(CultureInfo.InvariantCulture)
                    ) + so;
        }
        // Owners, actions and the analysis are for people to write: their placeholders stay.
        return heading == "IMPACT" ? Placeholder().Replace(line, _ => Inline(Figure(line, impact) ?? Unknown)) : line;
    }

    private static string? Figure(string line, Impact? impact) =>
        line.TrimStart('-', ' ').Split(':')[0].ToUpperInvariant() switch
        {
            "CUSTOMERS AFFECTED" => impact?.CustomersText,
            "CALLS LOST" => impact?.LostText,
            "REVENUE IMPACT" => impact?.RevenueText,
            _ => null,
        };

    /// <summary>Figures that nobody can check are worth nothing.</summary>
    private static void WriteMethod(StringBuilder text, Impact? impact)
    {
        if (impact is null)
            return;
        text.Append("\n## How the impact was measured\n\n");
        foreach (var line in impact.Method)
            text.Append(CultureInfo.InvariantCulture, $"- {Inline(line)}\n");
    }

    private static void WriteTimeline(StringBuilder text, IReadOnlyList<LogEntry> log, Incident incident)
    {
        foreach (var entry in log)
            if (Describe(entry) is { } event_)
                text.Append(CultureInfo.InvariantCulture, $"- {Mark(entry, incident)}: {Inline(event_)}\n");
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
            Entry.AlertsFired e => (e.Effects ? "effects: " : "") + $"{Names(e)} fired",
            Entry.AlertsEnded e => e.Fingerprints.Length == 1
                ? $"alert {e.Reason}"
                : $"{e.Fingerprints.Length} alerts {e.Reason}",
            Entry.Paged e => $"paged {string.Join(", ", e.To)} ({e.Reason})",
            Entry.PageFailed { Permanent: true } e => $"page could not be delivered by {e.Channel}: {e.Error}",
            Entry.DeadlineMissed e => $"{e.Deadline} deadline missed",
            Entry.AckExpired e => $"acknowledgement by {e.AcknowledgedBy} expired",
            Entry.Escalated e => $"escalation, {e.Action}: {e.Outcome}",
            Entry.Acknowledged e => $"acknowledged by {e.Name}"
                + (e.Name == logged.By.Name ? "" : $" (sent by {logged.By.Name})"),
            Entry.Updated e => $"update by {logged.By.Name}: {e.Text}",
            Entry.Noted e => $"{logged.By.Name}: {e.Text}",
            Entry.Classified e => $"classified as {e.Subsystem} by {logged.By.Name}",
            Entry.SeverityChanged e => $"{e.From} to {e.To}: {e.Reason}",
            Entry.HandedOver e => $"handed over to {e.To}",
            Entry.StepFinished e => $"step {e.Step}: {Word(e.Verdict)}{Where(e)}",
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

    private static void WriteGates(StringBuilder text, Incident incident, Policy policy)
    {
        if (policy.Gates.IsEmpty || incident.ResolvedAt is not { } resolvedAt)
            return;
        text.Append("\n## Gates\n\n");
        foreach (var gate in Gates.Of(incident, policy, resolvedAt))
            text.Append(
                CultureInfo.InvariantCulture,
                $"- {(gate.Met ? "met" : "**not met**")}: {Inline(gate.Gate.Text)} ({Inline(gate.Evidence)})\n"
            );
    }

    private static void WriteOverrides(StringBuilder text, IReadOnlyList<LogEntry> log, Incident incident)
    {
        var overrides = log.Where(e => e.Entry is Entry.Resolved { Override: not null }).ToList();
        if (overrides.Count == 0)
            return;
        text.Append("\n## Overrides\n\n");
        foreach (var entry in overrides)
        {
            var resolved = (Entry.Resolved)entry.Entry;
            text.Append(
                CultureInfo.InvariantCulture,
                $"- {Inline(entry.By.Name)}, {incident.SinceDetection(entry.At)}, gates not met: {string.Join(", ", resolved.UnmetGates)}. {Inline(resolved.Override!)}\n"
            );
        }
    }

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>People's and alerts' words as text: no line breaks, nothing that Markdown would take for mark-up.</summary>
    private static string Inline(string text) => Markup().Replace(text.ReplaceLineEndings(" ").Trim(), @"\$0");

    [GeneratedRegex(@"<[^<>]*>")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"[\\`*_\[\]<>|#~]")]
    private static partial Regex Markup();
}
