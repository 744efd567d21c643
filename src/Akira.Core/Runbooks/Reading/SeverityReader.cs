using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Akira.Core.Incidents;
using Akira.Core.Runbooks.Conditions;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Akira.Core.Runbooks.Reading;

/// <summary>The sub-sections of <c>Severity levels</c>.</summary>
internal sealed partial class SeverityReader(
    MarkdownFile file,
    FindingList findings,
    Platform platform,
    IReadOnlyCollection<string> services
)
{
    /// <returns>The worst first; without a cadence that only the kickoff procedure names.</returns>
    public ImmutableArray<SeverityPolicy> Read(Passage? levels)
    {
        if (levels is null)
        {
            findings.Error(
                new Place(file.Path, 1, 1),
                "AKR201",
                "no section is headed 'Severity levels'",
                "Add '## Severity levels' with a '### SEV1 - Outage' below it"
            );
            return [];
        }
        var severities = new Dictionary<Severity, SeverityPolicy>();
        foreach (var passage in file.Subsections(levels))
        {
            if (
                Heading().Match(passage.Heading) is not { Success: true } heading
                || !Severity.TryParse(heading.Groups[1].Value, out var severity)
            )
            {
                findings.Error(
                    file.At(passage.Offset),
                    "AKR201",
                    $"{FindingList.Quote(passage.Heading)} names no severity",
                    "Head it as '### SEV1 - Outage'"
                );
                continue;
            }
            if (!severities.TryAdd(severity, Severity1(passage, severity, heading.Groups[2].Value.Trim())))
                findings.Error(
                    file.At(passage.Offset),
                    "AKR204",
                    $"{severity} is defined twice",
                    "Keep one of the two sections"
                );
        }
        if (severities.Count == 0)
            findings.Error(
                file.At(levels.Offset),
                "AKR201",
                "no severity is defined",
                "Add a sub-section '### SEV1 - Outage'"
            );
        return [.. severities.OrderBy(s => s.Key).Select(s => s.Value)];
    }

    private SeverityPolicy Severity1(Passage passage, Severity severity, string name)
    {
        var lines = new Dictionary<string, (LeafBlock Block, string Words)>(StringComparer.OrdinalIgnoreCase);
        foreach (var block in passage.Items().Select(i => i.Lead()).OfType<LeafBlock>())
        {
            var words = block.PlainText();
            var colon = words.IndexOf(':', StringComparison.Ordinal);
            var label = colon < 0 ? "" : words[..colon].Trim().ToLowerInvariant();
            if (label is not ("definition" or "ack target" or "communication" or "opens when" or "update every"))
                findings.Warn(
                    file.At(block),
                    "AKR207",
                    $"{FindingList.Quote(words)} under {severity} is not understood",
                    "Known are Definition, Ack target, Communication, Opens when and Update every"
                );
            else if (!lines.TryAdd(label, (block, words[(colon + 1)..].Trim())))
                findings.Error(
                    file.At(block),
                    "AKR208",
                    $"{severity} says '{label}' twice",
                    "Keep one of the two lines"
                );
        }
        if (!lines.ContainsKey("ack target"))
            findings.Error(
                file.At(passage.Offset),
                "AKR202",
                $"{severity} has no ack target",
                "Add '- Ack target: 15 minutes'"
            );
        if (!lines.ContainsKey("communication"))
            findings.Warn(
                file.At(passage.Offset),
                "AKR206",
                $"{severity} does not say who is told, so nobody is paged for it",
                "Add '- Communication: Telegram immediate', or where it waits"
            );
        var (told, communication) = lines.GetValueOrDefault("communication");
        var alsoPages = AlsoPages(communication ?? "");
        foreach (var person in alsoPages)
            People.Check(person, file.At(told!, person), platform, findings);
        return new SeverityPolicy(
            severity,
            name,
            lines.GetValueOrDefault("definition").Words ?? "",
            Duration(lines.GetValueOrDefault("ack target")) ?? TimeSpan.Zero,
            communication ?? "",
            communication?.Contains("immediate", StringComparison.OrdinalIgnoreCase) ?? false,
            alsoPages,
            Duration(lines.GetValueOrDefault("update every")),
            OpensWhen(passage, severity, lines.GetValueOrDefault("opens when").Block)
        );
    }

    private TimeSpan? Duration((LeafBlock Block, string Words) line)
    {
        if (line.Block is null)
            return null;
        if (Durations.TryParse(line.Words, out var duration) && duration > TimeSpan.Zero)
            return duration;
        findings.Error(
            file.At(line.Block, line.Words),
            "AKR203",
            $"{FindingList.Quote(line.Words)} is no duration",
            $"Write it as {Durations.Example}"
        );
        return null;
    }

    private static ImmutableArray<string> AlsoPages(string communication) =>
        Plus().Match(communication) is { Success: true } plus ? PageCell.Names(plus.Groups[1].Value) : [];

    private ImmutableArray<Condition> OpensWhen(Passage passage, Severity severity, LeafBlock? line)
    {
        var codes = line?.Inline?.Descendants<CodeInline>().ToList() ?? [];
        if (codes.Count == 0)
        {
            var place = line is null ? file.At(passage.Offset) : file.At(line);
            findings.Warn(
                place,
                "AKR205",
                $"{severity} has no condition that opens it, so only alerts and people do",
                "Add '- Opens when: `signaling.up = 0 for 5s`', each condition in a code span"
            );
        }
        var conditions = ImmutableArray.CreateBuilder<Condition>();
        foreach (var code in codes)
        {
            var (condition, problem) = ConditionParser.Read(code.Content, services);
            if (condition is not null)
                conditions.Add(condition);
            if (problem is not null)
                findings.Error(
                    file.At(file.ContentOffset(code) + problem.Column),
                    problem.Code,
                    problem.What,
                    problem.Fix
                );
        }
        return conditions.DrainToImmutable();
    }

    [GeneratedRegex(@"^(sev[\s-]*\d+)\s*(?:[-–—:]\s*(.*))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\bplus\s+([^.;]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Plus();
}
