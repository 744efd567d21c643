using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Telegram.Bot.Types.ReplyMarkups;

namespace Akira.Responder.Channels.Telegram;

/// <summary>What the group reads. A message about one incident begins with its severity and its number.</summary>
internal static partial class Cards
{
    private const int MostButtons = 15;
    private const string LastLine = "Reply to no line of this: /status lists them, the buttons take them.";
    private const int MostNames = 5;
    private const int LongestLine = 160;
    private const int LongestOutput = 700;

    /// <summary>The incident that a message of ours is about: by its header, else the only one that it names. Null: none, or several.</summary>
    public static int? IncidentIn(string? text)
    {
        if (text is null)
            return null;
        if (Header().Match(text) is { Success: true } header)
            return NumberIn(header);
        return Named().Matches(text).Select(NumberIn).Distinct().ToList() is [var only] ? only : null;
    }

    private static int? NumberIn(Match match) =>
        int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>Where an incident stands: the page at first, and edited from then on.</summary>
    /// <param name="log">All of it.</param>
    public static string Status(Incident incident, IReadOnlyList<LogEntry> log, Policy policy, DateTimeOffset now)
    {
        var html = new Html()
            .Line(HeaderOf(incident, $"{State(incident)} · {incident.SinceDetection(now)}"))
            .Line(Html.Bold(Html.Cut(incident.Title, 300)));
        var page = log.Select(l => l.Entry).OfType<Entry.Paged>().FirstOrDefault();
        if (incident.State == IncidentState.Resolved)
            html.Line($"Resolved after {Elapsed.Words(incident.ResolvedAt!.Value - incident.DetectedAt)}.");
        else if (incident.AcknowledgedBy is { } holder)
            html.Text($"With {holder}.");
        else
        {
            if (page is not null)
                html.Line($"For {Mentions(page.To, policy.Platform)}");
            html.Line(
                $"Acknowledge within {Elapsed.Words(policy.For(incident.Severity).AckTarget)}: the button, or reply {Html.Code("ACK name")}"
            );
        }
        if (log is [{ Entry: Entry.Opened opened }, ..])
            html.Text($"Known: {opened.Reason}", 300);
        if (incident.Alerts.Count > 0)
            html.Text($"{incident.FiringCount} of {incident.Alerts.Count} alerts fire{Firing(incident)}", 300);
        if (log.Select(l => l.Entry).OfType<Entry.Updated>().LastOrDefault() is { } update)
            html.Text($"Update: {update.Text}", 400);
        Evidence(html, incident, log);
        foreach (var link in Diagnostics.RunbooksFor(incident, policy).Take(MostNames))
            html.Line($"Runbook: {Html.Code(link.Target)}");
        if (Core.Incidents.Deadlines.Of(incident, policy) is [var next, ..])
            html.Text($"Next: {next.Kind} ({next.Who}) at T+{Elapsed.Words(next.DueAt - incident.DetectedAt)}", 200);
        return html.ToString();
    }

    /// <summary>A further page or a reminder about an incident whose status is shown already.</summary>
    public static string FollowUp(Message message, Incident incident, Platform platform)
    {
        var html = new Html().Line(HeaderOf(incident, State(incident)));
        if (!message.To.IsEmpty)
            html.Line($"For {Mentions(message.To, platform)}");
        return html.Text(message.Text, 1500).ToString();
    }

    /// <summary>Many at once: one line for each incident.</summary>
    public static string Digest(ImmutableArray<Message> messages, Platform platform)
    {
        var pages = messages[0].Kind == "page";
        var incidents = messages.GroupBy(m => m.Incident).ToList();
        var people = messages.SelectMany(m => m.To).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var html = new Html().Line(
            $"{(pages ? Sign(messages[0].Severity) : "🗒")} <b>{messages.Length} {(pages ? "pages" : "reminders")} about {incidents.Count} {(incidents.Count == 1 ? "incident" : "incidents")}</b>"
        );
        if (people.Count > 0)
            html.Line($"For {Mentions([.. people], platform)}");
        // Each has its line, however long the others are: what is in no message is a page that nobody got.
        var room = (html.Left - LastLine.Length) / incidents.Count - 2;
        foreach (var incident in incidents)
        {
            var last = incident.Last();
            var more = incident.Count() > 1 ? $" (and {incident.Count() - 1} before)" : "";
            html.Text($"{last.Severity} {incident.Key}: {Html.Cut(last.Text, LongestLine)}{more}", room: room);
        }
        return html.Line(LastLine).ToString();
    }

    public static InlineKeyboardMarkup? ButtonsOf(Incident incident)
    {
        if (incident.State == IncidentState.Resolved)
            return null;
        InlineKeyboardButton[] buttons =
        [
            Button("Ack", Press.Ack, incident.Number),
            Button("Evidence", Press.Evidence, incident.Number),
            Button("Runbook", Press.Runbook, incident.Number),
        ];
        return new InlineKeyboardMarkup(incident.AcknowledgedBy is null ? buttons : buttons[1..]);
    }

