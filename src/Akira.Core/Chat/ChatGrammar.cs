using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Core.OnCall;
using Akira.Core.Runbooks;
using Akira.Core.Runbooks.Reading;

namespace Akira.Core.Chat;

/// <summary>Reads what people type: <c>ACK anna</c>, <c>/ticket "SEV1 - no calls" severity:critical</c>, …</summary>
public static partial class ChatGrammar
{
    /// <summary>What Telegram allows in one message, in UTF-16 units.</summary>
    public const int LongestLine = 4096;

    private const int LongestName = 64;
    private static readonly TimeSpan ShortestCover = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestCover = TimeSpan.FromDays(31);

    /// <summary>Total: whatever was typed, the answer is an utterance. A plain line is a note for the incident's log.</summary>
    public static Utterance Read(string line, Policy policy)
    {
        var text = WithoutControls(line).Trim();
        if (text.Length == 0)
            return Misread("empty", "Nothing was said. /help lists what can be.");
        if (text.Length > LongestLine)
            return Misread(
                "too-long",
                $"That is {text.Length} characters; {LongestLine} is the most. Say it shorter, or in parts."
            );

        var (first, rest) = Split(text);
        if (first.StartsWith('/'))
            return Verb(first[1..].Split('@')[0].ToLowerInvariant(), rest, policy);
        // Without a slash only ACK is a command, and only when what follows can be a name: «ack, I see it too» is talk.
        if (
            first.Equals("ack", StringComparison.OrdinalIgnoreCase)
            && (rest.Length == 0 || NameIn(rest, policy) is not null)
        )
            return Acknowledge(rest, policy);
        return Order(new Command.Note(text));
    }

    private static Utterance Verb(string verb, string rest, Policy policy) =>
        verb switch
        {
            "ack" => Acknowledge(rest, policy),
            "ticket" => Ticket(rest, policy),
            "log" => WithText(verb, rest, text => new Command.Note(text)),
            "update" => WithText(verb, rest, text => new Command.Update(text)),
            "classify" => WithText(verb, rest, text => new Command.Classify(policy.SubsystemNamed(text))),
            "sev" => ChangeSeverity(rest),
            "run" => WithText(verb, rest, text => new Command.Run(text)),
            "confirm" => WithText(verb, rest, text => new Command.Confirm(text)),
            "mitigated" => WithText(verb, rest, text => new Command.Mitigate(text)),
            "tick" => Tick(rest),
            "resolve" => Resolve(rest),
            "reopen" => WithText(verb, rest, text => new Command.Reopen(text)),
            "handover" => HandOver(rest, policy),
            "uncover" => IsName(rest) ? new Utterance.Uncover(rest) : Usage(verb),
            "silence" => SilenceGrammar.Read(rest, policy) ?? Usage(verb),
            "unsilence" => int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new Utterance.Unsilence(number)
                : Usage(verb),
            "silences" => new Utterance.Question(Topic.Silences),
            "policy" => rest.Equals("reload", StringComparison.OrdinalIgnoreCase)
                ? Order(new Command.MovePolicy())
                : Usage(verb),
            "action" => ActionLines.Read(rest) is { } action
                ? Order(new Command.AddAction(action.Owner, action.What, action.Due))
                : Usage(verb),
            "done" => int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? Order(new Command.FinishAction(number))
                : Usage(verb),
            "advice" => new Utterance.Question(Topic.Advice),
            "started" => Started(rest),
            "drill" => WithText(verb, rest, text => new Command.MarkAsDrill(text)),
            "gates" => new Utterance.Question(Topic.Gates),
            "oncall" => new Utterance.Question(Topic.OnCall),
            "status" => new Utterance.Question(Topic.Status),
            "postmortem" => new Utterance.Question(Topic.Postmortem),
            "help" or "start" => new Utterance.Question(Topic.Help),
            _ => Unknown(verb),
        };

    private static Utterance Acknowledge(string said, Policy policy) =>
        NameIn(said, policy) is { } name ? Order(new Command.Acknowledge(name)) : Usage("ack");

