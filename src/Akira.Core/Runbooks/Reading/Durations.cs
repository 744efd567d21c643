using System.Globalization;
using System.Text.RegularExpressions;

namespace Akira.Core.Runbooks.Reading;

/// <summary>Durations as people write them: <c>15 minutes</c>, <c>90 s</c>, <c>1 hour 30 minutes</c>, <c>2d</c>.</summary>
public static partial class Durations
{
    /// <summary>One or more amounts with a unit, for use inside other expressions.</summary>
    public const string Pattern = @"\d+(?:\.\d+)?[ \t]*[a-zA-Z]+(?:[ \t]+(?:and[ \t]+)?\d+(?:\.\d+)?[ \t]*[a-zA-Z]+)*";

    /// <summary>For a message that asks for one.</summary>
    public const string Example = "'15 minutes', '4 hours' or '90 s'";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <returns>False when the words are no duration, or one of more than ten years.</returns>
    public static bool TryParse(string words, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        words = words.Trim().TrimEnd('.');
        if (words.Length > 80 || !Whole().IsMatch(words))
            return false;
        var seconds = 0.0;
        foreach (Match amount in Amount().Matches(words))
        {
            if (SecondsIn(amount.Groups[2].Value) is not { } unit)
                return false;
            seconds += double.Parse(amount.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * unit;
        }
        if (seconds > Longest.TotalSeconds)
            return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>The first duration that a sentence names; null when it names none.</summary>
    public static TimeSpan? FirstIn(string sentence) =>
        Somewhere()
            .Matches(sentence)
            .Select(m => TryParse(m.Value, out var d) ? d : (TimeSpan?)null)
            .FirstOrDefault(d => d is not null);

    /// <summary>How many seconds one of a unit is; null when the word is no unit of time.</summary>
    public static double? SecondsIn(string unit) =>
        unit.ToLowerInvariant() switch
        {
            "ms" or "millisecond" or "milliseconds" => 0.001,
            "s" or "sec" or "secs" or "second" or "seconds" => 1,
            "m" or "min" or "mins" or "minute" or "minutes" => 60,
            "h" or "hr" or "hrs" or "hour" or "hours" => 3_600,
            "d" or "day" or "days" => 86_400,
            "w" or "week" or "weeks" => 604_800,
            _ => null,
        };

    [GeneratedRegex(@"^(?:\d+(?:\.\d+)?\s*[a-zA-Z]+[\s,]*(?:and\s+)?)+$")]
    private static partial Regex Whole();

    [GeneratedRegex(Pattern)]
    private static partial Regex Somewhere();

    [GeneratedRegex(@"(\d+(?:\.\d+)?)\s*([a-zA-Z]+)")]
    private static partial Regex Amount();
}
