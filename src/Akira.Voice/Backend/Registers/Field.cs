using System.Net.Mail;
using System.Text.RegularExpressions;
using Akira.Http;

namespace Akira.Voice.Backend.Registers;

/// <summary>What may stand in a field. Each answers null, or what is wrong with it; the first that does is what the sender hears.</summary>
internal static partial class Field
{
    public const int LongestName = 100;
    public const int LongestNote = 500;

    /// <summary>It stands in call records, in Kamailio's files and in addresses, so it is of plain characters.</summary>
    public static Problem? Id(string field, string? value) =>
        value is not null && IdPattern().IsMatch(value)
            ? null
            : Problem.BadField(
                field,
                "must have 1 to 40 lower-case letters, digits, dots or dashes, and begin with a letter or a digit"
            );

    public static Problem? Text(string field, string? value, int longest, bool isNeeded = false)
    {
        if (string.IsNullOrWhiteSpace(value))
            return isNeeded ? Problem.BadField(field, $"must have 1 to {longest} characters") : null;
        if (value.Length > longest)
            return Problem.BadField(field, $"has {value.Length} characters; {longest} is the most");
        if (
            value.Any(c => char.IsControl(c) || char.IsSurrogate(c) && !IsWhole(value))
            || value.AsSpan().ContainsAny('<', '>')
        )
            return Problem.BadField(field, "must be plain text: no markup (< or >) and no control characters");
        return null;
    }

    /// <summary>E.164 has fifteen digits at most.</summary>
    public static Problem? Prefix(string field, string? value) =>
        value is not null && PrefixPattern().IsMatch(value)
            ? null
            : Problem.BadField(field, "must have at most 15 digits, without +; empty means every number");

    public static Problem? Currency(string field, string? value) =>
        value is not null && CurrencyPattern().IsMatch(value)
            ? null
            : Problem.BadField(field, "must be a currency's three letters, such as EUR");

    public static Problem? Email(string field, string? value) =>
        string.IsNullOrEmpty(value)
        || value.Length <= LongestName && MailAddress.TryCreate(value, out var address) && address.Address == value
            ? null
            : Problem.BadField(field, "is no e-mail address");

    /// <summary>An IPv6 address stands without brackets.</summary>
    public static Problem? Host(string field, string? value) =>
        value is { Length: > 0 and <= 253 }
        && Uri.CheckHostName(value) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6
        && HostPattern().IsMatch(value)
            ? null
            : Problem.BadField(field, "must be an IP address or a host's name");

    private static bool IsWhole(string value)
    {
        for (var i = 0; i < value.Length; i++)
            if (char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
                i++;
            else if (char.IsSurrogate(value[i]))
                return false;
        return true;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{0,39}\z")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"\A[0-9]{0,15}\z")]
    private static partial Regex PrefixPattern();

    [GeneratedRegex(@"\A[A-Z]{3}\z")]
    private static partial Regex CurrencyPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9.:-]+\z")]
    private static partial Regex HostPattern();
}
