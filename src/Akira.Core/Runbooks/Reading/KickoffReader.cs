using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Akira.Core.Incidents;
using Markdig.Syntax;

namespace Akira.Core.Runbooks.Reading;

/// <summary>What the kickoff procedure says: the checklist, and in it subsystems, cadence and which runbook for what.</summary>
internal sealed record Kickoff(
    ImmutableArray<string> Checklist,
    ImmutableArray<string> Subsystems,
    ImmutableArray<RunbookLink> Index,
    ImmutableDictionary<Severity, TimeSpan> Cadence
)
{
    public static Kickoff None { get; } = new([], [], [], ImmutableDictionary<Severity, TimeSpan>.Empty);
}

internal sealed partial class KickoffReader(MarkdownFile file, FindingList findings, RunbookLinks links)
{
    public Kickoff Read(Passage? procedure, ImmutableArray<SeverityPolicy> severities)
    {
        var list = procedure?.Blocks.OfType<ListBlock>().OrderByDescending(l => l.IsOrdered).FirstOrDefault();
        if (procedure is null || list is null)
        {
            var place = procedure is null ? new Place(file.Path, 1, 1) : file.At(procedure.Offset);
            findings.Warn(
                place,
                "AKR301",
                "there is no kickoff procedure, so incidents have no checklist",
                "Add '## Kickoff procedure' with an ordered list"
            );
            return Kickoff.None;
        }
        var checklist = ImmutableArray.CreateBuilder<string>();
        var index = ImmutableArray.CreateBuilder<RunbookLink>();
        var cadence = new Dictionary<Severity, TimeSpan>();
        ImmutableArray<string> subsystems = [];
        foreach (var item in list.OfType<ListItemBlock>())
        {
            if (item.Lead() is not { } lead)
                continue;
            var words = lead.PlainText();
            checklist.Add(words);
            if (Classify().Match(words) is { Success: true } classify)
                subsystems =
                [
                    .. Or().Split(classify.Groups[1].Value).Select(s => s.Trim().TrimEnd('.')).Where(s => s.Length > 0),
                ];
            if (Update().IsMatch(words))
                ReadCadence(lead, words, severities, cadence);
            foreach (
                var entry in item.OfType<ListBlock>()
                    .SelectMany(l => l.OfType<ListItemBlock>())
                    .Select(i => i.Lead())
                    .OfType<LeafBlock>()
            )
                if (links.IndexEntry(file, entry) is { } link)
                    index.Add(link);
        }
        if (subsystems.IsEmpty)
            findings.Warn(
                file.At(procedure.Offset),
                "AKR302",
                "the kickoff procedure names no subsystems",
                "Add an item 'Classify the likely subsystem: signaling, database, or Vault.'"
            );
        return new Kickoff(
            checklist.DrainToImmutable(),
            subsystems,
            index.DrainToImmutable(),
            cadence.ToImmutableDictionary()
        );
    }

    private void ReadCadence(
        LeafBlock block,
        string words,
        ImmutableArray<SeverityPolicy> severities,
        Dictionary<Severity, TimeSpan> cadence
    )
    {
        foreach (Match every in Every().Matches(words))
        {
            var place = file.At(block, every.Groups["time"].Value);
            if (!Durations.TryParse(every.Groups["time"].Value, out var time) || time <= TimeSpan.Zero)
            {
                findings.Error(
                    place,
                    "AKR203",
                    $"{FindingList.Quote(every.Groups["time"].Value)} is no duration",
                    $"Write it as {Durations.Example}"
                );
                continue;
            }
            foreach (Match named in Named().Matches(every.Groups["for"].Value))
                if (
                    Severity.TryParse(named.Value, out var severity)
                    && severities.FirstOrDefault(s => s.Severity == severity) is { } known
                )
                {
                    if (
                        known.UpdateEvery is { } own && own != time
                        || !cadence.TryAdd(severity, time) && cadence[severity] != time
                    )
                        findings.Error(place, "AKR304", $"{severity} is given two cadences", "Keep one of the two");
                }
                else
                    findings.Error(
                        file.At(block, named.Value),
                        "AKR303",
                        $"{named.Value} has a cadence but is not defined",
                        "Define it under 'Severity levels', or take it out"
                    );
        }
        if (!Every().IsMatch(words))
            findings.Error(
                file.At(block),
                "AKR203",
                "the cadence of updates can not be read",
                "Write 'Post an update every 15 minutes for SEV1 and every 30 minutes for SEV2.'"
            );
    }

    [GeneratedRegex(@"^classify\b[^:]*:\s*(.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Classify();

    [GeneratedRegex(@"\s*(?:,\s*(?:or|and)\b|,|\b(?:or|and)\b)\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Or();

    [GeneratedRegex(@"\bupdates?\b.*\bevery\b", RegexOptions.IgnoreCase)]
    private static partial Regex Update();

    [GeneratedRegex(
        @"\bevery\s+(?<time>[^,;]{1,60}?)\s+(?:for|in|during)\s+(?<for>sev[\s-]*\d+(?:(?:\s*,\s*|\s+and\s+|\s*,\s*and\s+|\s*/\s*)sev[\s-]*\d+)*)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Every();

    [GeneratedRegex(@"\bsev[\s-]*\d+", RegexOptions.IgnoreCase)]
    private static partial Regex Named();
}
