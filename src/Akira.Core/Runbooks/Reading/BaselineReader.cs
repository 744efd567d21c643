using System.Globalization;
using System.Text.RegularExpressions;

namespace Akira.Core.Runbooks.Reading;

/// <summary>
/// Finds the sentence that says what is normal: <c>Expected pilot baseline: ASR at least 95% and PDD p95 below 2s.</c> The
/// figures beside <c>Opens when</c> are limits, not what is normal: the sentence must say one or the other word.
/// </summary>
internal static partial class BaselineReader
{
    /// <returns>Null when no sentence has both figures.</returns>
    public static SmokeBaseline? In(string text)
    {
        foreach (Match m in Sentence().Matches(text.ReplaceLineEndings(" ")))
            if (
                Durations.TryParse(m.Groups["pdd"].Value, out var pdd)
                && pdd > TimeSpan.Zero
                && double.Parse(m.Groups["asr"].Value, CultureInfo.InvariantCulture) is >= 0 and <= 100 and var asr
            )
                return new(asr / 100, pdd);
        return null;
    }

    [GeneratedRegex(
        @"\b(baseline|normal)\b[^.]{0,60}?ASR[^.,;\d]{0,20}(?<asr>\d{1,3}(\.\d{1,3})?)\s?%[^.\d]{0,30}PDD p95[^.\d]{0,20}(?<pdd>\d{1,4}(\.\d{1,3})?\s?(ms|s|seconds)\b)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Sentence();
}