    /// <summary>One to take each of these incidents, or to say which is meant.</summary>
    public static InlineKeyboardMarkup? ButtonsOf(IEnumerable<Incident> incidents, string press, string word) =>
        incidents.Take(MostButtons).Select(i => Button($"{word}{i.Severity} {i.Id}", press, i.Number)).ToList()
            is { Count: > 0 } buttons
            ? new InlineKeyboardMarkup(buttons.Chunk(2))
            : null;

    /// <summary>All evidence so far, the latest last.</summary>
    public static string EvidenceOf(Incident incident, IReadOnlyList<LogEntry> log)
    {
        var html = new Html().Line(HeaderOf(incident, "evidence"));
        var finished = log.Select(l => l.Entry).OfType<Entry.StepFinished>().ToList();
        if (finished.Count == 0)
            html.Line("None yet.");
        foreach (var step in finished.AsEnumerable().Reverse().DistinctBy(s => s.Step).Reverse())
        foreach (var part in step.Parts)
            html.Text($"{Sign(part.Verdict)} {step.Step} at {part.Host}{Remark(part)}", 300)
                .Pre(part.Output, LongestOutput);
        return html.ToString();
    }

    /// <summary>The runbooks that belong to an incident, and what may be run from them.</summary>
    public static string RunbookOf(Incident incident, Policy policy)
    {
        var html = new Html().Line(HeaderOf(incident, "runbook"));
        foreach (var link in Diagnostics.RunbooksFor(incident, policy))
        {
            html.Text($"{link.When}: {link.Target}", 200);
            foreach (var step in Diagnostics.SectionSteps(link.Target, policy))
                html.Line($"{Html.Code($"/run {step.Name}")} {step.Effect.ToString().ToLowerInvariant()}");
        }
        foreach (var section in Diagnostics.Scenarios(incident, policy))
        {
            html.Line(Html.Bold(section.Heading));
            foreach (var step in section.Steps)
                html.Line($"{Html.Code($"/run {step.Name}")} {step.Effect.ToString().ToLowerInvariant()}");
        }
        if (!policy.MitigationOrder.IsEmpty)
            html.Line(Html.Bold("Mitigation order"));
        foreach (var (line, n) in policy.MitigationOrder.Select((line, i) => (line, i + 1)))
            html.Text($"{n}. {line}", 300);
        return html.ToString();
    }

    /// <summary>People as Telegram notifies them: by id where the on-call table has it.</summary>
    public static string Mentions(ImmutableArray<string> names, Platform platform) =>
        string.Join(
            ", ",
            names.Select(name =>
                platform.OnCall.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) switch
                {
                    { TelegramId: { } id } => $"<a href=\"tg://user?id={id}\">{Html.Escape(name)}</a>",
                    { Telegram: ['@', ..] handle } => $"{Html.Escape(name)} ({Html.Escape(handle)})",
                    _ => Html.Escape(name),
                }
            )
        );

    private static string HeaderOf(Incident incident, string what) =>
        $"{(incident.State == IncidentState.Resolved ? "✅" : Sign(incident.Severity))} <b>{incident.Severity} {incident.Id}</b> · {Html.Escape(Html.Cut(incident.Subsystem, 60))} · {Html.Escape(what)}";

    private static void Evidence(Html html, Incident incident, IReadOnlyList<LogEntry> log)
    {
        var finished = log.Select(l => l.Entry).OfType<Entry.StepFinished>().ToList();
        foreach (var run in incident.Runs.Values.TakeLast(6))
            html.Text($"{(run.Verdict is { } verdict ? Sign(verdict) : "⏳")} {run.Step}", 120);
        if (finished.SelectMany(s => s.Parts).FirstOrDefault(p => p.Verdict != Verdict.Pass) is { } bad)
            html.Pre($"{bad.Host}{Remark(bad)}\n{bad.Output}", LongestOutput);
    }

    private static string Remark(Evidence part) =>
        part.Remark is { } remark ? $": {remark}"
        : part.ExitCode is { } code and not 0 ? $": exit {code}"
        : "";

    private static string Firing(Incident incident)
    {
        var names = incident.Alerts.Values.Where(a => a.EndedAt is null).Select(a => a.Alert.Name).Distinct().ToList();
        return names.Count == 0
            ? ""
            : ": " + string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? ", …" : "");
    }

    private static string State(Incident incident) => incident.State.ToString().ToLowerInvariant();

    private static string Sign(Severity severity) =>
        severity.Level switch
        {
            1 => "🔴",
            2 => "🟠",
            _ => "🟡",
        };

    private static string Sign(Verdict verdict) => verdict == Verdict.Pass ? "✅" : "❌";

    private static InlineKeyboardButton Button(string text, string press, int incident) =>
        InlineKeyboardButton.WithCallbackData(text, $"{press}:{incident.ToString(CultureInfo.InvariantCulture)}");

    [GeneratedRegex(@"^\S+ SEV\d+ INC-(\d+) · ")]
    private static partial Regex Header();

    [GeneratedRegex(@"\bINC-(\d+)\b")]
    private static partial Regex Named();
}

/// <summary>What the buttons say to us, before the number of their incident.</summary>
internal static class Press
{
    public const string Ack = "ack";
    public const string Evidence = "evidence";
    public const string Runbook = "runbook";

    /// <summary>That incident was meant.</summary>
    public const string Meant = "meant";
}
