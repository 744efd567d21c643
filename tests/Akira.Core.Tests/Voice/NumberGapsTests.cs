using Akira.Core.Voice;

namespace Akira.Core.Tests.Voice;

/// <summary>Which numbers have not come, and for how long that is news.</summary>
public class NumberGapsTests
{
    private static readonly DateTimeOffset Noon = Calls.Noon;
    private readonly NumberGaps _gaps = new();

    [Fact]
    public void Without_numbers_nothing_is_said()
    {
        _gaps.Add(Calls.Ended(200), Noon);
        Assert.Empty(_gaps.Samples(Noon));
    }

    [Fact]
    public void A_hole_is_a_gap_until_it_is_filled()
    {
        Came(5, 6, 9);
        Assert.Equal(2, Gaps(Noon.AddSeconds(30)));
        Came(8);
        Assert.Equal(1, Gaps(Noon.AddSeconds(30)));
        Came(7, 7);
        Assert.Equal(0, Gaps(Noon.AddSeconds(30)));
    }

    [Fact]
    public void Another_order_by_moments_is_no_gap()
    {
        Came(1, 3);
        Assert.Equal(0, Gaps(Noon.AddSeconds(9)));
        Came(2, 4);
        Assert.Equal(0, Gaps(Noon.AddSeconds(11)));
    }

    [Fact]
    public void A_heartbeat_tells_of_a_last_record_that_did_not_come()
    {
        Came(1);
        Beat(2, Noon);
        Beat(2, Noon.AddSeconds(11));
        Assert.Equal(1, Gaps(Noon.AddSeconds(11)));
    }

    [Fact]
    public void What_a_node_sent_before_it_was_first_heard_of_is_not_missed()
    {
        Beat(1000, Noon);
        Came(1001);
        Came(900);
        Beat(1001, Noon.AddSeconds(20));
        Assert.Equal(0, Gaps(Noon.AddSeconds(20)));
    }

    [Fact]
    public void A_node_that_starts_again_counts_from_one_and_late_records_of_before_still_close_a_gap()
    {
        Came(1, 3);
        Came(epoch: 8, 2);
        Assert.Equal(2, Gaps(Noon.AddSeconds(30)));
        Came(epoch: 7, 2);
        Came(epoch: 8, 1);
        Assert.Equal(0, Gaps(Noon.AddSeconds(30)));
    }

    [Fact]
    public void What_has_not_come_for_an_hour_is_lost_and_no_gap_any_more()
    {
        Came(1, 5);
        for (var minute = 1; minute <= 61; minute++)
            Beat(5, Noon.AddMinutes(minute));
        Assert.Equal((0, 3), (Gaps(Noon.AddMinutes(61)), _gaps.Lost));
    }

    [Fact]
    public void While_a_node_is_silent_that_sent_heartbeats_nobody_knows_until_it_is_forgotten()
    {
        Beat(1, Noon);
        var silent = _gaps.Samples(Noon.AddSeconds(40));
        Assert.All(silent, s => Assert.Null(s.Value));
        Assert.Equal("no heartbeat of sip-01 for 40 s", silent[0].Remark);
        Assert.Empty(_gaps.Samples(Noon.AddMinutes(61)));
    }

    [Fact]
    public void Beside_a_clock_that_runs_faster_a_node_may_be_silent_for_as_long_of_its_own_time()
    {
        var gaps = new NumberGaps(pace: 30);
        gaps.Add(Heartbeat(1, Noon), Noon);
        Assert.Equal(0, gaps.Samples(Noon.AddMinutes(10))[0].Value);
        Assert.Null(gaps.Samples(Noon.AddMinutes(16))[0].Value);
    }

    [Fact]
    public void All_nodes_together_have_the_sum()
    {
        Came(1, 3);
        _gaps.Add(Calls.Ended(200) with { Node = "sip-02", NodeEpoch = 1, NodeSeq = 1 }, Noon);
        _gaps.Add(Calls.Ended(200) with { Node = "sip-02", NodeEpoch = 1, NodeSeq = 4 }, Noon);
        Assert.Equal(
            [("", 3), ("sip-01", 1), ("sip-02", 2)],
            _gaps.Samples(Noon.AddSeconds(20)).Select(s => (s.Labels.GetValueOrDefault("node", ""), s.Value))
        );
    }

    [Fact]
    public void A_node_that_loses_every_second_record_does_not_fill_the_memory()
    {
        for (var seq = 1; seq <= 10_001; seq += 2)
            Came(seq);
        Assert.Equal((1000, 4000), (Gaps(Noon.AddSeconds(20)), _gaps.Lost));
    }

    private double? Gaps(DateTimeOffset now) => _gaps.Samples(now)[0].Value;

    private void Came(params int[] seqs) => Came(epoch: 7, seqs);

    private void Came(long epoch, params int[] seqs)
    {
        foreach (var seq in seqs)
            _gaps.Add(Calls.Ended(200) with { Node = "sip-01", NodeEpoch = epoch, NodeSeq = seq }, Noon);
    }

    private void Beat(long seq, DateTimeOffset at) => _gaps.Add(Heartbeat(seq, at), at);

    private static CallRecord Heartbeat(long seq, DateTimeOffset at) =>
        new()
        {
            Version = 1,
            Type = CallRecordType.Heartbeat,
            Node = "sip-01",
            NodeEpoch = 7,
            NodeSeq = seq,
            EmittedAt = at,
        };
}
