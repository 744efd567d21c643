namespace Akira.Core.Voice;

/// <summary>
/// Groups called numbers: the country code and one digit more, which in most numbering plans tells mobile from fixed
/// (<c>+393</c>, <c>+390</c>). Country codes as ITU-T E.164 assigns them: zones 1 and 7 have one digit, the list below
/// two, all others three.
/// </summary>
public static class DestinationPrefix
{
    private static readonly HashSet<string> TwoDigits =
    [
        .. "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66".Split(
            ' '
        ),
        .. "81 82 84 86 90 91 92 93 94 95 98".Split(' '),
    ];

    /// <summary><c>+393</c> for <c>+39 333 1234567</c> and <c>0039333…</c>; <c>national</c> for other digits; <c>other</c>.</summary>
    public static string? Of(string? destination)
    {
        if (string.IsNullOrEmpty(destination))
            return null;
        var digits = string.Concat(destination.Where(char.IsAsciiDigit));
        if (destination[0] != '+')
        {
            if (digits.Length < destination.Length)
                return "other";
            if (!digits.StartsWith("00", StringComparison.Ordinal))
                return "national";
            digits = digits[2..];
        }
        if (digits.Length < 4)
            return "other";
        var code =
            digits[0] is '1' or '7' ? 1
            : TwoDigits.Contains(digits[..2]) ? 2
            : 3;
        return "+" + digits[..(code + 1)];
    }
}
