using System.Collections.Immutable;
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

    /// <summary>The document as it is read: the newest version that people wrote, else the one made from the log.</summary>
    /// <param name="version">An earlier one; 0: made from the log. Null: the newest.</param>
    /// <returns>Markdown; null when there is no such version.</returns>
    public static string? Read(
        IReadOnlyList<LogEntry> log,
        Policy policy,
        DateTimeOffset now,
        int? version = null,
        bool hasPlots = false
    )
    {
        if (version == 0)
            return Write(log, policy, now, hasPlots);
        var edits = log.Select(e => e.Entry).OfType<Entry.PostmortemEdited>().ToList();
        if (version is { } asked)
            return asked > 0 && asked <= edits.Count ? edits[asked - 1].Text : null;
        return edits is [.., var newest]
            ? ActionLines.With(newest.Text, Incident.Fold(log)!.Actions)
            : Write(log, policy, now, hasPlots);
    }

    /// <summary>The same without what the steps printed: for a chat.</summary>
    public static string Brief(IReadOnlyList<LogEntry> log, Policy policy, DateTimeOffset now) =>
        Read(log, policy, now)!.Split(EvidenceHeading)[0];

    /// <param name="log">The incident's whole log, in order, from its opening.</param>
    /// <param name="policy">The one the incident ran under.</param>
    /// <param name="now">Ends the duration of an incident that is not resolved.</param>
    /// <param name="hasPlots">Whether call figures were measured meanwhile: see <see cref="PlotFile"/>.</param>
    /// <returns>Markdown after the policy's template.</returns>
    public static string Write(IReadOnlyList<LogEntry> log, Policy policy, DateTimeOffset now, bool hasPlots = false)
    {
        var incident = Incident.Fold(log)!;
        var impact = log.Select(e => e.Entry).OfType<Entry.ImpactMeasured>().LastOrDefault()?.Impact;
        var lessons = Lessons.Of(log, policy);
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
            if (line.Trim() == "- ...")
                foreach (var lesson in LessonsUnder(heading, lessons))
                    text.Append(CultureInfo.InvariantCulture, $"- {Inline(lesson)}\n");
            text.Append(Filled(line, heading, incident, impact, now)).Append('\n');
        }
        WriteMethod(text, impact);
        WritePlots(text, incident, hasPlots);
        WriteGates(text, incident, policy);
        WriteOverrides(text, log, incident);
        WriteEvidence(text, log, incident);
        return ActionLines.With(text.ToString(), incident.Actions);
    }

    private static ImmutableArray<string> LessonsUnder(string heading, Lessons lessons) =>
        heading.Contains("WELL", StringComparison.Ordinal) ? lessons.Well
        : heading.Contains("POORLY", StringComparison.Ordinal) || heading.Contains("BADLY", StringComparison.Ordinal)
            ? lessons.Poorly
        : [];

    /// <summary>One line of the template. A placeholder nobody could fill says so: never a made-up number.</summary>
    private static string Filled(string line, string heading, Incident incident, Impact? impact, DateTimeOffset now)
    {
        line = line.Replace("<incident_id>", incident.Id, StringComparison.Ordinal)
            .Replace("<date>", Day(incident.DetectedAt), StringComparison.Ordinal);
        if (heading == "SUMMARY" && line.StartsWith('['))
            return $"{(incident.IsDrill ? "Drill: " : "")}{incident.Severity} {Inline(incident.Subsystem)}: {Inline(incident.Title)}";
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

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>People's and alerts' words as text: no line breaks, nothing that Markdown would take for mark-up.</summary>
    internal static string Inline(string text) => Markup().Replace(text.ReplaceLineEndings(" ").Trim(), @"\$0");

    [GeneratedRegex(@"<[^<>]*>")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"[\\`*_\[\]<>|#~]")]
    private static partial Regex Markup();
}
