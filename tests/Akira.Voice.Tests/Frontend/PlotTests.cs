using Akira.Voice.Frontend.Charts;

namespace Akira.Voice.Tests.Frontend;

public class PlotTests
{
    private static readonly DateTimeOffset Three = new(2026, 11, 25, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Ratios_end_at_the_whole_and_begin_below_the_least_of_them()
    {
        var axis = Axis.Of([0.953, 0.871, 0.9], Unit.Ratio);

        Assert.Equal((0.85, 1.0), (axis.Least, axis.Most));
        Assert.Equal(["85 %", "90 %", "95 %", "100 %"], axis.Ticks.Select(axis.Label));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    [InlineData(0.33)]
    [InlineData(0.999)]
    [InlineData(1)]
    public void A_scale_of_ratios_never_leaves_nought_to_one(double least)
    {
        var axis = Axis.Of([least], Unit.Ratio);

        Assert.InRange(axis.Least, 0, least);
        Assert.Equal(1, axis.Most);
        Assert.InRange(axis.Ticks.Count, 2, 7);
    }

    [Fact]
    public void Counts_begin_at_nought_and_have_whole_steps()
    {
        Assert.Equal([0, 1, 2, 3], Axis.Of([3], Unit.Count).Ticks);
        Assert.Equal(["0", "50", "100", "150", "200"], Labels(Axis.Of([187], Unit.Count)));
        Assert.Equal(["0", "5,000", "10 k", "15 k"], Labels(Axis.Of([14_900], Unit.Count)));
    }

    [Fact]
    public void A_figure_that_was_never_measured_has_a_scale_all_the_same()
    {
        Assert.Equal([0, 1], Axis.Of([], Unit.Count).Ticks);
        Assert.Equal(1, Axis.Of([], Unit.Seconds).Most);
    }

    [Fact]
    public void A_line_breaks_where_nothing_was_measured_and_where_minutes_are_missing()
    {
        var plot = Of(At(0, 1), At(1, 2), At(2, null), At(3, 3), At(6, 4));

        Assert.Equal(
            [
                [1, 2],
                [3],
                [4],
            ],
            plot.Stretches().Select(s => s.Select(p => p.Value!.Value).ToArray())
        );
    }

    [Fact]
    public void Points_stand_where_their_time_and_value_are()
    {
        var plot = Of(At(0, 0), At(30, 5), At(60, 10));

        Assert.Equal((0, 1), (plot.X(Three), plot.Y(0)));
        Assert.Equal((0.5, 0.5), (plot.X(Three.AddMinutes(30)), plot.Y(5)));
        Assert.Equal(1, plot.X(Three.AddHours(9)));
    }

    [Fact]
    public void Times_below_a_chart_are_round_and_few()
    {
        var plot = new Plot([], Three.AddMinutes(7), Three.AddMinutes(67), TimeSpan.FromMinutes(1), Unit.Count);

        Assert.Equal([15, 30, 45, 60], plot.Times(4).Select(t => (int)(t - Three).TotalMinutes));
    }

    [Fact]
    public void A_floor_is_passed_below_and_a_ceiling_above()
    {
        Assert.True(new Threshold(0.9, IsFloor: true).IsPassedBy(0.89));
        Assert.False(new Threshold(0.9, IsFloor: true).IsPassedBy(0.9));
        Assert.True(new Threshold(5, IsFloor: false).IsPassedBy(5.1));
    }

    private static string[] Labels(Axis axis) => [.. axis.Ticks.Select(axis.Label)];

    private static Point At(int minute, double? value) => new(Three.AddMinutes(minute), value);

    private static Plot Of(params Point[] points) =>
        new(points, Three, Three.AddHours(1), TimeSpan.FromMinutes(1), Unit.Count);
}
