using System.Globalization;
using System.Text.RegularExpressions;
using Akira.Core.Alerts;
using Akira.Core.Runbooks;
using Akira.Core.Runbooks.Reading;
using Akira.Core.Silences;

namespace Akira.Core.Chat;

/// <summary><c>/silence signaling for 2h new kernel</c>, <c>/silence database from 2026-11-26T22:00Z for 45m base backup</c>.</summary>
internal static partial class SilenceGrammar
{
    /// <returns>Null: it is not written so.</returns>
    public static Utterance? Read(string rest, Policy policy)
    {
        // Phones write “ ” for ".
        var match = Line().Match(rest.Replace('“', '"').Replace('”', '"').Replace('„', '"'));
        if (!match.Success || !Durations.TryParse(match.Groups["for"].Value, out var lasting))
            return null;
        DateTimeOffset? from = null;
        if (match.Groups["from"] is { Success: true, Value: var said })
        {
            if (InstantOf(said) is not { } instant)
                return ChatGrammar.Misread("bad-time", $"«{said}» is no time: write 2026-11-26T22:00Z.");
            from = instant;
        }
        var scope = ScopeGrammar.Read(
            match.Groups["what"].Value,
            word => Triage.SeverityOf(word, policy),
            policy.AllSubsystems,
            out var error
        );
        return scope is null
            ? ChatGrammar.Misread("bad-scope", error)
            : new Utterance.Silence(scope, from, lasting, match.Groups["reason"].Value.Trim());
    }

    /// <summary>A time without a zone is UTC, as everywhere in the log.</summary>
    public static DateTimeOffset? InstantOf(string text) =>
        DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var instant
        )
            ? instant
            : null;

    // What stands in quotes may have the word for in it.
    [GeneratedRegex(
        """^(?<what>(?:"[^"]*"|[^"])*?)(?:\s+from\s+(?<from>\S+))?\s+for\s+(?<for>(?:\d+(?:\.\d+)?\s*(?:m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?![a-zA-Z])\s*){1,3}?)(?:\s*:\s*|\s+)(?<reason>\S.*)$""",
        RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Line();
}
