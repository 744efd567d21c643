using System.Net;
using Akira.Core.Incidents;
using Akira.Core.Voice;
using Akira.Responder.Console;

namespace Akira.Responder.Postmortems;

/// <summary>A post-mortem as HTML. What people, alerts and hosts said is text in it, whatever it looks like.</summary>
public static class PaperHtml
{
    private const string Style = """
        :root { color-scheme: light dark }
        body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
        h1 { font-size: 1.75rem; line-height: 1.25 } h2 { font-size: 1.2rem; margin-top: 2rem } h3 { font-size: 1rem }
        li:has(> input) { list-style: none } pre { overflow-x: auto; font-size: .8125rem; padding: .75rem; border: 1px solid #8884 }
        p:has(> svg) { overflow-x: auto } svg { width: 100%; min-width: 36rem; height: auto } table { border-collapse: collapse } td, th { padding: .25rem .75rem .25rem 0; text-align: left }
        """;

    /// <summary>A page that needs nothing beside it.</summary>
    /// <param name="site">Where the responder is: <c>https://akira.example/</c>, for links into its log; may be empty.</param>
    public static string Page(Paper paper, Papers papers, string site) =>
        $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{WebUtility.HtmlEncode($"Post-mortem {paper.Incident.Id}")}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            {Body(paper, papers, link => link[0] == '#' ? link : site + link)}
            </body>
            </html>

            """;

    /// <summary>The document alone.</summary>
    /// <param name="href">Where a link within the responder leads to from here.</param>
    public static string Body(Paper paper, Papers papers, Func<string, string> href) =>
        SafeMarkdown.Document(
            paper.Markdown,
            href,
            name =>
                CallPlot.Figures.FirstOrDefault(f => name == Postmortem.PlotFile(paper.Incident.Number, f))
                    is { } figure
                    ? papers.Plot(paper, figure)
                    : null
        );
}
