using Akira.Core.Alerts;
using Akira.Core.Chat;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;

namespace Akira.Core.Tests.Incidents;

/// <summary>One incident told in order: the deadlines are met on time, as the responder's clock would.</summary>
internal sealed class Story(Policy policy)
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly Actor Anna = new("anna", "token:anna", "http");

    private readonly List<LogEntry> log = [];
    private DateTimeOffset now = Start;

    public Policy Policy { get; set; } = policy;
    public Incident Incident { get; private set; } = null!;
    public Decision Last { get; private set; } = null!;
    public IReadOnlyList<LogEntry> Log => log;
    public DateTimeOffset Now => now;

    public static Story OfAlert(string severity = "critical", string service = "kamailio", Policy? policy = null) =>
        new Story(policy ?? Policies.Small).Fires("A1", severity, service);

    public static Story OfTicket(Severity severity, Policy? policy = null)
    {
        var story = new Story(policy ?? Policies.Small);
        return story.Does(new Command.Open(severity, "no calls", "signaling", "a person said so"), Anna);
    }

    /// <summary>Moves the clock to so many minutes after detection.</summary>
    public Story At(double minutes)
    {
        var to = Start + TimeSpan.FromMinutes(minutes);
        while (Deadlines.Of(Incident, Policy) is [var next, ..] && next.DueAt <= to)
        {
            now = next.DueAt > now ? next.DueAt : now;
            Does(new Command.MeetDeadlines(), Actor.Akira);
        }
        now = to;
        return this;
    }

    public Story Says(string text, Actor? by = null)
    {
        var utterance = ChatGrammar.Read(text, Policy);
        var order = Assert.IsType<Utterance.Order>(utterance);
        var command = order.Command is Command.Run run ? run with { Code = "424242" } : order.Command;
        return Does(command, by ?? Anna);
    }

    public Story Fires(string name, string severity = "critical", string service = "kamailio", bool effect = false) =>
        Does(new Command.FireAlerts([Triage.Of(AlertOf(name, severity, service), Policy)], effect), Actor.Akira);

    public Story Ends(string name, string severity = "critical", string service = "kamailio") =>
        End(AlertOf(name, severity, service), "ended");

    public Story FallsSilent(string name, string severity = "critical", string service = "kamailio") =>
        End(AlertOf(name, severity, service), Entry.AlertsEnded.Expired);

    private Story End(Alert alert, string reason) =>
        Does(new Command.EndAlerts([alert.Fingerprint], reason), Actor.Akira);

    /// <summary>Asks for a step and finishes it with this verdict.</summary>
    public Story Runs(string step, Verdict verdict = Verdict.Pass)
    {
        Says($"/run {step}");
        var run = Incident.Runs.Keys.Max();
        Does(new Command.StartStep(run), Actor.Akira);
        var evidence = new Evidence("responder", verdict, verdict == Verdict.Pass ? 0 : 1, "", 0, "", TimeSpan.Zero);
        return Does(new Command.FinishStep(run, [evidence]), Actor.Akira);
    }

    public Story Does(Command command, Actor by)
    {
        Last = IncidentDecisions.Decide(Incident, command, by, Policy, now);
        if (Last is Decision.Accepted accepted)
            foreach (var entry in accepted.Entries)
            {
                var logged = new LogEntry(log.Count + 1, 1, log.Count + 1, now, by, entry);
                log.Add(logged);
                Incident = Incident.Evolve(Incident, logged);
            }
        return this;
    }

    /// <summary>The entries of one kind, oldest first.</summary>
    public IReadOnlyList<T> All<T>()
        where T : Entry => [.. log.Select(l => l.Entry).OfType<T>()];

    /// <summary>When, in minutes after detection, each entry of a kind was recorded.</summary>
    public IReadOnlyList<double> MinutesOf<T>(Func<T, bool>? which = null)
        where T : Entry =>
        [
            .. log.Where(l => l.Entry is T entry && (which is null || which(entry)))
                .Select(l => (l.At - Start).TotalMinutes),
        ];

    public string RefusalCode => Assert.IsType<Decision.Refused>(Last).Refusal.Code;

    public Refusal Refusal => Assert.IsType<Decision.Refused>(Last).Refusal;

    public string Reply => Assert.IsType<Decision.Accepted>(Last).Reply;

    private static Alert AlertOf(string name, string severity, string service)
    {
        var labels = LabelSet.Of(
            new Dictionary<string, string>
            {
                ["alertname"] = name,
                ["severity"] = severity,
                ["service"] = service,
            }
        );
        return new Alert(Fingerprint.Of(labels), labels, LabelSet.Empty, Start, null, null);
    }
}
