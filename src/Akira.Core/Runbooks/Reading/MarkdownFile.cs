using System.Collections.Immutable;
using System.Text;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Helpers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Akira.Core.Runbooks.Reading;

/// <summary>A heading and the blocks under it, up to the next heading of any level.</summary>
internal sealed record Passage(
    string Heading,
    string Anchor,
    int Level,
    int Offset,
    ImmutableArray<string> Parents,
    ImmutableArray<Block> Blocks
);

/// <summary>A Markdown file as syntax, with the way back from a node to its place in the file.</summary>
internal sealed class MarkdownFile
{
    /// <summary>Markdig's parser is linear on what people write, not on what they could write.</summary>
    public const int LongestText = 1 << 20;

    // Generic attributes stay off: they would swallow what stands in braces after a fence's language.
    private static readonly MarkdownPipeline Grammar = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UsePreciseSourceLocation()
        .Build();

    private readonly List<int> lineStarts = [0];

    private MarkdownFile(string path, string text, MarkdownDocument document)
    {
        Path = path;
        Text = text;
        Document = document;
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '\n')
                lineStarts.Add(i + 1);
        Passages = [.. Divide(document)];
    }

    public string Path { get; }
    public string Text { get; }
    public MarkdownDocument Document { get; }
    public ImmutableArray<Passage> Passages { get; }
    public string Title => Passages.IsEmpty ? Path : Passages[0].Heading;

    /// <summary>Null, with a finding, when the text can not be taken for Markdown.</summary>
    public static MarkdownFile? Read(string path, string text, FindingList findings)
    {
        // With a byte order mark the first heading would be a paragraph.
        text = text.TrimStart('\uFEFF');
        // Markdown's line ends are these two; what else Unicode takes for one stays a character of its line.
        if (text.Contains('\r', StringComparison.Ordinal))
            text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var start = new Place(path, 1, 1);
        if (text.Length > LongestText)
        {
            findings.Error(start, "AKR103", "the file is longer than 1 MiB", "Divide it into several files");
            return null;
        }
        if (text.IndexOf('\0') is var nul and >= 0)
        {
            findings.Error(Of(nul), "AKR104", "the file contains a NUL character", "Save it as UTF-8 text");
            return null;
        }
        // What a decoder puts in place of bytes that it can not read; a step would run with it.
        if (text.IndexOf('\uFFFD') is var garbled and >= 0)
            findings.Error(Of(garbled), "AKR107", "the file is not UTF-8 here", "Save it as UTF-8 text");
        try
        {
            return new MarkdownFile(path, text, Markdown.Parse(text, Grammar));
        }
        catch (ArgumentException)
        {
            // Markdig's way to say that its nesting limit is passed.
            findings.Error(start, "AKR105", "the file nests lists, quotes or links too deeply", "Write it flatter");
            return null;
        }

        Place Of(int offset) =>
            new(path, text.AsSpan(0, offset).Count('\n') + 1, offset - text.LastIndexOf('\n', offset));
    }

    public Place At(int offset)
    {
        var line = lineStarts.BinarySearch(Math.Clamp(offset, 0, Text.Length));
        if (line < 0)
            line = ~line - 1;
        return new Place(Path, line + 1, Math.Max(0, offset - lineStarts[line]) + 1);
    }

    public Place At(MarkdownObject node) => At(OffsetOf(node));

    /// <summary>Where words stand inside a node, as whole words if they do; the node itself where mark-up divides them.</summary>
    public Place At(MarkdownObject node, string words) => At(OffsetOf(node, words));

    public int OffsetOf(MarkdownObject node, string words)
    {
        var start = OffsetOf(node);
        var end = Math.Clamp(node.Span.End + 1, start, Text.Length);
        var found = words.Length == 0 ? -1 : Text.IndexOf(words, start, end - start, StringComparison.Ordinal);
        for (
            var next = found;
            next >= 0;
            next = Text.IndexOf(words, next + 1, end - next - 1, StringComparison.Ordinal)
        )
            if (!IsLetter(next - 1) && !IsLetter(next + words.Length))
                return next;
        return found < 0 ? start : found;

        bool IsLetter(int at) => at >= start && at < end && char.IsLetterOrDigit(Text[at]);
    }

    /// <summary>A cell's own position is not kept by the parser: its words' is, with the blanks before them.</summary>
    private int OffsetOf(MarkdownObject node)
    {
        if (node is not TableCell cell)
            return node.Span.Start;
        var start = cell.Descendants<Inline>().FirstOrDefault()?.Span.Start ?? cell.Parent?.Span.Start ?? 0;
        while (start < Text.Length && Text[start] is ' ' or '\t')
            start++;
        return start;
    }

    /// <summary>Where the words of a code span begin, after its backticks.</summary>
    public int ContentOffset(CodeInline code)
    {
        var start = code.Span.Start + code.DelimiterCount;
        return start < Text.Length && Text[start] is ' ' or '\n' && !code.Content.StartsWith(' ') ? start + 1 : start;
    }

    /// <summary>Everything below a passage's heading, its sub-headings' blocks included.</summary>
    public IEnumerable<Passage> WithSubsections(Passage passage) =>
        Passages.SkipWhile(p => p != passage).Take(1).Concat(Subsections(passage));

    public IEnumerable<Passage> Subsections(Passage passage) =>
        Passages.SkipWhile(p => p != passage).Skip(1).TakeWhile(p => p.Level > passage.Level);

    private static IEnumerable<Passage> Divide(MarkdownDocument document)
    {
        var anchors = new Dictionary<string, int>(StringComparer.Ordinal);
        var above = new List<(int Level, string Anchor)>();
        Passage? current = null;
        var blocks = ImmutableArray.CreateBuilder<Block>();
        foreach (var block in document)
        {
            if (block is not HeadingBlock heading)
            {
                blocks.Add(block);
                continue;
            }
            if (current is not null)
                yield return current with
                {
                    Blocks = blocks.DrainToImmutable(),
                };
            blocks.Clear();
            var words = heading.Inline.PlainText().Trim();
            var anchor = Anchor(words, anchors);
            above.RemoveAll(a => a.Level >= heading.Level);
            current = new Passage(
                words,
                anchor,
                heading.Level,
                heading.Span.Start,
                [.. above.Select(a => a.Anchor)],
                []
            );
            above.Add((heading.Level, anchor));
        }
        if (current is not null)
            yield return current with
            {
                Blocks = blocks.DrainToImmutable(),
            };
    }

    /// <summary>GitHub numbers a heading that is there again: <c>rollback-1</c>.</summary>
    private static string Anchor(string words, Dictionary<string, int> seen)
    {
        var anchor = LinkHelper.UrilizeAsGfm(words);
        var times = seen.GetValueOrDefault(anchor);
        seen[anchor] = times + 1;
        return times == 0 ? anchor : $"{anchor}-{times}";
    }
}

