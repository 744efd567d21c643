using Akira.Core.Voice;

namespace Akira.Core.Tests.Voice;

public class MeasureTests
{
    [Fact]
    public void The_bounds_are_wilsons()
    {
        var asr = Measure.Ratio(90, 100);

        // (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n) with z = 2.32635: (0.92706 ± 0.07485) / 1.05412.
        Assert.Equal(0.8085, asr.Lower!.Value, 4);
        Assert.Equal(0.9505, asr.Upper!.Value, 4);
    }

    [Theory]
    [InlineData(20, 0.076, 0.0003)]
    [InlineData(100, 0.012, 0.00001)]
    public void A_platform_at_95_percent_seldom_looks_as_if_it_were_below_90(int n, double raw, double wilson)
    {
        var falseByRatio = 0.0;
        var falseByBound = 0.0;
        for (var answered = 0; answered <= n; answered++)
        {
            var asr = Measure.Ratio(answered, n);
            falseByRatio += asr.Value < 0.9 ? Binomial(n, answered, 0.95) : 0;
            falseByBound += asr.Upper < 0.9 ? Binomial(n, answered, 0.95) : 0;
        }

        Assert.InRange(falseByRatio, raw * 0.9, raw * 1.1);
        Assert.InRange(falseByBound, 0, wilson * 1.2);
    }

    [Fact]
    public void Fewer_than_a_hundred_calls_are_insufficient()
    {
        Assert.False(Measure.Ratio(50, 99).IsSufficient);
        Assert.True(Measure.Ratio(50, 100).IsSufficient);
        Assert.False(Measure.Ratio(0, 0).IsSufficient);
    }

    private static double Binomial(int n, int k, double p)
    {
        var log = k * Math.Log(p) + (n - k) * Math.Log(1 - p);
        for (var i = 1; i <= k; i++)
            log += Math.Log(n - k + i) - Math.Log(i);
        return Math.Exp(log);
    }
}
