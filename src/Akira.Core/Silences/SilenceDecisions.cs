using System.Collections.Immutable;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;

namespace Akira.Core.Silences;

/// <summary>What a request comes to: entries to record, or a refusal.</summary>
/// <param name="Refusal">Null: accepted.</param>
public sealed record SilenceDecision(ImmutableArray<SilenceEntry> Entries, string Reply, Refusal? Refusal = null);

/// <summary>The rules of silences.</summary>
public static class SilenceDecisions
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    /// <summary>Of one that names the policy's worst severity: nobody forgets it over a shift.</summary>
    public static readonly TimeSpan LongestOfTheWorst = TimeSpan.FromHours(4);

    /// <summary>For so long what is behind two of those is heard.</summary>
    private static readonly TimeSpan BetweenTheWorst = TimeSpan.FromHours(1);

    private static readonly TimeSpan Ahead = TimeSpan.FromDays(90);

    /// <param name="from">Null: now.</param>
    public static SilenceDecision Set(
        Silencing silencing,
        SilenceScope scope,
        DateTimeOffset? from,
        TimeSpan lasting,
        string reason,
        Actor by,
        Policy policy,
        DateTimeOffset now
    )
    {
        var worst = policy.Worst;
        var start = from ?? now;
        if (scope.Severities.FirstOrDefault(s => !policy.Knows(s)) is { Level: > 0 } unknown)
            return Refuse(
                "unknown-severity",
                $"The runbook has no {unknown}. It has {string.Join(", ", policy.Severities.Select(s => s.Severity))}."
            );
        if (scope.Severities.IsEmpty && scope.Matchers.IsEmpty)
            return Refuse(
                "silence-too-wide",
                "That would silence everything. Say what: a subsystem, a severity, or labels such as alertname=\"DiskFull\"."
            );
        if (reason.Trim().Length == 0)
            return Refuse("reason-missing", "Say why: who finds it at night must understand it.");
        if (!by.IsIdentifiedPerson)
            return Refuse("not-identified", "Only an identified person may silence alerts.");
        if (lasting < Shortest)
            return Refuse(
                "silence-too-short",
                $"A silence lasts at least {Elapsed.Words(Shortest)}: say for 30m, for 2h, for 1 day."
            );
        if (lasting > Longest)
            return Refuse(
                "silence-too-long",
                $"A silence lasts at most {Elapsed.Words(Longest)}. It can be set again."
            );
        if (scope.Severities.Contains(worst) && OfTheWorst(silencing, scope, start, lasting, worst) is { } refusal)
            return refusal;
        if (start + lasting <= now)
            return Refuse("silence-over", "That time is over already.");
        if (start > now + Ahead)
            return Refuse(
                "silence-too-far",
                $"That begins in more than {Elapsed.Words(Ahead)}. What comes again and again stands in platform.md, under '## Maintenance windows'."
            );
        var number = silencing.LastNumber + 1;
        var spared = scope.Severities.IsEmpty ? $", but for {worst}: that must be named" : "";
        var when =
            start > now
                ? $"from {start:yyyy-MM-dd HH:mm} UTC for {Elapsed.Words(lasting)}"
                : $"for {Elapsed.Words(start + lasting - now)}, until {start + lasting:HH:mm} UTC";
        return new(
            [new SilenceEntry.Set(number, scope, start, start + lasting, reason.Trim())],
            $"Silence {number}: {scope} {when}{spared}. /unsilence {number} ends it."
        );
    }

    /// <summary>Not all of the platform's, not for long, and not one after the other as if it were one.</summary>
    private static SilenceDecision? OfTheWorst(
        Silencing silencing,
        SilenceScope scope,
        DateTimeOffset start,
        TimeSpan lasting,
        Severity worst
    )
    {
        if (!scope.Matchers.Any(m => m.Op == "=" && m.Value.Length > 0))
            return Refuse(
                "silence-too-wide",
                $"That would silence every {worst}, or nobody can tell which. Name a subsystem, or a label with its value, beside {worst}."
            );
        if (lasting > LongestOfTheWorst)
            return Refuse(
                "silence-too-long",
                $"One that names {worst} lasts at most {Elapsed.Words(LongestOfTheWorst)}. It can be set again."
            );
        var near = silencing.Standing.Values.FirstOrDefault(s =>
            s.Scope == scope && start - s.Until < BetweenTheWorst && s.From - (start + lasting) < BetweenTheWorst
        );
        // One that is over counts too, but where both together last no longer than one may: a slip is mended so.
        if (
            near is null
            && silencing.Over.TryGetValue(scope, out var over)
            && start - over.Until < BetweenTheWorst
            && start + lasting - over.From > LongestOfTheWorst
        )
            return Refuse(
                "silence-too-long",
                $"Silence {over.Number} of the same ended at {over.Until:HH:mm} UTC: {worst} is heard for {Elapsed.Words(BetweenTheWorst)} in between."
            );
        return near is null
            ? null
            : Refuse(
                "silence-too-long",
                $"Silence {near.Number} of the same until {near.Until:HH:mm} UTC is too near: {worst} is heard for {Elapsed.Words(BetweenTheWorst)} in between. /unsilence {near.Number} ends it."
            );
    }

    public static SilenceDecision End(Silencing silencing, int number, Actor by)
    {
        if (!by.IsIdentifiedPerson)
            return Refuse("not-identified", "Only an identified person may end a silence.");
        if (!silencing.Standing.TryGetValue(number, out var silence))
            return number > 0 && number <= silencing.LastNumber
                ? Refuse("silence-ended", $"Silence {number} is over already.")
                : Refuse("no-silence", $"There is no silence {number}. /silences lists them.");
        var firing = silencing.Alerts.Values.Count(a => a.Silence == number);
        return new(
            [new SilenceEntry.Ended(number, SilenceEnd.Ended)],
            firing == 0
                ? $"Silence {number} ({silence.Scope}) is over."
                : $"Silence {number} ({silence.Scope}) is over. {(firing == 1 ? "1 alert still fires and is" : $"{firing} alerts still fire and are")} news now."
        );
    }

    /// <summary>What the time alone brings: silences that expire, maintenance windows that open.</summary>
    public static ImmutableArray<SilenceEntry> Due(Silencing silencing, Policy policy, DateTimeOffset now)
    {
        var windows = policy.Platform.Windows;
        if (silencing.Standing.IsEmpty && windows.IsEmpty)
            return [];
        var due = ImmutableArray.CreateBuilder<SilenceEntry>();
        foreach (var silence in silencing.Standing.Values)
            if (silence.Until <= now)
                due.Add(new SilenceEntry.Ended(silence.Number, SilenceEnd.Expired));
        var number = silencing.LastNumber;
        foreach (var window in windows)
            if (
                window.OpenAt(now) is { } span
                && (!silencing.Opened.TryGetValue(window.Name, out var last) || last < span.From)
            )
                due.Add(new SilenceEntry.Set(++number, window.Scope, span.From, span.Until, window.Why, window.Name));
        return due.DrainToImmutable();
    }

    private static SilenceDecision Refuse(string code, string sentence) => new([], "", new Refusal(code, sentence, []));
}

/// <summary>Why a silence, or an alert under it, is over; as the log says it.</summary>
public static class SilenceEnd
{
    public const string Ended = "ended";
    public const string Expired = "expired";

    /// <summary>Of an alert: it fires on, and an incident has it.</summary>
    public const string News = "news";
}
