using Akira.Core.Alerts;
using Akira.Core.Runbooks.Conditions;
using Akira.Core.Voice;

namespace Akira.Core.Tests.Voice;

/// <summary>What a condition over calls is told, and in which words it says so.</summary>
public class KpiSamplesTests
{
    private static readonly DateTimeOffset Noon = Calls.Noon;

    [Fact]
    public void The_worst_trunk_and_customer_are_named_when_the_platform_is_beyond_a_threshold()
    {
        var windows = Calls.Windows([
            .. 300.Times(() => Calls.Ended(200, trunk: "t1") with { Customer = "acme" }),
            .. 100.Times(() => Calls.Ended(503, trunk: "t2") with { Customer = "brenta" }),
            .. 100.Times(() => Calls.Ended(200, trunk: "t2") with { Customer = "brenta" }),
        ]);

        var (truth, evidence) = Judge("asr < 90%", windows);

        Assert.Equal(Truth.Holds, truth);
        Assert.Equal(
            "asr 80 % (n=500, ≤ 83.83 %) is below 90 % over 5 min; worst: trunk t2 50 % of 200, customer brenta 50 % of 200",
            evidence
        );
    }

    [Fact]
    public void A_star_means_whichever_customer_is_worst()
    {
        var windows = Calls.Windows([
            .. 900.Times(() => Calls.Ended(200) with { Customer = "acme" }),
            .. 100.Times(() => Calls.Ended(503) with { Customer = "clinica" }),
            .. 10.Times(() => Calls.Ended(503) with { Customer = "few" }),
        ]);

        var (truth, evidence) = Judge("ner{customer=\"*\"} < 90% over 15m", windows);

        Assert.Equal(Truth.Holds, truth);
        Assert.EndsWith("; it is customer clinica", evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_star_does_not_hold_once_the_worst_is_well() =>
        Assert.Equal(
            Truth.DoesNotHold,
            Judge("ner{customer=\"*\"} < 90% over 15m", Calls.Windows(200.Times(() => Calls.Ended(200)))).Truth
        );

    [Fact]
    public void Ten_calls_in_a_row_without_an_answer_are_enough_to_tell()
    {
        Assert.Equal(Truth.Unknown, Judge("asr < 90%", Calls.Windows(9.Times(() => Calls.Ended(503)))).Truth);

        var (truth, evidence) = Judge("asr < 90%", Calls.Windows(10.Times(() => Calls.Ended(503))));

        Assert.Equal(Truth.Holds, truth);
        Assert.Contains("0 of the last 10 calls answered", evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Attempts_are_compared_with_what_is_usual_at_this_hour_of_the_week()
    {
        var windows = Watched(5.Times(() => Calls.Ended(503)));

        var (truth, evidence) = Judge(
            "calls.answered = 0 over 1m and calls.of_usual < 20% over 1m",
            windows,
            new Usual(AttemptsAMinute: 100, Asr: 0.95, Ner: 0.99, AcdSeconds: 120, Weeks: 4)
        );

        Assert.Equal(Truth.Holds, truth);
        Assert.Contains("calls.of_usual 5 % is below 20 % over 60 s", evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "no history of this hour of the week yet")]
    [InlineData(3.0, "only 3 attempts are usual")]
    public void Without_a_usual_that_could_be_missed_silence_tells_nothing(double? usual, string why)
    {
        var (truth, evidence) = Judge(
            "calls.of_usual < 20% over 1m",
            Watched([]),
            usual is { } attempts ? new Usual(attempts, null, null, null, 4) : null
        );

        Assert.Equal((Truth.Unknown, $"calls.of_usual: {why}"), (truth, evidence));
    }

    [Fact]
    public void Where_heartbeats_stopped_there_is_no_news_of_calls()
    {
        var windows = Watched([]);
        windows.Add(
            new()
            {
                Version = 1,
                Type = CallRecordType.Heartbeat,
                Node = "sip-01",
                EmittedAt = Noon.AddMinutes(-1),
            },
            Noon.AddMinutes(-1)
        );

        Assert.Equal(
            (Truth.Unknown, "calls.answered: no heartbeat for 60 s: no news of calls"),
            Judge("calls.answered = 0 over 1m", windows)
        );
    }

    private static CallWindows Watched(IEnumerable<CallRecord> now)
    {
        var windows = new CallWindows();
        windows.Add(Calls.Ended(200, Noon.AddMinutes(-10)), Noon.AddMinutes(-10));
        foreach (var record in now)
            windows.Add(record, Noon);
        return windows;
    }

    private static (Truth Truth, string Evidence) Judge(string text, CallWindows windows, Usual? usual = null)
    {
        var reading = ConditionParser.Read(text, []);
        Assert.Null(reading.Problem);
        var history = new SampleHistory();
        foreach (var sample in KpiSamples.Of(reading.Condition!.Comparisons, windows, Noon, (_, _) => usual))
            history.Add(sample);
        var evaluation = reading.Condition!.Evaluate(history, Noon);
        return (evaluation.Truth, evaluation.Evidence);
    }
}
