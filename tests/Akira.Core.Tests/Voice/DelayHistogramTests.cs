using Akira.Core.Voice;
using CsCheck;

namespace Akira.Core.Tests.Voice;

public class DelayHistogramTests
{
    [Fact]
    public void A_quantile_is_within_one_percent_of_the_exact_one() =>
        Gen.Double[0.002, 140]
            .Array[1, 500]
            .Select(Gen.Double[0.01, 0.99])
            .Sample(
                (delays, q) =>
                {
                    var histogram = new DelayHistogram();
                    foreach (var delay in delays)
                        histogram.Add(TimeSpan.FromSeconds(delay));
                    var exact = delays.Order().ElementAt((int)Math.Ceiling(q * delays.Length - 1e-9) - 1);
                    Assert.InRange(histogram.Quantile(q).Value!.Value, exact * 0.99, exact * 1.01);
                }
            );

    [Fact]
    public void Two_added_together_are_as_one_that_saw_all() =>
        Gen.Double[0.0001, 300]
            .Array[1, 50]
            .Select(Gen.Double[0.0001, 300].Array[1, 50])
            .Sample(
                (left, right) =>
                {
                    var sum = Of(left);
                    sum.Add(Of(right));
                    Assert.Equal(Of([.. left, .. right]).Quantile(0.95), sum.Quantile(0.95));
                }
            );

    [Fact]
    public void A_delay_that_was_cut_short_counts_as_longer_than_any_before_it()
    {
        // Ten calls: four rang at 1 s, two gave up at 2 s, four rang at 3 s. Of the six left at 2 s none rang there, so
        // the curve falls from 0.6 to zero at 3 s.
        var histogram = Of([1, 1, 1, 1, 3, 3, 3, 3]);
        histogram.AddCensored(TimeSpan.FromSeconds(2));
        histogram.AddCensored(TimeSpan.FromSeconds(2));

        Assert.InRange(histogram.Quantile(0.4).Value!.Value, 0.99, 1.01);
        Assert.InRange(histogram.Quantile(0.41).Value!.Value, 2.97, 3.03);
        Assert.False(histogram.Quantile(0.95).AtLeast);
    }

    [Fact]
    public void Where_nobody_waited_long_enough_the_longest_wait_is_a_lower_bound()
    {
        var histogram = Of([1, 1]);
        histogram.AddCensored(TimeSpan.FromSeconds(9));

        var p95 = histogram.Quantile(0.95);
        Assert.True(p95.AtLeast);
        Assert.InRange(p95.Value!.Value, 8.91, 9.09);
    }

    [Fact]
    public void A_quantile_of_few_calls_has_wide_bounds()
    {
        var few = Of([.. Enumerable.Range(1, 20).Select(i => i * 0.1)]).Quantile(0.95);
        var many = Of([.. Enumerable.Range(1, 2000).Select(i => i * 0.001)]).Quantile(0.95);

        Assert.InRange(few.Lower!.Value, 1.2, 1.6);
        Assert.InRange(many.Lower!.Value, 1.84, 1.9);
        Assert.True(many.Upper < few.Upper);
    }

    private static DelayHistogram Of(double[] delays)
    {
        var histogram = new DelayHistogram();
        foreach (var delay in delays)
            histogram.Add(TimeSpan.FromSeconds(delay));
        return histogram;
    }
}
