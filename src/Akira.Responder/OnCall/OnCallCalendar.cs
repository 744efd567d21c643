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
        foreach (var shift in platform.Shifts(covers, now, Ahead).Where(s => s.Primary.Length > 0))
            calendar.Events.Add(
                new CalendarEvent
                {
                    Uid = $"{shift.From.ToUnixTimeSeconds()}-{shift.Primary}@akira",
                    Summary = shift.Primary,
                    Description = "primary on call",
                    Start = new CalDateTime(shift.From.UtcDateTime, "UTC"),
                    End = new CalDateTime(shift.Until.UtcDateTime, "UTC"),
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
}
