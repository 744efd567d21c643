namespace Akira.Scenarios.Language;

/// <summary>Times since the night began, as a scenario writes them: <c>15.Minutes()</c>.</summary>
internal static class Durations
{
    public static TimeSpan Seconds(this int seconds) => TimeSpan.FromSeconds(seconds);

    public static TimeSpan Minutes(this int minutes) => TimeSpan.FromMinutes(minutes);

    public static TimeSpan Hours(this int hours) => TimeSpan.FromHours(hours);
}
