using System.Globalization;

namespace Akira.Core.Voice;

/// <summary>
/// Groups called numbers: the country code and one digit more, which in most numbering plans tells mobile from fixed
/// (<c>+393</c>, <c>+390</c>). Country codes as ITU-T E.164 assigns them: zones 1 and 7 have one digit, the list below
/// two, all others three. A prefix is also a number: its digits, or one of two below zero.
/// </summary>
public static class DestinationPrefix
{
    private const int National = -1;
    private const int Other = -2;
    private const int LongestCode = 4;

    private static readonly bool[] TwoDigits = [.. Enumerable.Range(0, 100).Select(IsTwoDigitCode)];

    /// <summary><c>+393</c> for <c>+39 333 1234567</c> and <c>0039333…</c>; <c>national</c> for other digits; <c>other</c>.</summary>
    public static string? Of(string? destination) => CodeOf(destination) is { } code ? NameOf(code) : null;

    public static string NameOf(int code) =>
        code switch
        {
            National => "national",
            Other => "other",
            _ => "+" + code.ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>The inverse of <see cref="NameOf"/>; null when it is no prefix's name.</summary>
    public static int? CodeOfName(string name) =>
        name switch
        {
            "national" => National,
            "other" => Other,
            ['+', .. var digits]
                when int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var code) => code,
            _ => null,
        };

    /// <summary>Null when there is no destination.</summary>
    public static int? CodeOf(string? destination)
    {
        if (string.IsNullOrEmpty(destination))
            return null;
        Span<int> first = stackalloc int[LongestCode + 2];
        var digits = 0;
        foreach (var c in destination)
            if (!char.IsAsciiDigit(c))
            {
                if (destination[0] != '+')
                    return Other;
            }
            else if (digits++ < first.Length)
                first[digits - 1] = c - '0';
        if (destination[0] == '+')
            return CodeOf(first, digits);
        return digits >= 2 && first is [0, 0, ..] ? CodeOf(first[2..], digits - 2) : National;
    }

    private static int CodeOf(ReadOnlySpan<int> first, int digits)
    {
        if (digits < LongestCode || first[0] == 0)
            return Other;
        var length =
            first[0] is 1 or 7 ? 1
            : TwoDigits[first[0] * 10 + first[1]] ? 2
            : 3;
        var code = 0;
        foreach (var digit in first[..(length + 1)])
            code = code * 10 + digit;
        return code;
    }

    private static bool IsTwoDigitCode(int code) =>
        code
            is 20
                or 27
                or 30
                or 31
                or 32
                or 33
                or 34
                or 36
                or 39
                or 40
                or 41
                or 43
                or 44
                or 45
                or 46
                or 47
                or 48
                or 49
                or 51
                or 52
                or 53
                or 54
                or 55
                or 56
                or 57
                or 58
                or 60
                or 61
                or 62
                or 63
                or 64
                or 65
                or 66
                or 81
                or 82
                or 84
                or 86
                or 90
                or 91
                or 92
                or 93
                or 94
                or 95
                or 98;
}
