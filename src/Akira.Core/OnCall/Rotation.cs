using System.Collections.Immutable;

namespace Akira.Core.OnCall;

/// <summary>People who are primary in turn; the next one is secondary. Read from the on-call part of <c>platform.md</c>.</summary>
/// <param name="People">At least two, in the order of their turns.</param>
/// <param name="Every">Days from one handover to the next: 1, 7, 14, …</param>
/// <param name="At">Local time of the handover.</param>
/// <param name="First">The day on which the first of <paramref name="People"/> takes over.</param>
public sealed record Rotation(ImmutableArray<string> People, int Every, TimeOnly At, TimeZoneInfo Zone, DateOnly First)
{
    /// <summary>Whose turn it is. Shifts leave no gap and do not overlap: each ends when the next one begins.</summary>
    public Shift ShiftAt(DateTimeOffset now)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, Zone).DateTime);
        var turn = (int)Math.Floor((day.DayNumber - First.DayNumber) / (double)Every);
        // Near a change of the clocks the local day alone does not tell.
        while (Begin(turn) > now)
            turn--;
        while (Begin(turn + 1) <= now)
            turn++;
        return new Shift(Begin(turn), Begin(turn + 1), Of(turn), Of(turn + 1));
    }

    /// <summary>Where the clocks jump over the hour, the handover is when they do; where it comes twice, the first time.</summary>
    private DateTimeOffset Begin(int turn)
    {
        var local = First.AddDays(turn * Every).ToDateTime(At);
        if (Zone.IsInvalidTime(local))
        {
            // Just before the jump the old offset still holds: read with it, the instant lies in the new time.
            var before = Zone.GetUtcOffset(local.AddHours(-3));
            return JumpNear(new DateTimeOffset(local, before).ToUniversalTime());
        }
        var offset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    /// <summary>The minute in which the offset changes, at most a few hours before an instant.</summary>
    private DateTimeOffset JumpNear(DateTimeOffset after)
    {
        var (low, high) = (after.AddHours(-4), after);
        while (high - low > TimeSpan.FromMinutes(1))
        {
            var middle = low + (high - low) / 2;
            if (Zone.GetUtcOffset(middle) == Zone.GetUtcOffset(after))
                high = middle;
            else
                low = middle;
        }
        return new DateTimeOffset(high.Ticks - high.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
    }

    private string Of(int turn) => People[(turn % People.Length + People.Length) % People.Length];
}

/// <param name="Until">When the next one begins.</param>
public sealed record Shift(DateTimeOffset From, DateTimeOffset Until, string Primary, string Secondary);

/// <summary>Somebody is primary in another's place for a while.</summary>
/// <param name="By">Who said so.</param>
public sealed record Cover(string Name, DateTimeOffset From, DateTimeOffset Until, string By);
