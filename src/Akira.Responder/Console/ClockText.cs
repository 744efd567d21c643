using System.Globalization;

namespace Akira.Responder.Console;

/// <summary>Spans as digits of constant width: what is read at a glance, and compared line by line.</summary>
public static class ClockText
{
    /// <summary><c>0:42</c>, <c>12:34</c>, <c>1:02:34</c>, <c>2d 04:05</c>; a span below zero has its minus sign.</summary>
    public static string Of(TimeSpan span)
    {
        var sign = span <= TimeSpan.FromSeconds(-1) ? "−" : "";
        span = span.Duration();
        var digits =
            span.Days > 0 ? span.ToString(@"d\d\ hh\:mm", CultureInfo.InvariantCulture)
            : span.Hours > 0 ? span.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
            : span.ToString(@"m\:ss", CultureInfo.InvariantCulture);
        return sign + digits;
    }

    /// <summary>Time to a deadline, never shown shorter than it is: 0.4 s before it is still <c>0:01</c>.</summary>
    public static string Left(TimeSpan left) => Of(TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds)));

    /// <summary>Time since detection: <c>T+12:34</c>.</summary>
    public static string Since(DateTimeOffset detectedAt, DateTimeOffset at) =>
        "T+" + Of(at > detectedAt ? at - detectedAt : TimeSpan.Zero);
}
