using Akira.Voice.Frontend.Overview;
using Akira.Voice.Management;

namespace Akira.Voice.Tests.Frontend;

public class TrafficStepTests
{
    private static readonly DateTimeOffset Three = new(2026, 11, 25, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_busy_minute_weighs_more_than_a_quiet_one()
    {
        var step = TrafficStep.Together([Minute(0, seizures: 10, answered: 0), Minute(1, seizures: 90, answered: 90)]);

        Assert.Equal(0.9, step.Asr);
        Assert.Equal(0.9, step.Ner!.Value, 6);
        Assert.Equal(50, step.Attempts);
    }

    [Fact]
    public void Of_delays_the_worst_minute_counts()
    {
        var step = TrafficStep.Together([Minute(0, pdd: 1.2), Minute(1, pdd: 7.5), Minute(2, pdd: null)]);

        Assert.Equal(7.5, step.PddP95);
    }

    [Fact]
    public void Without_calls_there_is_no_ratio()
    {
        var step = TrafficStep.Together([Minute(0, seizures: 0, answered: 0)]);

        Assert.Null(step.Asr);
        Assert.Null(step.Ner);
    }

    [Fact]
    public void Few_calls_are_not_surely_below_a_threshold()
    {
        Assert.False(TrafficStep.Together([Minute(0, seizures: 20, answered: 16)]).IsSurelyBelow(0.9));
        Assert.True(TrafficStep.Together([Minute(0, seizures: 500, answered: 400)]).IsSurelyBelow(0.9));
    }

    [Fact]
    public void The_last_step_may_be_shorter()
    {
        var steps = TrafficStep.Of(Enumerable.Range(0, 5).Select(i => Minute(i)), minutes: 2);

        Assert.Equal([0, 2, 4], steps.Select(s => (int)(s.At - Three).TotalMinutes));
    }

    private static TrafficMinute Minute(int at, int seizures = 10, int answered = 9, double? pdd = 1) =>
        new(
            Three.AddMinutes(at),
            seizures,
            seizures,
            answered,
            seizures > 0 ? (double)answered / seizures : null,
            seizures > 0 ? (double)answered / seizures : null,
            pdd,
            pdd,
            120
        );
}
