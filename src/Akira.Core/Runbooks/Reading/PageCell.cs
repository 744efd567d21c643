using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Akira.Core.Runbooks.Reading;

/// <summary>A cell of the escalation matrix: <c>Page A, B and C if not mitigated, prepare rollback</c>.</summary>
/// <param name="Problem">Words after <c>if not</c> that are no state of an incident; null when all is clear.</param>
internal sealed partial record PageCell(EscalationAction Action, string? Problem)
{
    public static PageCell Read(string text, Platform platform)
    {
        // "Page A, if not mitigated": the comma ends no clause there.
        var clauses = Condition()
            .Replace(text, " ")
            .Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (clauses.Length == 0 || Page().Match(clauses[0]) is not { Success: true } page)
            return new(new EscalationAction(text, [], EscalationUnless.Never, text.Length == 0 ? [] : [text]), null);

        clauses[0] = page.Groups[1].Value;
        // A comma may go on with the list of names, or begin a reminder: only names go on.
        var pages = clauses
            .TakeWhile((clause, i) => i == 0 || Names(Unless().Replace(clause, "")).All(n => IsName(n, platform)))
            .ToList();
        var condition = pages.Select(c => Unless().Match(c)).FirstOrDefault(m => m.Success);
        var unless = condition is null ? EscalationUnless.Never : StateIn(condition);
        return new(
            new EscalationAction(
                text,
                [.. pages.SelectMany(c => Names(Unless().Replace(c, "")))],
                unless ?? EscalationUnless.Never,
                [.. clauses.Skip(pages.Count)]
            ),
            unless is null ? condition?.Value.Trim() : null
        );
    }

    /// <summary>Null when it is no state of an incident, or when the page would be for those who have reached it.</summary>
    private static EscalationUnless? StateIn(Match condition) =>
        condition.Groups["not"].Success
            ? condition.Groups["state"].Value.ToLowerInvariant() switch
            {
                "mitigated" => EscalationUnless.Mitigated,
                "acknowledged" or "acked" => EscalationUnless.Acknowledged,
                _ => null,
            }
            : null;

    /// <summary>The names in <c>A, B and C</c>.</summary>
    public static ImmutableArray<string> Names(string words) =>
        [.. And().Split(words).Select(n => n.Trim().TrimEnd('.')).Where(n => n.Length > 0)];

    private static bool IsName(string words, Platform platform) =>
        !platform.Named(words).IsEmpty
        || words.Equals("primary", StringComparison.OrdinalIgnoreCase)
        || words.Equals("secondary", StringComparison.OrdinalIgnoreCase)
        || char.IsUpper(words[0]) && !words.Contains(' ', StringComparison.Ordinal);

    [GeneratedRegex(@"^page\s+(?:the\s+)?(.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Page();

    [GeneratedRegex(@"\s*,\s*(?=(?:if|unless)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Condition();

    [GeneratedRegex(@"\s+(?:(?<not>if\s+not(?:\s+yet)?|unless)|if)\s+(?<state>.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Unless();

    [GeneratedRegex(@"\s*(?:,|&|\band\b)\s*", RegexOptions.IgnoreCase)]
    private static partial Regex And();
}
