using System.Globalization;

namespace Akira.Voice.Frontend.Charts;

/// <summary>What a figure is counted in.</summary>
public enum Unit
{
    Count,

    /// <summary>From 0 to 1, shown in per cent.</summary>
    Ratio,
    Seconds,
}

/// <summary>The scale of a figure, from one round number to another.</summary>
/// <param name="Ticks">From the least to the most.</param>
public sealed record Axis(double Least, double Most, IReadOnlyList<double> Ticks, Unit Unit)
{
    private const int MostSteps = 4;

    /// <summary>
    /// Ratios end at 100 % and begin below the least of them, for what matters are the last few per cent; everything
    /// else begins at 0.
    /// </summary>
    public static Axis Of(IEnumerable<double> values, Unit unit)
    {
        var all = values.ToList();
        var least = unit is Unit.Ratio ? Math.Min(all.Count > 0 ? all.Min() : 0, 0.95) : 0;
        var most =
            unit is Unit.Ratio ? 1
            : all.Count > 0 ? all.Max()
            : 0;
        if (most <= least)
            most = least + 1;
        var step = RoundUp((most - least) / MostSteps, whole: unit is Unit.Count);
        // Ten significant digits: what is left of a sum of tenths is not shown to anybody.
        least = Math.Round(Math.Floor(least / step + 1e-9) * step, 10);
        var steps = (int)Math.Ceiling((most - least) / step - 1e-9);
        var ticks = Enumerable.Range(0, steps + 1).Select(i => Math.Round(least + i * step, 10)).ToList();
        if (unit is Unit.Ratio) // 40 % steps would go beyond the whole
            ticks = [.. ticks.Where(t => t < 1), 1];
        return new(ticks[0], ticks[^1], ticks, unit);
    }

    /// <summary>As it stands beside a line of the scale.</summary>
    public string Label(double tick) =>
        Unit switch
        {
            Unit.Ratio => (tick * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %",
            Unit.Seconds => tick.ToString("0.##", CultureInfo.InvariantCulture) + " s",
            _ => tick >= 10_000
                ? (tick / 1000).ToString("#,0.#", CultureInfo.InvariantCulture) + " k"
                : tick.ToString("#,0", CultureInfo.InvariantCulture),
        };

    /// <summary>As it is said of one moment.</summary>
    public static string Text(double value, Unit unit) =>
        unit switch
        {
            Unit.Ratio => (value * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %",
            Unit.Seconds when value >= 60 => TimeSpan
                .FromSeconds(value)
                .ToString(value >= 3600 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture),
            Unit.Seconds => value.ToString("0.0", CultureInfo.InvariantCulture) + " s",
            _ => value.ToString("#,0", CultureInfo.InvariantCulture),
        };

    /// <summary>1, 2, 2.5 or 5 times a power of ten, not less than the value.</summary>
    private static double RoundUp(double value, bool whole)
    {
        if (whole && value < 1)
            return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return new[] { 1, 2, 2.5, 5, 10 }
            .Select(f => f * power)
            .First(s => s >= value * (1 - 1e-9) && (!whole || s == Math.Floor(s)));
    }
}
