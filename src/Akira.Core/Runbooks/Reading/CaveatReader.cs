using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Akira.Core.Incidents;
using Markdig.Syntax;

namespace Akira.Core.Runbooks.Reading;

/// <summary>The bullets of <c>Caveats</c>, and the rules in them.</summary>
/// <param name="Stability">Null when no caveat says how long the system must be stable.</param>
internal sealed record Caveats(
    ImmutableArray<string> Lines,
    TimeSpan? Stability,
    ImmutableArray<Severity> Guarded,
    bool ConfirmerMustDiffer
);

internal sealed partial class CaveatReader(MarkdownFile file, FindingList findings)
{
    public Caveats Read(Passage? passage, ImmutableArray<SeverityPolicy> severities)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        TimeSpan? stability = null;
        var guarded = new SortedSet<Severity>();
        var confirmerMustDiffer = false;
        foreach (var block in passage?.Items().Select(i => i.Lead()).OfType<LeafBlock>() ?? [])
        {
            var words = block.PlainText();
            lines.Add(words);
            confirmerMustDiffer |= SomebodyElse().IsMatch(words);
            if (Stable().Match(words) is not { Success: true } stable)
                continue;
            if (!Durations.TryParse(stable.Groups[1].Value, out var time))
                findings.Error(
                    file.At(block, stable.Groups[1].Value),
                    "AKR203",
                    $"{FindingList.Quote(stable.Groups[1].Value)} is no duration",
                    $"Write it as {Durations.Example}"
                );
            else
                stability = stability > time ? stability : time;
            Guard(block, words, severities, guarded);
        }
        return new Caveats(lines.DrainToImmutable(), stability, [.. guarded], confirmerMustDiffer);
    }

    private void Guard(
        LeafBlock block,
        string words,
        ImmutableArray<SeverityPolicy> severities,
        SortedSet<Severity> guarded
    )
    {
        var named = Named().Matches(words);
        foreach (Match match in named)
            if (Severity.TryParse(match.Value, out var severity) && severities.Any(s => s.Severity == severity))
                guarded.Add(severity);
            else
                findings.Error(
                    file.At(block, match.Value),
                    "AKR504",
                    $"{match.Value} is guarded but not defined",
                    "Define it under 'Severity levels', or take it out"
                );
        // A caveat that names none means all.
        if (named.Count == 0)
            guarded.UnionWith(severities.Select(s => s.Severity));
    }

    [GeneratedRegex(@"\bstable\s+for\s+(?:at\s+least\s+)?(\S+(?:[ \t]+[a-zA-Z]+)?)", RegexOptions.IgnoreCase)]
    private static partial Regex Stable();

    [GeneratedRegex(@"\bsev[\s-]*\d+", RegexOptions.IgnoreCase)]
    private static partial Regex Named();

    [GeneratedRegex(
        @"^(?=.*\bconfirm)(?=.*\b(?:ask|request))(?=.*\b(?:not|never|other|else|different|second)\b)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex SomebodyElse();
}
