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
    /// Whole tokens only: <c>db-10</c> does not name <c>db-1</c>. In the platform's spelling, each once. Quoted lines
    /// and fenced blocks name nothing: whoever pastes a runbook has not decided on a host yet.
    /// </summary>
    public static ImmutableArray<string> In(string text, Platform platform)
    {
        var tokens = Token()
            .Matches(Quoted().Replace(text, " "))
            .Select(m => m.Value)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. platform.Hosts.Select(h => h.Name).Append(Responder).Where(tokens.Contains)];
    }

    [GeneratedRegex(@"```.*?(?:```|\z)|^[ \t]*>[^\n]*", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Quoted();

    // A full stop ends a sentence more often than a host name.
    [GeneratedRegex(@"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?")]
    private static partial Regex Token();
}