    /// <summary><c>"SEV1 - text" severity:critical</c>; where the two disagree the worse one is meant.</summary>
    private static Utterance Ticket(string rest, Policy policy)
    {
        var words = Words(rest);
        var word = words
            .Where(w => w.StartsWith("severity:", StringComparison.OrdinalIgnoreCase))
            .Select(w => w["severity:".Length..].Trim())
            .LastOrDefault();
        var title = string.Join(' ', words.Where(w => !w.StartsWith("severity:", StringComparison.OrdinalIgnoreCase)));
        Severity? inTitle = null;
        if (
            title.IndexOf(" - ", StringComparison.Ordinal) is var dash and > 0
            && Severity.TryParse(title[..dash], out var s)
        )
        {
            inTitle = s;
            title = title[(dash + 3)..].Trim();
        }
        if (title.Length == 0)
            return Usage("ticket");
        var inWord = word is null ? null : Triage.SeverityOf(word, policy);
        if (word is not null && inWord is null)
            return Misread(
                "unknown-severity",
                $"«{word}» is no severity. Say severity:critical, severity:warning, severity:info, or severity:SEV1."
            );
        if (inTitle is { } stated && !policy.Knows(stated))
            return Misread("unknown-severity", $"The runbook has no {stated}. It has {Known(policy)}.");
        Severity? worst = inTitle is { } a && inWord is { } b ? (a.IsWorseThan(b) ? a : b) : inTitle ?? inWord;
        if (worst is not { } severity)
            return Misread("severity-missing", "How bad is it? For example: " + UsageOf("ticket"));
        var reason =
            inTitle is { } t && inWord is { } w && t != w
                ? $"the ticket says {t} and {w}: the worse is assumed"
                : $"the ticket says {severity}";
        return new Utterance.Ticket(severity, title, reason);
    }

    private static Utterance ChangeSeverity(string rest)
    {
        var (first, reason) = Split(rest);
        return Severity.TryParse(first, out var severity) && reason.Length > 0
            ? Order(new Command.ChangeSeverity(severity, reason))
            : Usage("sev");
    }

    private static Utterance HandOver(string rest, Policy policy)
    {
        const string word = " for ";
        var at = rest.LastIndexOf(word, StringComparison.OrdinalIgnoreCase);
        // «bruno 2h» is bruno for two hours with the word forgotten: no name begins with a digit.
        var time = at > 0 ? rest[(at + word.Length)..] : AfterName().Match(rest).Value;
        if (time.Length == 0)
            return MayBeName(rest, policy) ? Order(new Command.HandOver(rest)) : Usage("handover");
        const string asSecondary = " as " + Roster.Secondary;
        const string asPrimary = " as " + Roster.Primary;
        var name = (at > 0 ? rest[..at] : rest[..^time.Length]).Trim();
        var role = name.EndsWith(asSecondary, StringComparison.OrdinalIgnoreCase) ? Roster.Secondary : Roster.Primary;
        foreach (var end in new[] { asSecondary, asPrimary })
            if (name.EndsWith(end, StringComparison.OrdinalIgnoreCase))
                name = name[..^end.Length].Trim();
        if (!MayBeName(name, policy))
            return Usage("handover");
        if (at <= 0 || !Durations.TryParse(time, out var span) || span < ShortestCover || span > LongestCover)
            return Misread(
                "bad-time",
                $"Say for how long like this: /handover {name} for 8h. At least {Elapsed.Words(ShortestCover)}, at most {Elapsed.Words(LongestCover)}."
            );
        return new Utterance.Cover(name, span, role);
    }

