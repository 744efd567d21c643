using System.Text;
using Akira.Core.Incidents;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Postmortems;

/// <summary>Writes the post-mortem of each incident that is resolved, into the data folder.</summary>
public sealed class Scribe(DataFolder folder, Desk desk, ILogger<Scribe> logger) : Follower("scribe", desk, logger)
{
    protected override bool Wants(Entry entry) => entry is Entry.Resolved;

    protected override async Task Act(LogEntry entry, CancellationToken cancel)
    {
        var log = Desk.Log.Of(entry.IncidentNumber);
        var policy = Desk.PolicyOf(Incident.Fold(log)!.PolicyHash);
        var path = Path.Combine("postmortems", $"{entry.IncidentId}.md");
        Put(folder.File(path), Postmortem.Write(log, policy, Desk.Clock.GetUtcNow()));
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
