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

    private readonly Dictionary<string, Place> names = new(StringComparer.OrdinalIgnoreCase);

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
            return;
        if (attributes.Problem is { } problem)
            findings.Error(
                file.At(fence),
                "AKR601",
                problem,
                "Write them as { name=restart effect=disruptive timeout=30s }"
            );
        foreach (var unknown in attributes.Values.Keys.Except(Known).Order())
            findings.Warn(
                file.At(fence, unknown),
                "AKR602",
                $"the attribute {FindingList.Quote(unknown)} is not known",
                "Known are name, effect and timeout"
            );
        if (attributes.Values.GetValueOrDefault("name") is not { } name)
            return;
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            findings.Error(
                file.At(fence, name),
                "AKR601",
                $"the name {FindingList.Quote(name)} has a character that can not be typed in a command",
                "Use letters, digits and dashes"
            );
        else if (!names.TryAdd(name, file.At(fence)))
            findings.Error(
                file.At(fence, name),
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
        var (parts, unclear) = PlacesOfWork.Of(script);
        foreach (var (offset, what, fix) in unclear)
            findings.Error(In(place, script, offset), "AKR605", what, fix);
        if (parts.IsEmpty && unclear.IsEmpty)
            findings.Warn(place, "AKR606", "the step has no command", "Write one, or take the fence away");
        var inferred = parts.Select(p => Effects.Of(p.Script)).DefaultIfEmpty(Effect.Disruptive).Max();
        return new Step(
            attributes.Values.GetValueOrDefault("name") ?? MadeName(file, passage, number, place),
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
                file.At(fence, words),
                "AKR607",
                $"{FindingList.Quote(words)} is no effect",
                "Use read, disruptive or destructive"
            );
            return inferred;
        }
        if (declared < inferred)
            findings.Error(
                file.At(fence, words),
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
            file.At(fence, words),
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

    /// <summary>A place inside the script: its first line is the one after the fence's.</summary>
    private static Place In(Place fence, string script, int offset)
    {
        offset = Math.Min(offset, script.Length);
        var lineStart = script.AsSpan(0, offset).LastIndexOf('\n') + 1;
        var line = script.AsSpan(0, offset).Count('\n');
        return new Place(fence.File, fence.Line + 1 + line, fence.Column + offset - lineStart);
    }

    private static string Word(Effect effect) => effect.ToString().ToLowerInvariant();
}