    [GeneratedRegex(@"(?<=\S\s+)\d.*$", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex AfterName();

    private static Utterance Started(string rest)
    {
        var (when, reason) = Split(rest);
        if (reason.Length == 0)
            return Usage("started");
        if (TimeOnly.TryParseExact(when, ["H:mm", "H:mm:ss"], CultureInfo.InvariantCulture, default, out var clock))
            return Order(new Command.CorrectStart(null, clock, reason));
        return
            when.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(
                when,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var at
            )
            ? Order(new Command.CorrectStart(at, null, reason))
            : Usage("started");
    }

    private static Utterance Tick(string rest)
    {
        var (gate, reason) = Split(rest);
        return gate.Length > 0 && reason.Length > 0 ? Order(new Command.Tick(gate, reason)) : Usage("tick");
    }

    private static Utterance Resolve(string rest)
    {
        if (rest.Length == 0)
            return Order(new Command.Resolve(null));
        const string word = "override:";
        return
            rest.StartsWith(word, StringComparison.OrdinalIgnoreCase)
            && rest[word.Length..].Trim() is { Length: > 0 } why
            ? Order(new Command.Resolve(why))
            : Usage("resolve");
    }

    private static Utterance WithText(string verb, string text, Func<string, Command> command) =>
        text.Length == 0 ? Usage(verb) : Order(command(text));

    private static Utterance Unknown(string verb)
    {
        var near = ChatVerb.All.FirstOrDefault(v =>
            verb.Length > 1
            && (v.Verb.StartsWith(verb, StringComparison.Ordinal) || verb.StartsWith(v.Verb, StringComparison.Ordinal))
        );
        return Misread(
            "unknown-command",
            near is null
                ? $"There is no /{verb}. /help lists what there is. A plain line goes to the incident log."
                : $"There is no /{verb}. Did you mean {near.Usage}?"
        );
    }

    private static Utterance Usage(string verb) => Misread("usage", "Say it like this: " + UsageOf(verb));

    private static string UsageOf(string verb) => ChatVerb.All.Single(v => v.Verb == verb).Usage;

    private static Utterance.Order Order(Command command) => new(command);

    internal static Utterance.Misread Misread(string code, string sentence) => new(new Refusal(code, sentence, []));

    private static string Known(Policy policy) => string.Join(", ", policy.Severities.Select(s => s.Severity));

    /// <summary>
    /// A name of the on-call table however it is written there; with an @ before it, or a mark and more words behind it
    /// («anna, on my way»); or whatever else can be a name. Null: it is talk.
    /// </summary>
    private static string? NameIn(string text, Policy policy)
    {
        text = text.TrimStart('@');
        var known = policy
            .Platform.OnCall.Select(p => p.Name)
            .Where(n => text.StartsWith(n, StringComparison.OrdinalIgnoreCase))
            .Where(n => text.Length == n.Length || ",.;:!?".Contains(text[n.Length]))
            .MaxBy(n => n.Length);
        return known is not null ? text[..known.Length]
            : IsName(text) ? text
            : null;
    }

    private static bool MayBeName(string text, Policy policy) =>
        policy.Platform.Person(text) is not null || IsName(text);

    private static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName
        && text.Split(' ').Length <= 3
        && text.All(c => char.IsLetterOrDigit(c) || c is ' ' or '.' or '-' or '_' or '\'' or '’');

    private static (string First, string Tail) Split(string text)
    {
        var end = text.AsSpan().IndexOfAny(" \t\n");
        return end < 0 ? (text, "") : (text[..end], text[end..].Trim());
    }

    /// <summary>Words, with what stands in quotes as one: phones write “ ” and « » for ".</summary>
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quoted = false;
        foreach (var c in text)
            if (c is '"' or '“' or '”' or '„' or '«' or '»')
            {
                quoted = !quoted;
                Flush();
            }
            else if (char.IsWhiteSpace(c) && !quoted)
                Flush();
            else
                word.Append(c);
        Flush();
        return words;

        void Flush()
        {
            if (word.ToString().Trim() is { Length: > 0 } full)
                words.Add(full);
            word.Clear();
        }
    }

    /// <summary>Escape sequences and other controls have no business in a log that terminals show.</summary>
    private static string WithoutControls(string text) =>
        text.Any(c => char.IsControl(c) && c != '\n')
            ? string.Concat(text.Select(c => c == '\t' ? ' ' : c).Where(c => c == '\n' || !char.IsControl(c)))
            : text;
}
