using System.Collections.Immutable;
using Akira.Core.Chat;
using Akira.Core.Runbooks;

namespace Akira.Responder.Console;

/// <param name="Line">The whole line once it is taken.</param>
public sealed record Suggestion(string Line, string What);

/// <summary>What could be typed next: the grammar's verbs, then the words that the runbooks know.</summary>
public static class Completion
{
    private const int AtMost = 8;
    private const int ShortestHost = 3;

    /// <param name="line">As far as it is typed.</param>
    /// <param name="me">Who is typing: the first name offered.</param>
    public static ImmutableArray<Suggestion> Of(string line, Policy policy, string me)
    {
        if (string.IsNullOrWhiteSpace(line))
            return [];
        var text = line.TrimStart();
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
            return Verbs(text, me);
        var head = text[..(space + 1)];
        var rest = text[(space + 1)..];
        return
        [
            .. Arguments(text[..space].TrimStart('/').ToLowerInvariant(), rest, policy, me)
                .Where(s => !s.Line.Equals(rest.Trim(), StringComparison.OrdinalIgnoreCase))
                .Select(s => s with { Line = head + s.Line })
                .Take(AtMost),
        ];
    }

    private static ImmutableArray<Suggestion> Verbs(string typed, string me) =>
        [
            .. ChatVerb
                .All.Where(v => $"/{v.Verb}".StartsWith(typed, StringComparison.OrdinalIgnoreCase) || IsAck(v, typed))
                .Select(v => new Suggestion(Begin(v, me), v.What)),
        ];

    private static bool IsAck(ChatVerb verb, string typed) =>
        verb.Verb == "ack" && "ack".StartsWith(typed, StringComparison.OrdinalIgnoreCase);

    private static string Begin(ChatVerb verb, string me) =>
        verb.Verb switch
        {
            "ack" => $"ACK {me}",
            "policy" => verb.Usage,
            "ticket" => "/ticket \"SEV",
            "resolve" => "/resolve",
            _ => verb.Usage.Contains(' ', StringComparison.Ordinal) ? $"/{verb.Verb} " : $"/{verb.Verb}",
        };

    private static IEnumerable<Suggestion> Arguments(string verb, string rest, Policy policy, string me) =>
        verb switch
        {
            "ack" => Names(policy, me).Where(s => Begins(s, rest)),
            "handover" => Names(policy, me).Reverse().Where(s => Begins(s, rest)),
            "silence" => policy
                .AllSubsystems.Select(s => new Suggestion($"{Quoted(s)} for ", ""))
                .Where(s => Begins(s, rest)),
            "classify" => policy.Subsystems.Select(s => new Suggestion(s, "")).Where(s => Begins(s, rest)),
            "sev" => policy
                .Severities.Select(s => new Suggestion($"{s.Severity} ", s.Name))
                .Where(s => s.Line.StartsWith(rest, StringComparison.OrdinalIgnoreCase)),
            "tick" => policy
                .Gates.Select(g => new Suggestion($"{g.Name} ", g.Text))
                .Where(s => s.Line.StartsWith(rest, StringComparison.OrdinalIgnoreCase)),
            "run" => Steps(policy).Where(s => s.Line.Contains(rest.Trim(), StringComparison.OrdinalIgnoreCase)),
            "resolve" => new[] { new Suggestion("override: ", "close although gates are unmet, by your name") }.Where(
                s => Begins(s, rest)
            ),
            _ => Hosts(rest, policy),
        };

    private static string Quoted(string subsystem) =>
        subsystem.Contains(' ', StringComparison.Ordinal) ? $"\"{subsystem}\"" : subsystem;

    private static bool Begins(Suggestion suggestion, string typed) =>
        suggestion.Line.StartsWith(typed, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<Suggestion> Names(Policy policy, string me) =>
        policy
            .Platform.OnCall.Select(p => new Suggestion(p.Name, p.Role))
            .OrderBy(s => !s.Line.Equals(me, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<Suggestion> Steps(Policy policy) =>
        from runbook in policy.Runbooks
        from section in runbook.Sections
        from step in section.Steps
        orderby step.IsRecovery descending
        select new Suggestion(step.Name, $"{step.Effect.ToString().ToLowerInvariant()}, {section.Heading}");

    /// <summary>A host's name is worth completing: naming it whole is what a destructive step asks for.</summary>
    private static IEnumerable<Suggestion> Hosts(string rest, Policy policy)
    {
        var start = rest.LastIndexOf(' ') + 1;
        var typed = rest[start..];
        return typed.Length < ShortestHost
            ? []
            : policy
                .Platform.Hosts.Where(h =>
                    h.Name.StartsWith(typed, StringComparison.OrdinalIgnoreCase) && h.Name.Length > typed.Length
                )
                .Select(h => new Suggestion(rest[..start] + h.Name, h.Role));
    }
}
