using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Runbooks.Conditions;

namespace Akira.Core.Tests.Runbooks.Conditions;

public class ConditionEvaluationTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Five = TimeSpan.FromMinutes(5);

    private readonly SampleHistory history = new();

    [Theory]
    [InlineData(Operator.Less, 1, 2, true)]
    [InlineData(Operator.Less, 2, 2, false)]
    [InlineData(Operator.LessOrEqual, 2, 2, true)]
    [InlineData(Operator.Equal, 2, 2, true)]
    [InlineData(Operator.Equal, 1, 2, false)]
    [InlineData(Operator.NotEqual, 1, 2, true)]
    [InlineData(Operator.GreaterOrEqual, 2, 2, true)]
    [InlineData(Operator.Greater, 2, 2, false)]
    [InlineData(Operator.Greater, 3, 2, true)]
    public void The_latest_value_is_compared(Operator op, double value, double threshold, bool holds)
    {
        Seen("x", 9, secondsAgo: 1);
        Seen("x", value);

        Assert.Equal(holds ? Truth.Holds : Truth.DoesNotHold, Judge(When("x", op, threshold)).Truth);
    }

    [Fact]
    public void A_sample_that_was_never_seen_is_unknown() =>
        Assert.Equal(new(Truth.Unknown, "no sample x"), Judge(When("x", Operator.Less, 1)));

    [Fact]
    public void A_sample_that_is_no_longer_taken_is_unknown()
    {
        for (var ago = 20; ago >= 10; ago--)
            Seen("x", 0, ago);

        Assert.Equal(new(Truth.Unknown, "x was last seen 10 s ago"), Judge(When("x", Operator.Equal, 0)));
    }

    [Fact]
    public void It_must_have_held_for_as_long_as_the_runbook_says()
    {
        var down = When("kamailio.up", Operator.Equal, 0, holdFor: 5);
        Seen("kamailio.up", 1, 5);
        for (var ago = 4; ago >= 0; ago--)
            Seen("kamailio.up", 0, ago);

        Assert.Equal(new(Truth.Unknown, "kamailio.up is 0, for 4 s of 5 s so far"), Judge(down));
        Seen("kamailio.up", 0, -1);
        Assert.Equal(new(Truth.Holds, "kamailio.up is 0 for 5 s"), Judge(down, Noon.AddSeconds(1)));
    }

    [Fact]
    public void A_break_in_it_begins_the_time_anew()
    {
        for (var ago = 10; ago >= 0; ago--)
            Seen("x", ago == 3 ? 1 : 0, ago);

        Assert.Equal(Truth.Unknown, Judge(When("x", Operator.Equal, 0, holdFor: 5)).Truth);
    }

    [Fact]
    public void Nothing_known_for_more_than_three_gaps_is_a_break()
    {
        for (var ago = 20; ago >= 0; ago--)
            if (ago is < 3 or > 6)
                Seen("x", 0, ago);

        Assert.Equal(Truth.Unknown, Judge(When("x", Operator.Equal, 0, holdFor: 10)).Truth);
    }

    [Fact]
    public void Two_missed_samples_are_no_break()
    {
        for (var ago = 20; ago >= 0; ago--)
            if (ago is < 3 or > 4)
                Seen("x", 0, ago);

        Assert.Equal(Truth.Holds, Judge(When("x", Operator.Equal, 0, holdFor: 10)).Truth);
    }

    [Fact]
    public void A_value_that_could_not_be_told_is_a_break()
    {
        for (var ago = 10; ago >= 0; ago--)
            Seen("x", ago == 3 ? null : 0, ago);

        Assert.Equal(Truth.Unknown, Judge(When("x", Operator.Equal, 0, holdFor: 5)).Truth);
    }

    [Fact]
    public void A_plain_sample_over_a_window_is_its_mean()
    {
        for (var ago = 9; ago >= 0; ago--)
            Seen("replication.lag", ago < 5 ? 20 : 10, ago);

        Assert.Equal(
            new(Truth.Holds, "replication.lag 16.3 s is above 15 s over 8 s"),
            Judge(When("replication.lag", Operator.Greater, 15, over: TimeSpan.FromSeconds(8)))
        );
    }

    [Theory]
    [InlineData(0.412, 0.491, Truth.Holds, "asr 41.2 % (n=212, ≤ 49.1 %) is below 90 % over 5 min")]
    [InlineData(0.88, 0.93, Truth.Unknown, "asr 88 % (n=212, ≤ 93 %) is not surely below 90 % over 5 min")]
    [InlineData(0.9, 0.94, Truth.DoesNotHold, "asr 90 % (n=212, ≤ 94 %) is not below 90 % over 5 min")]
    public void A_ratio_is_below_a_threshold_only_when_its_upper_bound_is(
        double value,
        double upper,
        Truth truth,
        string evidence
    )
    {
        history.Add(Sample.Of("asr", value, Noon) with { Upper = upper, Lower = 0.3, N = 212, Over = Five });

        Assert.Equal(new(truth, evidence), Judge(When("asr", Operator.Less, 0.9)));
    }

    [Fact]
    public void A_delay_is_above_a_threshold_only_when_its_lower_bound_is()
    {
        var slow = When("pdd.p95", Operator.Greater, 5);
        history.Add(Sample.Of("pdd.p95", 6, Noon) with { Lower = 4.5, Upper = 8, N = 100, Over = Five });
        Assert.Equal(Truth.Unknown, Judge(slow).Truth);

        history.Add(Sample.Of("pdd.p95", 6, Noon.AddSeconds(1)) with { Lower = 5.5, Upper = 8, N = 900, Over = Five });
        Assert.Equal(
            new(Truth.Holds, "pdd.p95 6 s (n=900, ≥ 5.5 s) is above 5 s over 5 min"),
            Judge(slow, Noon.AddSeconds(1))
        );
    }

    [Fact]
    public void Too_few_calls_are_unknown()
    {
        history.Add(Sample.Of("asr", null, Noon) with { N = 12, Over = Five, Remark = "insufficient data (n=12)" });

        Assert.Equal(new(Truth.Unknown, "asr: insufficient data (n=12)"), Judge(When("asr", Operator.Less, 0.9)));
    }

    [Fact]
    public void A_figure_of_calls_is_looked_up_by_the_window_it_was_asked_over()
    {
        history.Add(Sample.Of("asr", 0.5, Noon) with { Over = Five });

        Assert.Equal(Truth.Holds, Judge(When("asr", Operator.Less, 0.9, over: Five)).Truth);
        Assert.Equal(Truth.Unknown, Judge(When("asr", Operator.Less, 0.9, over: TimeSpan.FromMinutes(1))).Truth);
    }

    [Fact]
    public void A_condition_without_labels_means_the_series_without_labels()
    {
        history.Add(Sample.Of("x", 1, Noon));
        Seen("x", 0, labels: ("trunk", "t1"));

        Assert.Equal(Truth.DoesNotHold, Judge(When("x", Operator.Equal, 0)).Truth);
        Assert.Equal(
            new(Truth.Holds, "x{trunk=\"t1\"} is 0"),
            Judge(When("x", Operator.Equal, 0, labels: ("trunk", "t1")))
        );
    }

    [Fact]
    public void Where_every_series_has_labels_one_that_holds_is_enough()
    {
        Seen("cert.expires_in", 90 * 86_400, labels: ("host", "a"));
        Seen("cert.expires_in", 86_400, labels: ("host", "b"));

        Assert.Equal(
            new(Truth.Holds, "cert.expires_in{host=\"b\"} 24 h is below 7 d"),
            Judge(When("cert.expires_in", Operator.Less, 7 * 86_400))
        );
    }

    [Theory]
    [InlineData(Truth.Holds, Truth.Holds, Truth.Holds, Truth.Holds)]
    [InlineData(Truth.Holds, Truth.Unknown, Truth.Unknown, Truth.Holds)]
    [InlineData(Truth.Holds, Truth.DoesNotHold, Truth.DoesNotHold, Truth.Holds)]
    [InlineData(Truth.Unknown, Truth.Unknown, Truth.Unknown, Truth.Unknown)]
    [InlineData(Truth.Unknown, Truth.DoesNotHold, Truth.DoesNotHold, Truth.Unknown)]
    [InlineData(Truth.DoesNotHold, Truth.DoesNotHold, Truth.DoesNotHold, Truth.DoesNotHold)]
    public void And_and_or_keep_the_unknown_only_where_it_could_decide(Truth a, Truth b, Truth and, Truth or)
    {
        Known("a", a);
        Known("b", b);
        ImmutableArray<Condition> parts = [When("a", Operator.Equal, 1), When("b", Operator.Equal, 1)];
        ImmutableArray<Condition> swapped = [parts[1], parts[0]];

        Assert.Equal(and, Judge(new Condition.All(parts)).Truth);
        Assert.Equal(and, Judge(new Condition.All(swapped)).Truth);
        Assert.Equal(or, Judge(new Condition.Any(parts)).Truth);
        Assert.Equal(or, Judge(new Condition.Any(swapped)).Truth);

        void Known(string name, Truth truth)
        {
            if (truth != Truth.Unknown)
                Seen(name, truth == Truth.Holds ? 1 : 0);
        }
    }

    [Fact]
    public void History_is_bounded_in_time_and_in_series()
    {
        var bounded = new SampleHistory(TimeSpan.FromMinutes(1), maxSeries: 2);
        for (var i = 0; i < 10_000; i++)
            bounded.Add(Sample.Of("x", i, Noon.AddSeconds(i)));
        var series = Assert.Single(bounded.Matching("x", ImmutableSortedDictionary<string, string>.Empty));
        Assert.Equal(61, series.Count);
        Assert.Equal(9_939, series[0].Value);

        Assert.True(bounded.Add(Sample.Of("y", 0, Noon.AddHours(3))));
        Assert.True(bounded.Add(Sample.Of("z", 0, Noon.AddHours(3))));
        Assert.False(bounded.Add(Sample.Of("one too many", 0, Noon.AddHours(3))));
    }

    private Evaluation Judge(Condition condition, DateTimeOffset? now = null) =>
        condition.Evaluate(history, now ?? Noon);

    private void Seen(string name, double? value, int secondsAgo = 0, (string, string)? labels = null) =>
        history.Add(new(name, Labelled(labels), value, Noon.AddSeconds(-secondsAgo)));

    private static Condition.Comparison When(
        string sample,
        Operator op,
        double value,
        int? holdFor = null,
        TimeSpan? over = null,
        (string, string)? labels = null
    ) => new(sample, Labelled(labels), op, value, holdFor is { } s ? TimeSpan.FromSeconds(s) : null, over);

    private static ImmutableSortedDictionary<string, string> Labelled((string Name, string Value)? label) =>
        label is { } l
            ? ImmutableSortedDictionary<string, string>.Empty.Add(l.Name, l.Value)
            : ImmutableSortedDictionary<string, string>.Empty;
}
