using System.Globalization;

namespace Akira.Core.Incidents;

/// <summary>Spans of time as people of this field say them.</summary>
public static class Elapsed
{
    /// <summary><c>45 s</c>, <c>15 min</c>, <c>1 h 30 min</c>, <c>2 d 4 h</c>: two units at most, rounded down.</summary>
    public static string Words(TimeSpan span)
    {
        if (span < TimeSpan.Zero)
            return "-" + Words(-span);
        (int Count, string Unit)[] units =
        [
            (span.Days, "d"),
            (span.Hours, "h"),
            (span.Minutes, "min"),
            (span.Seconds, "s"),
        ];
        var first = Array.FindIndex(units, u => u.Count > 0);
        if (first < 0)
            return "0 s";
        var words = units.Skip(first).Take(2).Where(u => u.Count > 0);
        return string.Join(' ', words.Select(u => string.Create(CultureInfo.InvariantCulture, $"{u.Count} {u.Unit}")));
    }

    /// <summary><c>T+12 min</c>.</summary>
    public static string SinceDetection(this Incident incident, DateTimeOffset at) =>
        "T+" + Words(at > incident.DetectedAt ? at - incident.DetectedAt : TimeSpan.Zero);
}
