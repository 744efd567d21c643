using Akira.Core.Voice;

namespace Akira.Core.Tests.Voice;

public class StreamBacklogTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    private readonly StreamBacklog _backlog = new();

    [Fact]
    public void Where_everything_is_read_nothing_will_be_lost() => Assert.Equal(StreamBacklog.Never, At(0, unread: 0));

    [Fact]
    public void A_backlog_that_does_not_grow_will_not_reach_a_limit_of_size()
    {
        At(0, unread: 500);
        Assert.Equal(StreamBacklog.Never, At(60, unread: 500));
    }

    [Fact]
    public void One_that_grows_reaches_the_limit_at_its_pace()
    {
        At(0, unread: 100);
        // 10 a second; of 1,000 messages' room 300 are left.
        Assert.Equal(TimeSpan.FromSeconds(30), At(60, unread: 700));
    }

    [Fact]
    public void What_is_too_old_goes_also_where_nothing_grows() =>
        Assert.Equal(
            TimeSpan.FromMinutes(10),
            At(0, unread: 5, oldest: TimeSpan.FromMinutes(50), maxAge: TimeSpan.FromHours(1))
        );

    [Fact]
    public void At_the_limit_records_are_being_lost_now() => Assert.Equal(TimeSpan.Zero, At(0, unread: 1000));

    [Fact]
    public void A_trend_is_of_the_last_two_minutes()
    {
        At(0, unread: 0);
        At(200, unread: 600);
        Assert.Equal(StreamBacklog.Never, At(330, unread: 600));
    }

    private TimeSpan At(int second, long unread, TimeSpan? oldest = null, TimeSpan? maxAge = null)
    {
        var now = Start.AddSeconds(second);
        return _backlog.LossIn(
            new RecordStream(1000, 400_000, unread, now - (oldest ?? TimeSpan.Zero), null, 400_000, maxAge),
            now
        );
    }
}
