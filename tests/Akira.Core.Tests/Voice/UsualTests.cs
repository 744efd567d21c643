using Akira.Core.Voice;

namespace Akira.Core.Tests.Voice;

public class UsualTests
{
    [Fact]
    public void What_is_usual_is_the_median_of_the_weeks_so_that_an_outage_does_not_move_it()
    {
        var usual = Usual.Of([Hour(600), Hour(6), Hour(660)])!;

        Assert.Equal((10, 3), (usual.AttemptsAMinute, usual.Weeks));
    }

    [Fact]
    public void One_week_is_no_usual() => Assert.Null(Usual.Of([Hour(600)]));

    [Fact]
    public void A_packed_hour_unpacks_to_the_same_counts_and_delays()
    {
        var windows = Calls.Windows(
            Calls.Ended(200, ring: 1.5),
            Calls.Ended(503),
            Calls.Ended(487, after: 3),
            Calls.HungUp(75)
        );
        var minute = KpiMinute.Of(7, windows.Sum(Scope.Platform, TimeSpan.FromMinutes(5), Calls.Noon));

        var back = Assert.Single(KpiMinute.Unpack(KpiMinute.Pack([minute])));

        Assert.Equal(7, back.Minute);
        Assert.Equal(minute.PddP95!.Value, back.PddP95!.Value, 3);
        var (before, after) = (minute.Counts.Over(default), back.Counts.Over(default));
        Assert.Equal(before with { PddP50 = default, PddP95 = default }, after);
        Assert.InRange(KpiMinute.Pack([minute]).Length, 10, 30);
    }

    private static Tally Hour(int calls) =>
        Calls.Windows(calls.Times(() => Calls.Ended(200))).Sum(Scope.Platform, TimeSpan.FromMinutes(5), Calls.Noon);
}
