using System.Collections.Immutable;
using Akira.Core.Runbooks.Shell;
using Markdig.Syntax;

namespace Akira.Core.Runbooks.Reading;

/// <summary>Sections and steps of all files. Step names are unique over all of them.</summary>
internal sealed class RunbookReader(FindingList findings)
{
    private static readonly string[] Shells = ["sh", "bash", "shell"];

    // Runme's own attributes are welcome: the same file opens there.
    private static readonly string[] Known =
    [
        "name",
        "effect",
        "timeout",
        "excludeFromRunAll",
        "interactive",
        "background",
        "cwd",
        "closeTerminalOnSuccess",
        "promptEnv",
        "category",
        "tag",
        "terminalRows",
        "mimeType",
    ];

    private readonly List<(string Host, Place Place)> targets = [];

    private readonly Dictionary<string, Place> names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The hosts that steps go to, and where each is named.</summary>
    public IReadOnlyList<(string Host, Place Place)> Targets => targets;

    public ImmutableArray<Runbook> Read(IReadOnlyList<MarkdownFile> files)
    {
        // A name made here must not take one that somebody chose, in whatever file that stands.
        foreach (var file in files)
        foreach (var fence in file.Document.Descendants<FencedCodeBlock>())
            TakeGivenName(file, fence);
        return [.. files.Select(f => new Runbook(f.Path, f.Title, f.Text, [.. f.Passages.Select(p => Section(f, p))]))];
    }

    private void TakeGivenName(MarkdownFile file, FencedCodeBlock fence)
    {
        if (fence.ClosingFencedCharCount == 0)
            findings.Error(
                file.At(fence),
                "AKR106",
                "the fence is not closed",
                $"End it with a line of {new string(fence.FencedChar, fence.OpeningFencedCharCount)}"
            );
        var attributes = AttributesOf(file, fence);
        if (!Shells.Contains(attributes.Language))
        {
            if (LooksLikeAStep(attributes, fence))
                findings.Warn(
                    file.At(fence),
                    "AKR610",
                    $"the fence looks like a step, but {(attributes.Language.Length == 0 ? "it has no language" : $"{FindingList.Quote(attributes.Language)} is no shell")}, so it never runs",
                    "Begin it with sh, or take its attributes away"
                );
            return;
        }
        if (attributes.Problem is { } problem)
            findings.Error(
                file.At(fence),
                "AKR601",
                problem,
                "Write them as { name=restart effect=disruptive timeout=30s }"
            );
        foreach (var unknown in attributes.Values.Keys.Except(Known).Order())
            findings.Warn(
                In(file, fence, unknown, value: false),
                "AKR602",
                $"the attribute {FindingList.Quote(unknown)} is not known",
                "Known are name, effect and timeout"
            );
        if (attributes.Name is not { } name)
            return;
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            findings.Error(
                In(file, fence, "name"),
                "AKR601",
                $"the name {FindingList.Quote(name)} has a character that can not be typed in a command",
                "Use letters, digits and dashes"
            );
        else if (!names.TryAdd(name, file.At(fence)))
            findings.Error(
                In(file, fence, "name"),
                "AKR603",
                $"another step is named {FindingList.Quote(name)}, at {names[name]}",
                "Give each step a name of its own"
            );
    }

    private Section Section(MarkdownFile file, Passage passage)
    {
        var steps = ImmutableArray.CreateBuilder<Step>();
        var (recovery, number, last) = (false, 0, (FencedCodeBlock?)null);
        foreach (
            var block in passage.Blocks.SelectMany(b =>
                b is FencedCodeBlock or ParagraphBlock ? [b] : b.Descendants<LeafBlock>().Cast<Block>()
            )
        )
        {
            var previous = last;
            last = null;
            if (block is ParagraphBlock paragraph)
            {
                var words = paragraph.PlainText();
                if (words.StartsWith("Recover", StringComparison.OrdinalIgnoreCase) && words.EndsWith(':'))
                    recovery = true;
                else if (
                    words.StartsWith("Validate", StringComparison.OrdinalIgnoreCase)
                    || words.StartsWith("Diagnose", StringComparison.OrdinalIgnoreCase)
                )
                    recovery = false;
            }
            else if (block is FencedCodeBlock fence)
            {
                var attributes = AttributesOf(file, fence);
                if (Shells.Contains(attributes.Language))
                {
                    steps.Add(Step(file, passage, fence, attributes, recovery, ++number));
                    last = fence;
                }
                else if (IsExpectation(file, fence))
                {
                    if (previous is null)
                        findings.Warn(
                            file.At(fence),
                            "AKR604",
                            "the expectation follows no step",
                            "Put it right after the step whose output it describes"
                        );
                    else
                        steps[^1] = steps[^1] with { Expect = fence.Lines.ToString() };
                }
            }
        }
        return new Section(
            passage.Heading,
            passage.Anchor,
            passage.Level,
            file.At(passage.Offset),
            passage.Parents,
            steps.DrainToImmutable()
        );
    }

