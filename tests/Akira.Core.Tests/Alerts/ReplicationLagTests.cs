using Akira.Core.Alerts;

namespace Akira.Core.Tests.Alerts;

public class ReplicationLagTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    private readonly ReplicationLag _lag = new();

    [Fact]
    public void A_standby_that_has_replayed_everything_is_not_behind() => Assert.Equal(0, At(0, 100, 100));

    [Fact]
    public void Before_it_was_seen_to_follow_nothing_is_known()
    {
        Assert.Null(At(0, 100, 50));
        Assert.Null(At(1, 110, 60));
    }

    [Fact]
    public void It_is_behind_since_the_primary_was_last_where_the_standby_is()
    {
        At(0, 100, 100);
        Assert.Equal(1, At(1, 110, 100));
        Assert.Equal(2, At(2, 120, 100));
        Assert.Equal(2, At(3, 130, 110));
        Assert.Equal(0, At(4, 130, 130));
    }

    [Fact]
    public void A_standby_that_does_not_answer_is_where_it_was()
    {
        At(0, 100, 100);
        Assert.Equal(60, At(60, 200, null));
    }

    [Fact]
    public void Where_nothing_is_written_nothing_is_behind()
    {
        At(0, 100, 100);
        Assert.Equal(0, At(600, 100, null));
    }

    [Fact]
    public void A_new_primary_that_begins_further_back_is_not_compared_with_the_old_one()
    {
        At(0, 100, 100);
        At(1, 110, 100);
        Assert.Equal(0, At(2, 90, 90));
    }

    private double? At(int second, long primary, long? standby) =>
        _lag.Note(Start.AddSeconds(second), primary, standby)?.TotalSeconds;
}
