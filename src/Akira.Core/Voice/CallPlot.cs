using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Akira.Core.Voice;

/// <param name="Label">A word: <c>detected</c>.</param>
public sealed record PlotMarker(DateTimeOffset At, string Label);

/// <summary>
/// A figure of calls over time as SVG, with what happened when. The same input gives the same bytes. Lines and letters
/// take the colour of the text around them, so that it reads on light and dark.
/// </summary>
public static class CallPlot
{
    public static readonly ImmutableArray<string> Figures = ["attempts", "asr", "pdd"];

    private const int Width = 720;
    private const int Height = 224;
    private const int Left = 44;
    private const int Right = Width - 12;
    private const int Top = 82;
    private const int Bottom = Height - 24;
    private const int LabelWidth = 78;

    /// <summary>Minutes between the marks below, from which the finest that leaves room is taken.</summary>
    private static readonly int[] Steps = [1, 2, 5, 10, 15, 30, 60, 120, 240, 720, 1440];

    public static string Title(string figure) =>
        figure switch
        {
            "attempts" => "Attempts a minute",
            "asr" => "ASR, % of a minute's seizures",
            "pdd" => "Post-dial delay p95, seconds",
            _ => throw new ArgumentOutOfRangeException(nameof(figure), figure, null),
        };

    /// <param name="figure">One of <see cref="Figures"/>.</param>
    /// <param name="minutes">In order; a minute without calls is missing.</param>
    /// <param name="to">After <paramref name="from"/>.</param>
    /// <param name="markers">In order of time; those outside are left out.</param>
    /// <param name="limit">Where the runbook draws the line; null: it draws none.</param>
    public static string Svg(
        string figure,
        IReadOnlyList<(DateTimeOffset At, KpiMinute Minute)> minutes,
        DateTimeOffset from,
        DateTimeOffset to,
        IReadOnlyList<PlotMarker> markers,
        double? limit = null
    )
    {
        var values = Values(figure, minutes, from, to);
        var top = figure == "asr" ? 100 : Ceiling(Math.Max(limit ?? 0, values.Max(v => v.Value) ?? 0));
        var svg = new StringBuilder();
        Add(
            svg,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Title(figure)}\" font-family=\"system-ui, sans-serif\" font-size=\"11\" fill=\"currentColor\">\n"
        );
        Add(svg, $"<text x=\"0\" y=\"12\" font-size=\"13\" font-weight=\"600\">{Title(figure)}</text>\n");
        foreach (var share in (double[])[0, 0.5, 1])
        {
            var y = Y(share * top);
            Add(svg, $"<path d=\"M{Left} {y:0.#}H{Right}\" stroke=\"currentColor\" stroke-opacity=\"0.15\"/>");
            Add(svg, $"<text x=\"{Left - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{share * top:0.##}</text>\n");
        }
        WriteTimes();
        if (limit is { } line && line <= top)
            Add(svg, $"<path d=\"M{Left} {Y(line):0.#}H{Right}\" stroke=\"#d97706\" stroke-dasharray=\"4 4\"/>\n");
        Add(
            svg,
            $"<path d=\"{Shape()}\" fill=\"none\" stroke=\"#2f7fd6\" stroke-width=\"1.75\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>\n"
        );
        WriteMarkers();
        return svg.Append("</svg>\n").ToString();

        double X(DateTimeOffset at) => Left + (Right - Left) * ((at - from) / (to - from));
        double Y(double value) => Bottom - (Bottom - Top) * (value / top);

        string Shape()
        {
            var path = new StringBuilder();
            var on = false;
            foreach (var (at, value) in values)
            {
                if (value is { } v)
                    Add(path, $"{(on ? 'L' : 'M')}{X(at):0.#} {Y(Math.Min(v, top)):0.#}");
                // A minute between two gaps would not be seen: a line of no length with round ends is a dot.
                if (value is not null && !on)
                    path.Append("h0");
                on = value is not null;
            }
            return path.ToString();
        }

        void WriteTimes()
        {
            var step = TimeSpan.FromMinutes(Steps.FirstOrDefault(s => (to - from).TotalMinutes / s <= 8, Steps[^1]));
            for (
                var at = new DateTimeOffset((from.UtcTicks + step.Ticks - 1) / step.Ticks * step.Ticks, TimeSpan.Zero);
                at <= to;
                at += step
            )
                Add(svg, $"<text x=\"{X(at):0.#}\" y=\"{Height - 6}\" text-anchor=\"middle\">{at:HH:mm}</text>\n");
        }

        void WriteMarkers()
        {
            // Each label in the first of five rows in which it covers no other.
            var free = new double[5];
            foreach (var marker in markers.Where(m => m.At >= from && m.At <= to))
            {
                var x = X(marker.At);
                var start = Math.Min(x, Right - LabelWidth);
                var row = Array.FindIndex(free, f => f <= start) is >= 0 and var found ? found : free.Length - 1;
                free[row] = start + LabelWidth;
                var y = 26 + row * 12;
                Add(
                    svg,
                    $"<path d=\"M{x:0.#} {y - 9}V{Bottom}\" stroke=\"currentColor\" stroke-opacity=\"0.55\"/><text x=\"{start + 4:0.#}\" y=\"{y}\">{marker.Label}</text>\n"
                );
            }
        }
    }

    /// <summary>One for each minute; null where there is nothing to draw.</summary>
    private static List<(DateTimeOffset At, double? Value)> Values(
        string figure,
        IReadOnlyList<(DateTimeOffset At, KpiMinute Minute)> minutes,
        DateTimeOffset from,
        DateTimeOffset to
    )
    {
        var known = minutes.ToDictionary(m => m.At.UtcTicks / TimeSpan.TicksPerMinute, m => m.Minute);
        var values = new List<(DateTimeOffset, double?)>();
        var last = to.UtcTicks / TimeSpan.TicksPerMinute;
        for (var minute = from.UtcTicks / TimeSpan.TicksPerMinute + 1; minute < last; minute++)
        {
            var found = known.GetValueOrDefault(minute);
            values.Add(
                (
                    new DateTimeOffset(minute * TimeSpan.TicksPerMinute, TimeSpan.Zero),
                    figure switch
                    {
                        "attempts" => found?.Counts.Attempts ?? 0,
                        "asr" => found?.Counts.Over(TimeSpan.FromMinutes(1)).Asr.Value * 100,
                        _ => found?.PddP95,
                    }
                )
            );
        }
        return values;
    }

    /// <summary>1, 2 or 5 times a power of ten, and not less.</summary>
    private static double Ceiling(double value)
    {
        if (value <= 0)
            return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return ((double[])[1, 2, 5, 10]).First(m => m * power >= value * 0.999999) * power;
    }

    private static void Add(StringBuilder text, FormattableString part) =>
        text.Append(part.ToString(CultureInfo.InvariantCulture));
}
