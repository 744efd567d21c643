using System.Globalization;
using System.Text.RegularExpressions;
using Akira.Http;
using Akira.Voice.Backend.Registers;
using Microsoft.AspNetCore.Http;

namespace Akira.Voice.Backend.Calls;

/// <summary>Where a page ends: the next one begins behind it.</summary>
internal readonly record struct Cursor(DateTimeOffset At, string Uid)
{
    private const int LongestUid = 128;

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}.{Uid}"
        );

    public static Cursor? Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return
            dot > 0
            && text.Length - dot - 1 is > 0 and <= LongestUid
            && long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var micros)
            && micros < 4_102_444_800_000_000
            ? new(DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond), text[(dot + 1)..])
            : null;
    }
}

/// <summary>What is searched for. All that is given must hold.</summary>
/// <param name="Number">Caller or called; with <see cref="IsPrefix"/> its beginning.</param>
/// <param name="Code">The first and the last code that count.</param>
/// <param name="From">In.</param>
/// <param name="To">Not in any more.</param>
internal sealed partial record CallQuery(
    string? Number,
    bool IsPrefix,
    string? CallId,
    string? Customer,
    string? Trunk,
    (int First, int Last)? Code,
    DateTimeOffset? From,
    DateTimeOffset? To
)
{
    public const int LongestPage = 500;
    private const int LongestCallId = 256;

    /// <summary>From an address's parameters.</summary>
    public static (CallQuery? Query, Problem? Problem) Read(IQueryCollection asked)
    {
        var number = Of("number");
        if (number is not null && !NumberPattern().IsMatch(number))
            return Bad("number", "must be 1 to 32 digits, with or without + before and * after them");
        var callId = Of("callId");
        if (callId is not null && (callId.Length > LongestCallId || callId.Any(c => c is <= ' ' or > '~')))
            return Bad("callId", $"must be at most {LongestCallId} plain characters, without spaces");
        var (customer, trunk) = (Of("customer"), Of("trunk"));
        if (customer is not null && Field.Id("customer", customer) is { } noCustomer)
            return (null, noCustomer);
        if (trunk is not null && Field.Id("trunk", trunk) is { } noTrunk)
            return (null, noTrunk);
        var code = Of("code");
        if (code is not null && !CodePattern().IsMatch(code))
            return Bad("code", "must be a final response, 200 to 699, or a class such as 5xx");
        if (!Time(Of("from"), out var from))
            return Bad("from", "is no time: write 2026-11-24T02:00:00Z");
        if (!Time(Of("to"), out var to))
            return Bad("to", "is no time: write 2026-11-24T03:00:00Z");
        if (from >= to)
            return Bad("to", "must be after from");
        return (
            new(
                number?.TrimEnd('*'),
                number?.EndsWith('*') == true,
                callId,
                customer,
                trunk,
                code is null ? null : Codes(code),
                from,
                to
            ),
            null
        );

        string? Of(string name) => asked[name].ToString().Trim() is { Length: > 0 } value ? value : null;
    }

    private static (int, int) Codes(string code) =>
        code.EndsWith("xx", StringComparison.OrdinalIgnoreCase)
            ? ((code[0] - '0') * 100, (code[0] - '0') * 100 + 99)
            : (int.Parse(code, CultureInfo.InvariantCulture), int.Parse(code, CultureInfo.InvariantCulture));

    private static bool Time(string? text, out DateTimeOffset? time)
    {
        time = null;
        if (text is null)
            return true;
        const DateTimeStyles style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (
            !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, style, out var at)
            || at.Year is < 2000 or > 2100
        )
            return false;
        time = at;
        return true;
    }

    private static (CallQuery?, Problem?) Bad(string field, string what) => (null, Problem.BadField(field, what));

    [GeneratedRegex(@"\A\+?[0-9]{1,32}\*?\z")]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"\A[2-6]([0-9]{2}|xx|XX)\z")]
    private static partial Regex CodePattern();
}
