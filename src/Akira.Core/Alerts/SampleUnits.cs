using System.Globalization;

namespace Akira.Core.Alerts;

/// <summary>Values as people read them: <c>41.2 %</c>, <c>5.3 s</c>, <c>17 min</c>.</summary>
public static class SampleUnits
{
    private static readonly HashSet<string> Ratios =
    [
        "asr",
        "ner",
        "seer",
        "ser",
        "isa",
        "unallocated",
        "calls.of_usual",
        "signaling.loss",
    ];

    private static readonly HashSet<string> Durations =
    [
        "pdd.p50",
        "pdd.p95",
        "acd",
        "cdr.backlog_age",
        "cdr.loss_in",
        "cert.expires_in",
        "replication.lag",
        "deploy.age",
    ];

    /// <summary>Samples with a unit; all others are counts or states.</summary>
    public static IEnumerable<string> Known => Ratios.Concat(Durations);

    public static bool IsRatio(string sample) => Ratios.Contains(sample);

    public static bool IsDuration(string sample) => Durations.Contains(sample);

    /// <param name="sample">Its name tells the unit.</param>
    public static string Format(string sample, double value) =>
        Ratios.Contains(sample) ? (value * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %"
        : Durations.Contains(sample) ? Format(TimeSpan.FromSeconds(value))
        : value.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>In the largest unit that it reaches twice, one digit after the point where that tells something.</summary>
    public static string Format(TimeSpan time)
    {
        var (value, unit) = Math.Abs(time.TotalSeconds) switch
        {
            < 120 => (time.TotalSeconds, "s"),
            < 7_200 => (time.TotalMinutes, "min"),
            < 172_800 => (time.TotalHours, "h"),
            _ => (time.TotalDays, "d"),
        };
        return $"{value.ToString("0.#", CultureInfo.InvariantCulture)} {unit}";
    }
}
