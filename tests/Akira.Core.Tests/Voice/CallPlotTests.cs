using System.Xml.Linq;
using Akira.Core.Voice;

namespace Akira.Core.Tests.Voice;

public class CallPlotTests
{
    private static readonly DateTimeOffset From = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("attempts")]
    [InlineData("asr")]
    [InlineData("pdd")]
    public void The_same_calls_give_the_same_bytes_and_they_are_xml(string figure)
    {
        Assert.Equal(Plot(figure), Plot(figure));
        Assert.Equal("svg", XDocument.Parse(Plot(figure)).Root!.Name.LocalName);
    }

    [Fact]
    public void What_happened_stands_at_its_time()
    {
        var svg = Plot("asr");
        Assert.Contains(">detected</text>", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("long ago", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void A_minute_without_calls_is_a_gap_in_the_ratio_and_nought_in_the_attempts()
    {
        Assert.Equal(2, Line("asr").Count(c => c == 'M'));
        Assert.Equal(1, Line("attempts").Count(c => c == 'M'));
    }

    [Fact]
    public void Without_any_call_there_is_still_a_plot() =>
        Assert.Contains("</svg>", CallPlot.Svg("pdd", [], From, From.AddMinutes(10), []), StringComparison.Ordinal);

    /// <summary>The one path that is drawn thick.</summary>
    private static string Line(string figure) =>
        XDocument
            .Parse(Plot(figure))
            .Descendants()
            .Single(e => e.Attribute("stroke-width") is not null)
            .Attribute("d")!
            .Value;

    private static string Plot(string figure)
    {
        var windows = new CallWindows();
        var to = From.AddMinutes(20);
        foreach (var second in Enumerable.Range(0, 20 * 60).Where(s => s / 60 != 10))
            windows.Add(
                Calls.Ended(second % 7 == 0 ? 503 : 200, From.AddSeconds(second), ring: 1.5),
                From.AddSeconds(second)
            );
        var minutes = windows
            .TakeChanged()
            .Where(c => c.Scope == Scope.Platform)
            .Select(c => (c.Minute, KpiMinute.Of(c.Minute.Minute, c.Tally)))
            .OrderBy(c => c.Minute)
            .ToList();
        return CallPlot.Svg(
            figure,
            minutes,
            From,
            to,
            [
                new(From.AddDays(-1), "long ago"),
                new(From.AddMinutes(5), "detected"),
                new(From.AddMinutes(5.2), "mitigated"),
            ]
        );
    }
}
