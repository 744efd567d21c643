using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Runbooks.Conditions;
using Akira.Core.Voice;

namespace Akira.Core.Tests.Voice;

/// <summary>
/// The shipped condition <c>asr &lt; 90% over 5m</c> on trunks whose true ASR is 95 %, judged every ten seconds of thirty
/// days by the code that runs; and on one that truly falls to 80 %. Seeded: the figures in docs/voice-kpis.md are these.
/// </summary>
public class FalseAlarmTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    /// <summary><c>AKIRA_SEED=7</c>: other calls than usual.</summary>
    private static readonly int Fresh = int.TryParse(Environment.GetEnvironmentVariable("AKIRA_SEED"), out var seed)
        ? seed * 10_000
        : 0;
    private static readonly Condition.Comparison Rule = new(
        "asr",
        ImmutableSortedDictionary<string, string>.Empty,
        Operator.Less,
        0.9,
        For: null,
        Over: TimeSpan.FromMinutes(5)
    );

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(50)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(200)]
    [InlineData(500)]
    public void A_healthy_trunk_raises_less_than_one_false_alarm_in_thirty_days(int callsInFiveMinutes)
    {
        var alarms = 0;
        var firing = false;
        foreach (var truth in Judged(callsInFiveMinutes, TimeSpan.FromDays(30), _ => 0.95, Fresh + callsInFiveMinutes))
        {
            alarms += truth == Truth.Holds && !firing ? 1 : 0;
            firing = truth == Truth.Holds || (firing && truth == Truth.Unknown);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{callsInFiveMinutes} calls in five minutes: {alarms} alarms");
        Assert.Equal(0, alarms);
    }

    /// <summary>At the moment when five minutes have passed, and within the same again.</summary>
    [Theory]
    [InlineData(100, 0.7, 0.9)]
    [InlineData(200, 0.97, 0.99)]
    [InlineData(500, 0.99, 0.99)]
    public void A_true_drop_to_80_percent_is_seen_in_the_first_full_window(
        int callsInFiveMinutes,
        double inTheFirst,
        double inTheSecond
    )
    {
        const int runs = 400;
        var seen = new int[2];
        for (var seed = 0; seed < runs; seed++)
        {
            var drop = TimeSpan.FromMinutes(70);
            var step = 0;
            var at = Judged(
                    callsInFiveMinutes,
                    drop + TimeSpan.FromMinutes(10),
                    t => t < drop ? 0.95 : 0.8,
                    Fresh + seed
                )
                .Select(truth => (Truth: truth, After: Step * ++step - drop))
                .FirstOrDefault(t => t.Truth == Truth.Holds && t.After > TimeSpan.Zero)
                .After;
            seen[0] += at > TimeSpan.Zero && at <= TimeSpan.FromMinutes(5) + Step ? 1 : 0;
            seen[1] += at > TimeSpan.Zero ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{callsInFiveMinutes} calls in five minutes: {seen[0]} of {runs} in the first window, {seen[1]} by the end of the second"
        );
        Assert.InRange((double)seen[0] / runs, inTheFirst, 1);
        Assert.InRange((double)seen[1] / runs, inTheSecond, 1);
    }

    private static IEnumerable<Truth> Judged(
        int callsInFiveMinutes,
        TimeSpan time,
        Func<TimeSpan, double> asr,
        int seed
    )
    {
        var random = new Random(seed);
        var windows = new CallWindows();
        var history = new SampleHistory();
        var (start, number) = (Calls.Noon, 0L);
        var gap = TimeSpan.FromMinutes(5) / callsInFiveMinutes;
        var next = TimeSpan.Zero;
        for (var now = Step; now <= time; now += Step)
        {
            for (; next < now; next += gap * -Math.Log(1 - random.NextDouble()))
                windows.Add(
                    new()
                    {
                        Type = CallRecordType.Setup,
                        CallUid = (++number).ToString(System.Globalization.CultureInfo.InvariantCulture),
                        InvitedAt = start + next,
                        FinalAt = start + next,
                        SipCode = random.NextDouble() < asr(next) ? 200 : 486,
                        TrunkOut = "t1",
                    },
                    start + next
                );
            var sample = KpiSamples.Of([Rule], windows, start + now)[0];
            history.Add(sample);
            yield return Rule.Evaluate(history, start + now).Truth;
        }
    }
}
