using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Akira.Core.Runbooks;
using Akira.Core.Silences;
using Akira.Responder.Log;

namespace Akira.Scenarios.Language;

/// <summary>What can be seen of the night: by those who answer, and in what is left on the disk.</summary>
internal sealed partial class Night
{
    /// <summary>Pages that the channel took.</summary>
    public IReadOnlyList<RecordingChannel.Handed> Pages => [.. _channel.Pages];

    /// <summary>Pages of any incident that the channel has not taken.</summary>
    public IReadOnlyList<LogEntry> Undelivered =>
        [
            .. All.SelectMany(i => Server.Log.Of(i.Number))
                .Where(l => l.Entry is Entry.Paged)
                .Where(l => !Find(l.IncidentNumber)!.SettledPages.Contains((l.Seq, _channel.Name))),
        ];

    /// <summary>How many incidents there have been.</summary>
    public int Incidents => All.Count;

    /// <summary>The incident in question, resolved or not.</summary>
    public Incident Incident => Find(About) ?? throw Broken($"there is no {Incident.IdOf(About)}");

    public Silencing Silencing => Server.Desk.Board.Silencing;

    /// <summary>What kinds of entries the log of silences has, in order.</summary>
    public IEnumerable<string> SilenceLog => Server.SilenceLog.Select(l => l.Entry.GetType().Name);

    public IReadOnlyList<LogEntry> Log => Server.Log.Of(About);

    public ImmutableArray<Finding> Findings => Server.Policies.Findings;

    public ImmutableArray<GateResult> Gates => Core.Incidents.Gates.Of(Incident, Policy, Now);

    public GateResult Gate(string name) => Gates.Single(g => g.Gate.Name == name);

    public ImmutableArray<MitigationOption> Mitigation =>
        Core.Incidents.Mitigation.Of(Incident, Log, Policy, PlatformFacts.None);

    /// <summary>Headings of the common scenarios that are offered.</summary>
    public IEnumerable<string> ScenariosOffered => Diagnostics.Scenarios(Incident, Policy).Select(s => s.Heading);

    public IEnumerable<string> RunbooksOffered => Diagnostics.RunbooksFor(Incident, Policy).Select(r => r.Target);

    /// <summary>The post-mortem as it lies on the disk.</summary>
    public string PostmortemFile
    {
        get
        {
            var written = Log.Select(l => l.Entry).OfType<Entry.PostmortemWritten>().Last();
            return File.ReadAllText(Path.Combine(DataFolder, written.Path));
        }
    }

    private Policy Policy => Server.Desk.PolicyOf(Incident.PolicyHash);

    private IReadOnlyList<Incident> All =>
        [.. Enumerable.Range(1, 1000).Select(Find).TakeWhile(i => i is not null).Select(i => i!)];

    /// <summary>When the next of a kind is due, since the beginning; null: never.</summary>
    public TimeSpan? Deadline(string kind) =>
        Deadlines.Of(Incident, Policy).FirstOrDefault(d => d.Kind == kind) is { } due ? due.DueAt - Beginning : null;

    /// <summary>Whether a step of the kickoff procedure is ticked.</summary>
    /// <param name="step">Its number, from 1.</param>
    public bool? Checklist(int step) => Core.Incidents.Checklist.Of(Incident, Policy)[step - 1].Done;

    /// <summary>The people behind names and roles.</summary>
    public HashSet<string> People(params string[] namesOrRoles) =>
        [.. namesOrRoles.SelectMany(n => Server.Desk.Policy.Platform.Named(n).Select(p => p.Name).DefaultIfEmpty(n))];

    /// <summary>What must be true of any log: no gaps, the board is its fold, and nobody waits for a page.</summary>
    public void CheckTheLog()
    {
        foreach (var (number, open) in Server.Desk.Board.Incidents)
            Assert.Equivalent(Server.Log.Fold(number), open, strict: true);
        foreach (var incident in All)
        {
            var log = Server.Log.Of(incident.Number);
            Check(log.Select(l => l.Seq).SequenceEqual(Enumerable.Range(1, log.Count)), $"{incident.Id} has no gaps");
            Check(
                incident.State == IncidentState.Resolved != Server.Desk.Board.Incidents.ContainsKey(incident.Number),
                $"{incident.Id} is on the board, or resolved"
            );
        }
        Check(Undelivered.Count == 0, "every page is out");
        Check(
            _channel.Pages.Select(p => (p.Message.Incident, p.Message.Seq)).Distinct().Count()
                == _channel.Pages.Count(),
            "no page is out twice"
        );
    }

    private Incident? Find(int number) => Server.Desk.Find(number);

    private Xunit.Sdk.XunitException Broken(string what)
    {
        var story = new StringBuilder($"{At(Now)}: {what}.\nLast reply: {LastReply}\n");
        if (_responder is not null)
            foreach (var l in All.SelectMany(i => Server.Log.Of(i.Number)).OrderBy(l => l.Position))
                story.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"{At(l.At), 14}  {l.IncidentId} {l.Seq, 3} {l.By.Name}: {Words(l.Entry)}"
                );
        foreach (var page in Pages)
            story.AppendLine(
                CultureInfo.InvariantCulture,
                $"{At(page.At), 14}  page to {string.Join(", ", page.To)}: {page.Text}"
            );
        return new(story.ToString());
    }

    private static string Words(Entry entry) =>
        Encoding.UTF8.GetString(EntryJson.Write(entry)) is var json && json.Length > 240 ? json[..240] + "…" : json;

    private static string At(DateTimeOffset time) => "T+" + Elapsed.Words(time - Beginning);
}
