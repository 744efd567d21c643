namespace Akira.Voice.Frontend.Charts;

/// <summary>One figure at one time.</summary>
/// <param name="Value">Null: nothing was measured, and the line has a gap.</param>
public readonly record struct Point(DateTimeOffset At, double? Value);

/// <param name="IsFloor">What lies below it is beyond it; otherwise what lies above.</param>
public sealed record Threshold(double Value, bool IsFloor)
{
    public bool IsPassedBy(double value) => IsFloor ? value < Value : value > Value;
}

/// <summary>Something that happened: an incident, a deploy.</summary>
/// <param name="Until">Null: it goes on, or took no time.</param>
/// <param name="Level">Of its severity, from 1; null: it has none.</param>
public sealed record Marker(DateTimeOffset At, DateTimeOffset? Until, string Text, int? Level);

/// <summary>A figure over time, placed on a unit square: 0 is left and above, 1 right and below.</summary>
public sealed class Plot
{
    /// <param name="step">How far points are apart; a longer way between two is a gap.</param>
    public Plot(
        IReadOnlyList<Point> points,
        DateTimeOffset from,
        DateTimeOffset to,
        TimeSpan step,
        Unit unit,
        Threshold? threshold = null
    )
    {
        (Points, From, To, Step, Threshold) = (points, from, to, step, threshold);
        Axis = Axis.Of(points.Select(p => p.Value).Append(threshold?.Value).OfType<double>(), unit);
    }

    public IReadOnlyList<Point> Points { get; }
    public DateTimeOffset From { get; }
    public DateTimeOffset To { get; }
    public TimeSpan Step { get; }
    public Threshold? Threshold { get; }
    public Axis Axis { get; }

    public double X(DateTimeOffset at) => Math.Clamp((at - From) / (To - From), 0, 1);

    public double Y(double value) => 1 - Math.Clamp((value - Axis.Least) / (Axis.Most - Axis.Least), 0, 1);

    /// <summary>Stretches without a gap. One point alone is a stretch.</summary>
    public IEnumerable<IReadOnlyList<Point>> Stretches()
    {
        var stretch = new List<Point>();
        foreach (var point in Points)
        {
            if (stretch.Count > 0 && (point.Value is null || point.At - stretch[^1].At > 1.5 * Step))
            {
                yield return stretch;
                stretch = [];
            }
            if (point.Value is not null)
                stretch.Add(point);
        }
        if (stretch.Count > 0)
            yield return stretch;
    }

    /// <summary>Round times between the ends, at most <paramref name="most"/> of them.</summary>
    public IEnumerable<DateTimeOffset> Times(int most)
    {
        var every = Rounds.FirstOrDefault(r => (To - From) / r < most + 1, Rounds[^1]);
        var first = From.Ticks % every.Ticks == 0 ? From : From.AddTicks(every.Ticks - From.Ticks % every.Ticks);
        for (var at = first; at <= To; at += every)
            yield return at;
    }

    private static readonly TimeSpan[] Rounds =
    [
        .. new[] { 1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080 }.Select(m =>
            TimeSpan.FromMinutes(m)
        ),
    ];
}
