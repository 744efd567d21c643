using System.Globalization;

namespace Akira.Voice.Frontend;

/// <summary>Times and spans as pages write them: UTC, like the records and the responder.</summary>
internal static class Times
{
    /// <summary><c>25 Nov 03:04</c>.</summary>
    public static string Short(DateTimeOffset at) =>
        at.UtcDateTime.ToString("d MMM HH:mm", CultureInfo.InvariantCulture);

    /// <summary><c>25 Nov 2026 03:04:05</c>.</summary>
    public static string Full(DateTimeOffset at) =>
        at.UtcDateTime.ToString("d MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary><c>0.8 s</c>, <c>4:05</c>, <c>1:02:03</c>.</summary>
    public static string Span(double seconds) =>
        seconds < 60 ? seconds.ToString("0.0", CultureInfo.InvariantCulture) + " s"
        : TimeSpan.FromSeconds(seconds) is { TotalHours: >= 1 } long_
            ? $"{(int)long_.TotalHours}{long_.ToString(@"\:mm\:ss", CultureInfo.InvariantCulture)}"
        : TimeSpan.FromSeconds(seconds).ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