internal static class MarkdownText
{
    /// <summary>What a reader sees, without the mark-up; a line break is a space.</summary>
    public static string PlainText(this ContainerInline? inlines)
    {
        var text = new StringBuilder();
        if (inlines is not null)
            foreach (var inline in inlines.Descendants<Inline>())
                switch (inline)
                {
                    case LiteralInline literal:
                        text.Append(literal.Content.AsSpan());
                        break;
                    case CodeInline code:
                        text.Append(code.Content);
                        break;
                    case LineBreakInline:
                        text.Append(' ');
                        break;
                    case AutolinkInline link:
                        text.Append(link.Url);
                        break;
                    case HtmlEntityInline entity:
                        text.Append(entity.Transcoded.AsSpan());
                        break;
                    case HtmlInline { Tag: var tag } when tag.Length > 2 && char.IsLetter(tag[1]):
                        // `ACK <name>` without a code span: a placeholder, not mark-up.
                        text.Append(tag);
                        break;
                }
        return text.ToString();
    }

    public static string PlainText(this Block block) =>
        string.Join(' ', block.Leaves().Select(l => l.Inline.PlainText().Trim())).Trim();

    /// <summary>The words of a list item itself, without its sub-lists.</summary>
    public static LeafBlock? Lead(this ListItemBlock item) => item.FirstOrDefault() as ParagraphBlock;

    public static IEnumerable<ListItemBlock> Items(this Passage passage) =>
        passage.Blocks.OfType<ListBlock>().SelectMany(l => l.OfType<ListItemBlock>());

    private static IEnumerable<LeafBlock> Leaves(this Block block) =>
        block is LeafBlock leaf ? [leaf] : block.Descendants<LeafBlock>();
}
