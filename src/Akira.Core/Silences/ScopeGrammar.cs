using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Akira.Core.Incidents;

namespace Akira.Core.Silences;

/// <summary>
/// Reads what a silence is about: <c>signaling</c>, <c>SEV1 "CDR pipeline"</c>, <c>alertname=~"Disk.*" host!="db-2"</c>. In braces
/// and with commas, as Alertmanager writes it, it may stand too.
/// </summary>
public static partial class ScopeGrammar
{
    public const string Example = "signaling, SEV2 database, or alertname=~\"Disk.*\" host=\"db-1\"";

    /// <param name="severityOf">A word as a severity; null when it is none.</param>
    /// <param name="subsystems">As they are written; others are not known. None: any is.</param>
    /// <param name="error">What is wrong, as a sentence.</param>
    public static SilenceScope? Read(
        string text,
        Func<string, Severity?> severityOf,
        ImmutableArray<string> subsystems,
        out string error
    )
    {
        error = "";
        var severities = ImmutableArray.CreateBuilder<Severity>();
        var matchers = ImmutableArray.CreateBuilder<Matcher>();
        var words = new List<string>();
        foreach (Match part in Part().Matches(text))
            if (!part.Groups["op"].Success)
            {
                var word = part.Value.Trim('"');
                if (Severity.TryParse(word, out var severity))
                    severities.Add(severity);
                else if (word.Length > 0)
                    words.Add(word);
            }
            else if (part.Groups["label"].Value == "severity" && part.Groups["op"].Value == "=")
            {
                var value = part.Groups["value"].Value.Trim('"');
                if (severityOf(value) is not { } named)
                    return Wrong($"«{value}» is no severity.", out error);
                severities.Add(named);
            }
            else if (Matcher.TryParse(part.Value) is { } matcher)
                matchers.Add(matcher);
            else
                return Wrong($"{part.Value} is no matcher: its pattern cannot be read.", out error);
        if (words.Count > 0)
        {
            var said = string.Join(' ', words);
            var subsystem = subsystems.FirstOrDefault(s => Runbooks.Policy.AreSame(s, said));
            if (subsystem is null && !subsystems.IsEmpty)
                return Wrong(
                    $"There is no subsystem «{said}». There are {string.Join(", ", subsystems)}. Say for example: {Example}.",
                    out error
                );
            matchers.Insert(0, Matcher.Equal("subsystem", subsystem ?? said));
        }
        return new SilenceScope([.. severities.Distinct().Order()], matchers.ToImmutable());
    }

    private static SilenceScope? Wrong(string sentence, out string error)
    {
        error = sentence;
        return null;
    }

    [GeneratedRegex($@"{Matcher.Pattern}|""[^""]*""|[^\s,""{{}}]+")]
    private static partial Regex Part();
}
