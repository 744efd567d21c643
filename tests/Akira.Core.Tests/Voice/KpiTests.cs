using Akira.Core.Voice;

namespace Akira.Core.Tests.Voice;

/// <summary>The definitions of docs/voice-kpis.md, one edge case a test.</summary>
public class KpiTests
{
    [Fact]
    public void Asr_is_answered_over_seizures()
    {
        var kpis = Calls.Kpis([.. 3.Times(() => Calls.Ended(200)), Calls.Ended(503)]);

        Assert.Equal((4, 3), (kpis.Seizures, kpis.Answered));
        Assert.Equal(0.75, kpis.Asr.Value);
    }

    [Fact]
    public void An_attempt_refused_before_a_trunk_was_chosen_is_no_seizure()
    {
        var kpis = Calls.Kpis(Calls.Ended(200), Calls.Ended(403, trunk: null));

        Assert.Equal((2, 1), (kpis.Attempts, kpis.Seizures));
        Assert.Equal(1, kpis.Asr.Value);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(407)]
    public void A_challenge_is_no_attempt_of_its_own(int challenge) =>
        Assert.Equal(1, Calls.Kpis(Calls.Ended(challenge), Calls.Ended(200)).Attempts);

    [Theory]
    [InlineData(200)]
    [InlineData(486)]
    [InlineData(600)]
    [InlineData(603)]
    [InlineData(607)]
    [InlineData(480)]
    public void The_network_did_its_part_in(int code) => Assert.Equal(1, Calls.Kpis(Calls.Ended(code)).Ner.Value);

    [Theory]
    [InlineData(404)]
    [InlineData(484)]
    [InlineData(410)]
    [InlineData(604)]
    [InlineData(403)]
    [InlineData(408)]
    [InlineData(488)]
    [InlineData(500)]
    [InlineData(503)]
    public void The_network_did_not_do_its_part_in(int code) =>
        Assert.Equal(0, Calls.Kpis(Calls.Ended(code)).Ner.Value);

    [Theory]
    [InlineData(31)]
    [InlineData(34)]
    [InlineData(38)]
    [InlineData(41)]
    [InlineData(42)]
    public void A_480_whose_cause_lies_in_the_network_is_its_failure(int q850) =>
        Assert.Equal(0, Calls.Kpis(Calls.Ended(480, q850: q850)).Ner.Value);

    [Fact]
    public void A_480_whose_cause_is_no_answer_is_delivered() =>
        Assert.Equal(1, Calls.Kpis(Calls.Ended(480, q850: 19)).Ner.Value);

    [Fact]
    public void A_cancel_after_ringing_is_delivered() =>
        Assert.Equal(1, Calls.Kpis(Calls.Ended(487, after: 20, ring: 2)).Ner.Value);

    [Fact]
    public void A_cancel_after_five_seconds_of_silence_is_a_failure_of_the_network() =>
        Assert.Equal(0, Calls.Kpis(Calls.Ended(487, after: 5)).Ner.Value);

    [Fact]
    public void A_cancel_within_five_seconds_of_silence_says_nothing_about_the_network()
    {
        var kpis = Calls.Kpis(Calls.Ended(487, after: 4.9), Calls.Ended(200));

        Assert.Equal((1.0, 1), (kpis.Ner.Value, kpis.Ner.N));
        Assert.Equal(0.5, kpis.Asr.Value);
    }

    [Fact]
    public void A_number_that_does_not_exist_is_counted_by_itself() =>
        Assert.Equal(0.25, Calls.Kpis([Calls.Ended(404), .. 3.Times(() => Calls.Ended(200))]).Unallocated.Value);

    [Fact]
    public void Seer_counts_what_the_callee_decided_and_leaves_redirects_out()
    {
        var codes = new[] { 200, 480, 486, 600, 603, 500, 487, 302 };

        Assert.Equal(5.0 / 7, Calls.Kpis(codes.Select(c => Calls.Ended(c))).Seer.Value);
    }

    [Fact]
    public void Ser_is_answered_over_attempts_without_redirects() =>
        Assert.Equal(0.5, Calls.Kpis(Calls.Ended(200), Calls.Ended(486), Calls.Ended(302)).Ser.Value);

    [Fact]
    public void Isa_counts_408_500_503_and_504_over_all_attempts()
    {
        var codes = new[] { 408, 500, 503, 504, 200, 302, 486, 404 };

        Assert.Equal(0.5, Calls.Kpis(codes.Select(c => Calls.Ended(c))).Isa.Value);
    }

    [Fact]
    public void Acd_is_the_mean_talk_time_of_calls_that_ended() =>
        Assert.Equal(90, Calls.Kpis(Calls.HungUp(60), Calls.HungUp(120)).Acd.Value);

    [Fact]
    public void No_calls_have_no_ratio() => Assert.Null(Calls.Kpis().Asr.Value);

    [Fact]
    public void The_post_dial_delay_ends_with_the_first_of_ringing_early_media_and_answer()
    {
        var call = Calls.Ended(200, after: 10);
        var at = call.InvitedAt!.Value;

        Assert.Equal(10, Outcomes.PostDialDelay(call)!.Value.TotalSeconds);
        Assert.Equal(3, Delay(call with { RangAt = at.AddSeconds(3), EarlyMediaAt = at.AddSeconds(4) }));
        Assert.Equal(2, Delay(call with { RangAt = at.AddSeconds(3), EarlyMediaAt = at.AddSeconds(2) }));
        Assert.Equal(1, Delay(call with { AnsweredAt = at.AddSeconds(1) }));
        Assert.Null(Outcomes.PostDialDelay(Calls.Ended(503)));

        static double? Delay(CallRecord record) => Outcomes.PostDialDelay(record)?.TotalSeconds;
    }

    [Fact]
    public void Cancels_before_ringing_keep_a_slow_network_from_looking_quick()
    {
        // Half of the callers give up after 6 s; only the quick half is ever heard to ring.
        var kpis = Calls.Kpis([
            .. 100.Times(() => Calls.Ended(200, after: 8, ring: 1)),
            .. 100.Times(() => Calls.Ended(487, after: 6)),
        ]);

        Assert.InRange(kpis.PddP50.Value!.Value, 0.99, 1.01);
        Assert.True(kpis.PddP95.AtLeast);
        Assert.InRange(kpis.PddP95.Value!.Value, 5.94, 6.06);
    }
}
