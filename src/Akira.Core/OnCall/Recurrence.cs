namespace Akira.Core.OnCall;

/// <summary>A time of day that comes again every so many days, in a time zone.</summary>
/// <param name="Every">Days from one to the next: 1, 7, 14, …</param>
/// <param name="At">Local time.</param>
/// <param name="First">The day of turn 0.</param>
public sealed record Recurrence(int Every, TimeOnly At, TimeZoneInfo Zone, DateOnly First)
{
    /// <summary>The turn that has begun last.</summary>
    public int TurnAt(DateTimeOffset now)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, Zone).DateTime);
        var turn = (int)Math.Floor((day.DayNumber - First.DayNumber) / (double)Every);
        // Near a change of the clocks the local day alone does not tell.
        while (Begin(turn) > now)
            turn--;
        while (Begin(turn + 1) <= now)
            turn++;
        return turn;
    }

    /// <summary>Where the clocks jump over the hour, it is when they do; where it comes twice, the first time.</summary>
    public DateTimeOffset Begin(int turn)
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
}
