using System.Text;
using Akira.Core.Incidents;
using Akira.Core.Voice;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Akira.Responder.Voice;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Postmortems;

/// <summary>Measures what each incident that is resolved cost, and writes its post-mortem into the data folder.</summary>
public sealed class Scribe(
    DataFolder folder,
    Desk desk,
    CallArchive archive,
    KpiHistory history,
    Papers papers,
    ILogger<Scribe> logger
) : Follower("scribe", desk, logger)
{
    /// <summary>An incident begins before it is noticed.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromMinutes(15);

    protected override bool Wants(Entry entry) => entry is Entry.Resolved;

    protected override async Task Act(LogEntry entry, CancellationToken cancel)
    {
        // Into the log first: whoever writes the post-mortem anew needs no record for it.
        var opened = Desk.Log.Of(entry.IncidentNumber)[0].At;
        var impact = Impacts.Of(
            archive(opened - Lead - CallWindows.Longest, entry.At),
            opened - Lead,
            entry.At,
            at => history.Usual(Scope.Platform, at)
        );
        await Desk.Decide(entry.IncidentNumber, new Command.RecordImpact(impact), Actor.Akira, cancel);
        var paper = papers.Of(entry.IncidentNumber)!;
        var path = Path.Combine("postmortems", $"{entry.IncidentId}.md");
        foreach (var figure in paper.HasPlots ? CallPlot.Figures : [])
            Put(
                folder.File(Path.Combine("postmortems", Postmortem.PlotFile(entry.IncidentNumber, figure))),
                papers.Plot(paper, figure)
            );
        Put(folder.File(Path.ChangeExtension(path, ".html")), PaperHtml.Page(paper, papers, site: ""));
        Put(folder.File(path), paper.Markdown);
        await Record(entry, new Command.RecordPostmortem(path), cancel);
    }

    /// <summary>All of it or nothing: nobody ever reads half a post-mortem.</summary>
    private static void Put(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = path + ".draft";
        using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, path, overwrite: true);
    }
}
