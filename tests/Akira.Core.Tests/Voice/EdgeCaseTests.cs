using Akira.Core.Voice;

namespace Akira.Core.Tests.Voice;

/// <summary>
/// The edge cases of ITU-T E.425 and RFC 6076 as a table: one attempt a row, and what it adds above and below the line of
/// each ratio. A blank is «not counted at all», 1/1 «counted for», 0/1 «counted against».
/// </summary>
public class EdgeCaseTests
{
    [Theory]
    // response    after ring  q850 trunk   ASR    NER    SER    SEER   ISA    unallocated
    [InlineData(200, 8.0, 2.0, null, "t1", "1/1", "1/1", "1/1", "1/1", "0/1", "0/1")]
    [InlineData(202, 8.0, null, null, "t1", "1/1", "1/1", "1/1", "1/1", "0/1", "0/1")]
    [InlineData(300, 0.2, null, null, "t1", "0/1", "0/1", "", "", "0/1", "0/1")]
    [InlineData(302, 0.2, null, null, null, "", "", "", "", "0/1", "")]
    [InlineData(380, 0.2, null, null, "t1", "0/1", "0/1", "", "", "0/1", "0/1")]
    [InlineData(401, 0.1, null, null, null, "", "", "", "", "", "")]
    [InlineData(407, 0.1, null, null, "t1", "", "", "", "", "", "")]
    [InlineData(403, 0.1, null, 21, null, "", "", "0/1", "0/1", "0/1", "")]
    [InlineData(403, 0.1, null, 21, "t1", "0/1", "0/1", "0/1", "0/1", "0/1", "0/1")]
    [InlineData(404, 0.3, null, 1, "t1", "0/1", "0/1", "0/1", "0/1", "0/1", "1/1")]
    [InlineData(408, 32.0, null, 102, "t1", "0/1", "0/1", "0/1", "0/1", "1/1", "0/1")]
    [InlineData(408, 32.0, 3.0, 102, "t1", "0/1", "0/1", "0/1", "0/1", "1/1", "0/1")]
    [InlineData(410, 0.3, null, 22, "t1", "0/1", "0/1", "0/1", "0/1", "0/1", "1/1")]
    [InlineData(480, 40.0, 3.0, 19, "t1", "0/1", "1/1", "0/1", "1/1", "0/1", "0/1")]
    [InlineData(480, 3.0, null, null, "t1", "0/1", "1/1", "0/1", "1/1", "0/1", "0/1")]
    [InlineData(480, 3.0, null, 18, "t1", "0/1", "1/1", "0/1", "1/1", "0/1", "0/1")]
    [InlineData(480, 0.5, null, 34, "t1", "0/1", "0/1", "0/1", "1/1", "0/1", "0/1")]
    [InlineData(480, 0.5, null, 41, "t1", "0/1", "0/1", "0/1", "1/1", "0/1", "0/1")]
    [InlineData(484, 0.3, null, 28, "t1", "0/1", "0/1", "0/1", "0/1", "0/1", "1/1")]
    [InlineData(486, 2.0, null, 17, "t1", "0/1", "1/1", "0/1", "1/1", "0/1", "0/1")]
    [InlineData(487, 20.0, 2.0, null, "t1", "0/1", "1/1", "0/1", "0/1", "0/1", "0/1")]
    [InlineData(487, 4.999, null, null, "t1", "0/1", "", "0/1", "0/1", "0/1", "0/1")]
    [InlineData(487, 5.0, null, null, "t1", "0/1", "0/1", "0/1", "0/1", "0/1", "0/1")]
    [InlineData(488, 0.5, null, 88, "t1", "0/1", "0/1", "0/1", "0/1", "0/1", "0/1")]
    [InlineData(500, 0.5, null, 41, "t1", "0/1", "0/1", "0/1", "0/1", "1/1", "0/1")]
    [InlineData(502, 0.5, null, 38, "t1", "0/1", "0/1", "0/1", "0/1", "0/1", "0/1")]
    [InlineData(503, 0.1, null, 42, "t1", "0/1", "0/1", "0/1", "0/1", "1/1", "0/1")]
    [InlineData(503, 0.1, null, 42, null, "", "", "0/1", "0/1", "1/1", "")]
    [InlineData(504, 5.0, null, null, "t1", "0/1", "0/1", "0/1", "0/1", "1/1", "0/1")]
    [InlineData(600, 2.0, null, 17, "t1", "0/1", "1/1", "0/1", "1/1", "0/1", "0/1")]
    [InlineData(603, 2.0, null, 21, "t1", "0/1", "1/1", "0/1", "1/1", "0/1", "0/1")]
    [InlineData(604, 0.3, null, 1, "t1", "0/1", "0/1", "0/1", "0/1", "0/1", "1/1")]
    [InlineData(606, 0.3, null, null, "t1", "0/1", "0/1", "0/1", "0/1", "0/1", "0/1")]
    [InlineData(607, 2.0, null, 21, "t1", "0/1", "1/1", "0/1", "0/1", "0/1", "0/1")]
    [InlineData(699, 2.0, null, null, "t1", "0/1", "0/1", "0/1", "0/1", "0/1", "0/1")]
    public void Each_final_response_counts_as_its_source_says(
        int code,
        double after,
        double? ring,
        int? q850,
        string? trunk,
        string asr,
        string ner,
        string ser,
        string seer,
        string isa,
        string unallocated
    )
    {
        var kpis = Calls.Kpis(Calls.Ended(code, after: after, ring: ring, q850: q850, trunk: trunk));

        Assert.Equal(
            (asr, ner, ser, seer, isa, unallocated),
            (
                Words(kpis.Asr),
                Words(kpis.Ner),
                Words(kpis.Ser),
                Words(kpis.Seer),
                Words(kpis.Isa),
                Words(kpis.Unallocated)
            )
        );
    }

    [Theory]
    // response    after ring  early             delay
    [InlineData(200, 8.0, 2.0, null, 2.0, false)]
    [InlineData(200, 8.0, 2.0, 1.0, 1.0, false)]
    [InlineData(200, 8.0, null, null, 8.0, false)]
    [InlineData(486, 3.0, 1.5, null, 1.5, false)]
    [InlineData(408, 32.0, 4.0, null, 4.0, false)]
    [InlineData(487, 6.0, null, null, 6.0, true)]
    [InlineData(487, 1.0, null, null, 1.0, true)]
    [InlineData(487, 20.0, 2.0, null, 2.0, false)]
    [InlineData(486, 3.0, null, null, null, false)]
    [InlineData(503, 0.2, null, null, null, false)]
    [InlineData(408, 32.0, null, null, null, false)]
    public void Each_attempt_has_the_post_dial_delay_that_its_caller_heard(
        int code,
        double after,
        double? ring,
        double? early,
        double? delay,
        bool atLeast
    )
    {
        var call = Calls.Ended(code, after: after, ring: ring);
        if (early is { } seconds)
            call = call with { EarlyMediaAt = call.InvitedAt!.Value.AddSeconds(seconds) };

        var p50 = Calls.Kpis(call).PddP50;

        Assert.Equal(delay is null ? 0 : 1, p50.N);
        Assert.Equal(atLeast, p50.AtLeast);
        if (delay is { } heard)
            Assert.InRange(p50.Value!.Value, heard * 0.99, heard * 1.01);
    }

    private static string Words(Measure measure) =>
        measure.N == 0 ? "" : FormattableString.Invariant($"{measure.Value * measure.N:0}/{measure.N}");
}