    private Step Step(
        MarkdownFile file,
        Passage passage,
        FencedCodeBlock fence,
        FenceAttributes attributes,
        bool recovery,
        int number
    )
    {
        var place = file.At(fence);
        var script = fence.Lines.ToString().TrimEnd('\n');
        var (parts, hosts, unclear) = PlacesOfWork.Of(script);
        foreach (var (offset, what, fix) in unclear)
            findings.Error(In(file, fence, script, offset), "AKR605", what, fix);
        foreach (var (host, offset) in hosts)
            targets.Add((host, In(file, fence, script, offset)));
        if (parts.IsEmpty && unclear.IsEmpty)
            findings.Warn(place, "AKR606", "the step has no command", "Write one, or take the fence away");
        var inferred = parts.Select(p => Effects.Of(p.Script)).DefaultIfEmpty(Effect.Disruptive).Max();
        return new Step(
            attributes.Name ?? MadeName(file, passage, number, place),
            script,
            parts,
            Declared(file, fence, attributes, inferred),
            Timeout(file, fence, attributes),
            null,
            recovery,
            place
        );
    }

    private string MadeName(MarkdownFile file, Passage passage, int number, Place place)
    {
        var name = $"{(passage.Anchor.Length == 0 ? "step" : passage.Anchor)}-{number}";
        if (names.TryAdd(name, place))
            return name;
        var unique = $"{Path.GetFileNameWithoutExtension(file.Path)}-{name}";
        for (var again = 2; !names.TryAdd(unique, place); again++)
            unique = $"{Path.GetFileNameWithoutExtension(file.Path)}-{name}-{again}";
        return unique;
    }

    private Effect Declared(MarkdownFile file, FencedCodeBlock fence, FenceAttributes attributes, Effect inferred)
    {
        if (attributes.Values.GetValueOrDefault("effect") is not { } words)
            return inferred;
        if (!Enum.TryParse<Effect>(words, ignoreCase: true, out var declared) || !words.All(char.IsAsciiLetter))
        {
            findings.Error(
                In(file, fence, "effect"),
                "AKR607",
                $"{FindingList.Quote(words)} is no effect",
                "Use read, disruptive or destructive"
            );
            return inferred;
        }
        if (declared < inferred)
            findings.Error(
                In(file, fence, "effect"),
                "AKR608",
                $"the step is declared {Word(declared)}, but its commands are {(inferred == Effect.Disruptive ? "not proven to only read" : "known to destroy")}",
                $"Declare it {Word(inferred)}, or use commands that the effect table knows to be milder"
            );
        return declared > inferred ? declared : inferred;
    }

    private TimeSpan Timeout(MarkdownFile file, FencedCodeBlock fence, FenceAttributes attributes)
    {
        if (attributes.Values.GetValueOrDefault("timeout") is not { } words)
            return TimeSpan.FromSeconds(30);
        if (Durations.TryParse(words, out var timeout) && timeout > TimeSpan.Zero)
            return timeout;
        findings.Error(
            In(file, fence, "timeout"),
            "AKR203",
            $"{FindingList.Quote(words)} is no duration",
            "Write the timeout as 30s or 5m"
        );
        return TimeSpan.FromSeconds(30);
    }

    private static bool IsExpectation(MarkdownFile file, FencedCodeBlock fence) =>
        RawLine(file, fence).Trim().TrimStart('`', '~').Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
            is ["text", "expect", ..];

    private static FenceAttributes AttributesOf(MarkdownFile file, FencedCodeBlock fence) =>
        FenceAttributes.Read(RawLine(file, fence));

    private static string RawLine(MarkdownFile file, FencedCodeBlock fence)
    {
        var start = Math.Clamp(fence.Span.Start, 0, file.Text.Length);
        var end = file.Text.IndexOf('\n', start);
        return end < 0 ? file.Text[start..] : file.Text[start..end];
    }

    private static bool LooksLikeAStep(FenceAttributes attributes, FencedCodeBlock fence) =>
        attributes.Values.ContainsKey("effect")
        || attributes.Language.Length == 0
            && fence.Lines is { Count: > 0 } lines
            && lines.Lines[0].Slice.ToString().TrimStart().StartsWith("ssh ", StringComparison.Ordinal);

    /// <summary>An attribute, or its value, in the fence's line.</summary>
    private static Place In(MarkdownFile file, FencedCodeBlock fence, string attribute, bool value = true) =>
        file.At(fence.Span.Start + FenceAttributes.OffsetOf(RawLine(file, fence), attribute, value));

    /// <summary>A place inside the script: the parser knows where each line begins, however deep in lists and quotes.</summary>
    private static Place In(MarkdownFile file, FencedCodeBlock fence, string script, int offset)
    {
        offset = Math.Min(offset, script.Length);
        var line = script.AsSpan(0, offset).Count('\n');
        var start = script.AsSpan(0, offset).LastIndexOf('\n') + 1;
        return line < fence.Lines.Count
            ? file.At(fence.Lines.Lines[line].Slice.Start + offset - start)
            : file.At(fence);
    }

    private static string Word(Effect effect) => effect.ToString().ToLowerInvariant();
}
