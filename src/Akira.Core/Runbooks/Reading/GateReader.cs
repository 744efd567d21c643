using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Akira.Core.Incidents;
using Markdig.Syntax;

namespace Akira.Core.Runbooks.Reading;

/// <summary>The bullets of <c>Resolution</c>: known phrases bind to evidence, all others are ticked by people.</summary>
internal sealed partial class GateReader(MarkdownFile file, FindingList findings, ImmutableArray<Runbook> runbooks)
{
    private static readonly ImmutableArray<(string Name, string[] Beginnings)> Moments =
    [
        ("detection", ["detect"]),
        ("ack", ["ack"]),
        ("mitigation", ["mitigat"]),
        ("resolution", ["resol"]),
    ];

    public ImmutableArray<Gate> Read(Passage? resolution)
    {
        var gates = ImmutableArray.CreateBuilder<Gate>();
        foreach (var block in resolution?.Items().Select(i => i.Lead()).OfType<LeafBlock>() ?? [])
        {
            var gate = Gate(block, block.PlainText());
            Check(gate, block);
            var taken = gates.Count(g =>
                g.Name == gate.Name || g.Name.StartsWith(gate.Name + "-", StringComparison.Ordinal)
            );
            gates.Add(taken == 0 ? gate : gate with { Name = $"{gate.Name}-{taken + 1}" });
        }
        if (gates.Count == 0)
        {
            var place = resolution is null ? new Place(file.Path, 1, 1) : file.At(resolution.Offset);
            findings.Error(
                place,
                "AKR501",
                "nothing says when an incident is resolved",
                "Add '## Resolution' with a bullet for each thing that must hold"
            );
        }
        return gates.DrainToImmutable();
    }

    private void Check(Gate gate, LeafBlock block)
    {
        if (gate.Kind == GateKind.Smoke && !runbooks.SelectMany(r => r.Steps).Any(s => Gates.IsSmoke(s.Name, s.Script)))
            findings.Warn(
                file.At(block),
                "AKR506",
                "no step of the runbooks is a smoke test, so nothing can show that it passes",
                "Add a step whose name or script says 'smoke'"
            );
        if (gate.Kind == GateKind.Manual && Measurable().Match(gate.Text) is { Success: true } thing)
            findings.Warn(
                file.At(block, thing.Value),
                "AKR507",
                $"{FindingList.Quote(gate.Text)} speaks of {thing.Value}, but not in words that bind to evidence",
                "Write that the symptom is gone, the smoke test passes, CDR ingestion is monotonic, metrics are stable for 30 minutes, or the log has timestamps for ack"
            );
    }

    private Gate Gate(LeafBlock block, string text) =>
        Symptom().IsMatch(text) ? new Gate("symptom", text, GateKind.Symptom, null, [])
        : Smoke().IsMatch(text) ? new Gate("smoke", text, GateKind.Smoke, null, [])
        : Cdr().IsMatch(text) ? new Gate("cdr", text, GateKind.CdrMonotonic, null, [])
        : Stable().Match(text) is { Success: true } stable
            ? new Gate("stable", text, GateKind.Stable, Stability(block, stable.Groups[1].Value), [])
        : Stamps().Match(text) is { Success: true } stamps
            ? new Gate("timestamps", text, GateKind.Timestamps, null, Timestamps(block, stamps.Groups[1].Value))
        : new Gate(Slug(text), text, GateKind.Manual, null, []);

    private TimeSpan? Stability(LeafBlock block, string words)
    {
        if (
            Leading().Match(words) is { Success: true } time
            && Durations.TryParse(time.Groups[1].Value, out var stability)
        )
            return stability;
        findings.Error(
            file.At(block, words),
            "AKR203",
            "how long the metrics must be stable can not be read",
            "Write 'Metrics are stable for 30 minutes.'"
        );
        return null;
    }

    private ImmutableArray<string> Timestamps(LeafBlock block, string words)
    {
        var moments = ImmutableArray.CreateBuilder<string>();
        foreach (var word in PageCell.Names(words))
        {
            var moment = Moments
                .FirstOrDefault(m => m.Beginnings.Any(b => word.StartsWith(b, StringComparison.OrdinalIgnoreCase)))
                .Name;
            if (moment is not null)
                moments.Add(moment);
            else
                findings.Error(
                    file.At(block, word),
                    "AKR502",
                    $"the log keeps no timestamp for {FindingList.Quote(word)}",
                    "It keeps detection, ack, mitigation and resolution"
                );
        }
        return [.. moments.Distinct()];
    }

    /// <summary>Short enough to type, long enough to know: the first words that carry meaning.</summary>
    private static string Slug(string text)
    {
        string[] words =
        [
            .. Word()
                .Matches(text.ToLowerInvariant())
                .Select(m => m.Value)
                .Where(w =>
                    w
                        is not (
                            "the"
                            or "a"
                            or "an"
                            or "is"
                            or "are"
                            or "has"
                            or "have"
                            or "been"
                            or "of"
                            or "to"
                            or "and"
                            or "by"
                        )
                ),
        ];
        return words.Length == 0 ? "gate" : string.Join('-', words.Take(3));
    }

    [GeneratedRegex(@"\bsymptoms?\b.*\b(?:gone|over|ended|cleared|disappeared|no longer)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Symptom();

    [GeneratedRegex(@"\bsmoke\b.*\b(?:pass|passes|passed|green|succeeds|succeeded)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Smoke();

    [GeneratedRegex(@"\bCDRs?\b.*\bmonoton", RegexOptions.IgnoreCase)]
    private static partial Regex Cdr();

    [GeneratedRegex(@"\bmetrics?\b.*\bstable\b\s*(.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Stable();

    [GeneratedRegex(@"\btimestamps?\s+(?:for|of)\s+(.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Stamps();

    [GeneratedRegex(@"^(?:for\s+)?(?:at\s+least\s+)?(" + Durations.Pattern + @")\.?$", RegexOptions.IgnoreCase)]
    private static partial Regex Leading();

    [GeneratedRegex(@"\b(?:symptoms?|smoke|CDRs?|metrics?|timestamps?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Measurable();

    [GeneratedRegex(@"[a-z0-9]+")]
    private static partial Regex Word();
}
