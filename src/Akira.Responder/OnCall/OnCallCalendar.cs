using System.Collections.Immutable;
using Akira.Core.OnCall;
using Akira.Core.Runbooks;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;

namespace Akira.Responder.OnCall;

/// <summary>Shifts as RFC 5545 has them, for people's own calendars, and covers from such a calendar.</summary>
internal static class OnCallCalendar
{
    private const int MostEvents = 2000;
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(90);

    /// <summary>From the shift that holds now: one event for each time that somebody is primary without a break.</summary>
    public static string Write(Platform platform, ImmutableArray<Cover> covers, DateTimeOffset now)
    {
        var calendar = new Calendar { ProductId = "-//Akira//On call//EN" };
        var changes = Changes(platform.Rotation, covers, now).Distinct().Order().ToList();
        foreach (var (from, until) in changes.Zip(changes.Skip(1)))
        foreach (var primary in platform.OnDuty(from, covers).Named(Roster.Primary).Take(1))
            calendar.Events.Add(
                new CalendarEvent
                {
                    Uid = $"{from.ToUnixTimeSeconds()}-{primary.Name}@akira",
                    Summary = primary.Name,
                    Description = "primary on call",
                    Start = new CalDateTime(from.UtcDateTime, "UTC"),
                    End = new CalDateTime(until.UtcDateTime, "UTC"),
                }
            );
        return new CalendarSerializer().SerializeToString(calendar) ?? "";
    }

    /// <summary>Each event as a cover of the one in its title, repeated ones as often as they come in the next 90 days.</summary>
    /// <returns>Null: it is no calendar.</returns>
    public static ImmutableArray<Cover>? Read(string text, DateTimeOffset now)
    {
        try
        {
            var from = new CalDateTime(now.UtcDateTime, "UTC");
            return Calendar.Load(text) is not { } calendar
                ? null
                :
                [
                    .. calendar
                        .GetOccurrences<CalendarEvent>(from)
                        .TakeWhile(o => o.Period.StartTime.AsUtc < (now + Ahead).UtcDateTime)
                        .Take(MostEvents)
                        .Select(o => new Cover(
                            ((CalendarEvent)o.Source).Summary ?? "",
                            Log.Micros.Round(new DateTimeOffset(o.Period.StartTime.AsUtc)),
                            Log.Micros.Round(
                                new DateTimeOffset((o.Period.EffectiveEndTime ?? o.Period.StartTime).AsUtc)
                            ),
                            ""
                        ))
                        .Where(c => c.Until > c.From),
                ];
        }
        catch (Exception e)
            when (e
                    is FormatException
                        or ArgumentException
                        or InvalidOperationException
                        or System.Runtime.Serialization.SerializationException
            )
        {
            return null;
        }
    }

    private static IEnumerable<DateTimeOffset> Changes(
        Rotation? rotation,
        ImmutableArray<Cover> covers,
        DateTimeOffset now
    )
    {
        yield return rotation?.ShiftAt(now).From ?? now;
        for (var at = now; rotation is not null && at < now + Ahead; )
        {
            at = rotation.ShiftAt(at).Until;
            yield return at;
        }
        yield return now + Ahead;
        foreach (var at in covers.SelectMany(c => new[] { c.From, c.Until }))
            if (at > now && at < now + Ahead)
                yield return at;
    }
}
