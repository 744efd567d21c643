using System.Globalization;
using System.Text;
using Akira.Core.Runbooks;
using Akira.Core.Voice;

namespace Akira.Core.Incidents;

/// <summary>What stands after the template: the proof of what stands in it.</summary>
public static partial class Postmortem
{
    /// <summary>Figures that nobody can check are worth nothing.</summary>
    private static void WriteMethod(StringBuilder text, Impact? impact)
    {
        if (impact is null)
            return;
        text.Append("\n## How the impact was measured\n\n");
        foreach (var line in impact.Method)
            text.Append(CultureInfo.InvariantCulture, $"- {Inline(line)}\n");
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

    /// <summary>The plots' names, and what they show.</summary>
    private static void WritePlots(StringBuilder text, Incident incident, bool hasPlots)
    {
        if (!hasPlots)
            return;
        text.Append("\n## Calls\n\nAll calls of the platform, minute by minute (UTC).\n");
        foreach (var figure in CallPlot.Figures)
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n![{CallPlot.Title(figure)}]({PlotFile(incident.Number, figure)})\n"
            );
    }

    /// <summary><c>INC-7-asr.svg</c>.</summary>
    public static string PlotFile(int incident, string figure) => $"{Incident.IdOf(incident)}-{figure}.svg";

    /// <summary>What each step printed at its end, where it ran, and how to prove that it is what was printed.</summary>
    private static void WriteEvidence(StringBuilder text, IReadOnlyList<LogEntry> log, Incident incident)
    {
        var finished = log.Where(e => e.Entry is Entry.StepFinished).ToList();
        if (finished.Count > 0)
            text.Append(EvidenceHeading);
        foreach (var entry in finished)
        {
            var step = (Entry.StepFinished)entry.Entry;
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n### Evidence {step.Run}\n\n{Inline(step.Step)}, {incident.SinceDetection(entry.At)}: {Word(step.Verdict)}. [In the log](incidents/{incident.Id}?show=everything#seq-{entry.Seq})\n"
            );
            foreach (var part in EvidenceGroup.Of(step.Parts))
                WritePart(text, part);
        }
    }

    private static void WritePart(StringBuilder text, EvidenceGroup group)
    {
        var part = group.Evidence;
        var exit = part.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $", exit code {code}") : "";
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n- {Inline(string.Join(", ", group.Hosts))}: {Word(part.Verdict)}{exit}, {part.Duration.TotalSeconds:0.0} s, SHA-256 `{part.Sha256}`"
        );
        if (part.Remark is { } remark)
            text.Append(CultureInfo.InvariantCulture, $", {Inline(remark)}");
        text.Append('\n');
        var lines = part.Output.ReplaceLineEndings("\n").TrimEnd().Split('\n');
        if (lines is [""])
            return;
        // Longer than any run of them inside, or what a host prints could end the block.
        var fence = new string('`', Math.Max(3, LongestRun(part.Output, '`') + 1));
        text.Append(CultureInfo.InvariantCulture, $"\n{fence}text\n");
        if (lines.Length > LinesOfEvidence)
            text.Append("...\n");
        foreach (var line in lines.TakeLast(LinesOfEvidence))
            text.Append(string.Concat(line.Where(c => c == '\t' || !char.IsControl(c)))).Append('\n');
        text.Append(fence).Append('\n');
    }

    private const string EvidenceHeading = "\n## Evidence\n";
    private const int LinesOfEvidence = 12;

    private static int LongestRun(string text, char mark)
    {
        var (longest, run) = (0, 0);
        foreach (var c in text)
            longest = Math.Max(longest, run = c == mark ? run + 1 : 0);
        return longest;
    }
}
