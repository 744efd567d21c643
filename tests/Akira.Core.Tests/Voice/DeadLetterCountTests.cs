using Akira.Core.Voice;

namespace Akira.Core.Tests.Voice;

public class DeadLetterCountTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DeadLetterCount _count = new();

    [Fact]
    public void Where_no_message_was_ever_read_there_is_no_such_sample() => Assert.Null(_count.Of(Noon));

    [Fact]
    public void What_was_seen_is_said_at_once()
    {
        _count.Note(3, Noon);
        _count.Note(97, Noon.AddMilliseconds(200));
        Assert.Equal(("cdr.dead_letters", 100), (_count.Of(Noon)!.Name, _count.Of(Noon)!.Value));
    }

    [Fact]
    public void That_there_were_none_is_not_known_before_an_hour_was_watched()
    {
        _count.Note(0, Noon);
        var early = _count.Of(Noon.AddMinutes(10))!;
        Assert.Equal((null, "none seen, and watched for 10 min only"), (early.Value, early.Remark));
        Assert.Equal(0, _count.Of(Noon.AddMinutes(60))!.Value);
    }

    [Fact]
    public void Each_is_forgotten_after_an_hour()
    {
        _count.Note(3, Noon);
        _count.Note(2, Noon.AddMinutes(30));
        Assert.Equal(5, _count.Of(Noon.AddMinutes(60))!.Value);
        Assert.Equal(2, _count.Of(Noon.AddMinutes(61))!.Value);
        Assert.Equal(0, _count.Of(Noon.AddMinutes(91))!.Value);
        _count.Note(1, Noon.AddMinutes(92));
        Assert.Equal(1, _count.Of(Noon.AddMinutes(93))!.Value);
    }
}
