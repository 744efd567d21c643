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

    /// <summary>Ends the UIDs of our own feed: who reads it back would pin the rotation to what it is today.</summary>
    private const string Ours = "@akira";

    public static readonly TimeSpan Ahead = TimeSpan.FromDays(90);

    /// <summary>From the shift that holds now: one event for each time that somebody is primary without a break.</summary>
    public static string Write(Platform platform, ImmutableArray<Cover> covers, DateTimeOffset now)
    {
        var calendar = new Calendar { ProductId = "-//Akira//On call//EN" };
        foreach (var shift in platform.Shifts(covers, now, Ahead).Where(s => s.Primary.Length > 0))
            calendar.Events.Add(
                new CalendarEvent
                {
                    Uid = $"{shift.From.ToUnixTimeSeconds()}-{shift.Primary}{Ours}",
                    Summary = shift.Primary,
                    Description = "primary on call",
                    Start = new CalDateTime(shift.From.UtcDateTime, "UTC"),
                    End = new CalDateTime(shift.Until.UtcDateTime, "UTC"),
                }
            );
        return new CalendarSerializer().SerializeToString(calendar) ?? "";
    }

    /// <summary>
    /// Each event as a cover of the one in its title, repeated ones as often as they come in the next 90 days. What is called
    /// off, and what our own feed says, is none.
    /// </summary>
    /// <returns>Null: it is no calendar. Else the covers, and the UIDs of all events, those that are called off among them.</returns>
    public static (ImmutableArray<Cover> Covers, ImmutableHashSet<string> Events)? Read(string text, DateTimeOffset now)
    {
        try
        {
            if (Calendar.Load(text) is not { } calendar)
                return null;
            ImmutableArray<Cover> covers =
            [
                .. calendar
                    .GetOccurrences<CalendarEvent>(new CalDateTime(now.UtcDateTime, "UTC"))
                    .TakeWhile(o => o.Period.StartTime.AsUtc < (now + Ahead).UtcDateTime)
                    .Take(MostEvents)
                    .Where(o => IsMeant((CalendarEvent)o.Source))
                    .Select(o => new Cover(
                        ((CalendarEvent)o.Source).Summary ?? "",
                        Log.Micros.Round(new DateTimeOffset(o.Period.StartTime.AsUtc)),
                        Log.Micros.Round(new DateTimeOffset((o.Period.EffectiveEndTime ?? o.Period.StartTime).AsUtc)),
                        "",
                        Event: ((CalendarEvent)o.Source).Uid
                    ))
                    .Where(c => c.Until > c.From),
            ];
            return (covers, [.. calendar.Events.Select(e => e.Uid).OfType<string>()]);
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

    private static bool IsMeant(CalendarEvent told) =>
        !EventStatus.Cancelled.Equals(told.Status, StringComparison.OrdinalIgnoreCase)
        && told.Uid?.EndsWith(Ours, StringComparison.Ordinal) != true;
}
