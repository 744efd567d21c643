using System.Globalization;
using Markdig;
using Markdig.Helpers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;

namespace Akira.Responder.Console;

/// <summary>Markdown from people and alerts as HTML that can do nothing: no raw HTML, no images, links only to the web.</summary>
public static class SafeMarkdown
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UsePipeTables()
        .UseTaskLists()
        .Build();

    public static MarkupString Html(string markdown) => new(Harmless(markdown, null).ToHtml(Pipeline));

    /// <summary>A document of ours: its own pictures stand in it, and its headings can be linked to, as GitHub does it.</summary>
    /// <param name="href">Where a link that names no site leads to from here; <c>#x</c> is one.</param>
    /// <param name="picture">The SVG that an image's name stands for; null: it is none of ours.</param>
    public static string Document(string markdown, Func<string, string> href, Func<string, string?> picture)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var image in document.Descendants<LinkInline>().Where(l => l.IsImage && l.Url is not null).ToList())
            if (picture(image.Url!) is { } svg)
                image.ReplaceBy(new HtmlInline(svg), copyChildren: false);
        Tame(document, null);
        foreach (var link in document.Descendants<LinkInline>())
            if (link.Url is { Length: > 0 } url && !Uri.TryCreate(url, UriKind.Absolute, out _))
                link.Url = href(url);
        foreach (var heading in document.Descendants<HeadingBlock>())
            heading.GetAttributes().Id = LinkHelper.UrilizeAsGfm(
                string.Concat(heading.Inline!.Descendants<LiteralInline>().Select(l => l.Content.ToString()))
            );
        return document.ToHtml(Pipeline);
    }

    /// <summary>One piece for each block of the outermost level, in order.</summary>
    /// <param name="anchors">Where a heading can be linked to: its anchor, by its line.</param>
    /// <param name="href">What a link to another runbook (<c>dr.md#failover</c>) leads to here.</param>
    public static IEnumerable<MarkdownPiece> Pieces(
        string markdown,
        IReadOnlyDictionary<int, string> anchors,
        Func<string, string> href
    )
    {
        var document = Harmless(markdown, href);
        foreach (var heading in document.Descendants<HeadingBlock>())
            if (anchors.TryGetValue(heading.Line + 1, out var anchor))
                heading.GetAttributes().Id = anchor;
        foreach (var block in document)
        {
            var last = block.Line + markdown.AsSpan(block.Span.Start, block.Span.Length).Count('\n');
            using var html = new StringWriter(CultureInfo.InvariantCulture);
            var renderer = new HtmlRenderer(html);
            Pipeline.Setup(renderer);
            renderer.Render(block);
            yield return new(
                new(html.ToString()),
                block.Line + 1,
                last + 1,
                (block as FencedCodeBlock)?.Lines.ToString()
            );
        }
    }

    private static MarkdownDocument Harmless(string markdown, Func<string, string>? href)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        Tame(document, href);
        return document;
    }

    private static void Tame(MarkdownDocument document, Func<string, string>? href)
    {
        foreach (var link in document.Descendants<LinkInline>())
            if (link.IsImage || !IsHarmless(link.Url))
            {
                link.IsImage = false;
                link.Url = "";
                link.GetDynamicUrl = null;
            }
            else if (href is not null && IsRunbook(link.Url!))
                link.Url = href(link.Url!);
        foreach (var link in document.Descendants<AutolinkInline>().Where(l => !l.IsEmail && !IsHarmless(l.Url)))
            link.Url = "";
    }

    private static bool IsRunbook(string url) =>
        !Uri.TryCreate(url, UriKind.Absolute, out _)
        && (url.Split('#')[0] is "" || url.Split('#')[0].EndsWith(".md", StringComparison.OrdinalIgnoreCase));

    /// <summary>http, https, or relative without a host.</summary>
    private static bool IsHarmless(string? url) =>
        url is not null
        && !url.StartsWith("//", StringComparison.Ordinal)
        && !url.Contains('\\', StringComparison.Ordinal)
        && (
            Uri.TryCreate(url, UriKind.Absolute, out var absolute)
                ? absolute.Scheme is "http" or "https"
                : Uri.TryCreate(url, UriKind.Relative, out _)
        );
}

/// <param name="Html">Harmless.</param>
/// <param name="FirstLine">From 1.</param>
/// <param name="Fence">What stands in it, when it is a fenced block.</param>
public sealed record MarkdownPiece(MarkupString Html, int FirstLine, int LastLine, string? Fence);
