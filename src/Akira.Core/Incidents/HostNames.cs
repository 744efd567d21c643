using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Akira.Core.Runbooks;

namespace Akira.Core.Incidents;

/// <summary>Which hosts somebody's words name.</summary>
public static partial class HostNames
{
    /// <summary>What a step that runs on the responder's own machine is aimed at.</summary>
    public const string Responder = "responder";

    /// <summary>
    /// Whole tokens only: <c>db-10</c> does not name <c>db-1</c>. In the platform's spelling, each once. What is quoted names
    /// nothing, whoever pastes a runbook has not decided on a host yet; nor does a sentence with a <c>not</c> in it. The
    /// responder's machine is named by <c>on responder</c>: people speak of responders all the time.
    /// </summary>
    public static ImmutableArray<string> In(string text, Platform platform)
    {
        var said = string.Join(
            '\n',
            SentenceEnd()
                .Split(Quotation().Replace(Quoted().Replace(text, " "), " "))
                .Where(s => !Negation().IsMatch(s))
        );
        var tokens = TokensOf(said);
        var hosts = platform.Hosts.Select(h => h.Name).Where(tokens.Contains);
        return [.. OnResponder().IsMatch(said) ? hosts.Append(Responder) : hosts];
    }

    /// <summary>
    /// What a step is aimed at: where its commands run, and the hosts that stand, by name or address, in what runs here or
    /// destroys something: <c>psql -h db-1 -c 'DROP TABLE …'</c> does to <c>db-1</c> what it does wherever it runs.
    /// </summary>
    public static ImmutableArray<string> AimedAt(Step step, Platform platform)
    {
        var words = step.Parts.SelectMany(p => p.Host is null ? [p.Script] : Effects.DestructiveCommands(p.Script));
        var tokens = TokensOf(string.Join('\n', words));
        return
        [
            .. OfStep(step)
                .Concat(
                    platform
                        .Hosts.Where(h => tokens.Contains(h.Name) || tokens.Contains(h.Address.Split(':')[0]))
                        .Select(h => h.Name)
                )
                .Distinct(),
        ];
    }

    /// <summary>Where its commands run.</summary>
    public static ImmutableArray<string> OfStep(Step step) =>
        step.Parts.Any(p => p.Host is null) ? [Responder, .. step.Hosts] : step.Hosts;

    private static HashSet<string> TokensOf(string text) =>
        Token().Matches(text).Select(m => m.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Fenced blocks, quoted lines, also those of a list, and indented code.</summary>
    [GeneratedRegex(
        @"(?:```|~~~).*?(?:```|~~~|\z)|^[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)*>[^\n]*|^(?:[ ]{4}|\t)[^\n]*",
        RegexOptions.Singleline | RegexOptions.Multiline
    )]
    private static partial Regex Quoted();

    /// <summary>Of more than one word: a host's name alone may stand in quotes.</summary>
    [GeneratedRegex(@"`[^`\n]*\s[^`\n]*`|""[^""\n]*\s[^""\n]*""|[“«„][^”»“\n]*\s[^”»“\n]*[”»“]")]
    private static partial Regex Quotation();

    [GeneratedRegex(@"[.!?;:](?=\s|\z)|\n")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\b(?:no|not|never|non|nor|without|except|instead|avoid)\b|n['’]t\b", RegexOptions.IgnoreCase)]
    private static partial Regex Negation();

    [GeneratedRegex(@"\bon (?:the )?responder\b", RegexOptions.IgnoreCase)]
    private static partial Regex OnResponder();

    // A full stop ends a sentence more often than a host name.
    [GeneratedRegex(@"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?")]
    private static partial Regex Token();
}
