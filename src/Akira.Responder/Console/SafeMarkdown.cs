using Markdig;
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

    public static MarkupString Html(string markdown)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var link in document.Descendants<LinkInline>())
            if (link.IsImage || !IsHarmless(link.Url))
            {
                link.IsImage = false;
                link.Url = "";
                link.GetDynamicUrl = null;
            }
        foreach (var link in document.Descendants<AutolinkInline>().Where(l => !l.IsEmail && !IsHarmless(l.Url)))
            link.Url = "";
        return new MarkupString(document.ToHtml(Pipeline));
    }

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
