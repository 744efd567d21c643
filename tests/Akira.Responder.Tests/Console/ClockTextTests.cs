using Akira.Responder.Console;

namespace Akira.Responder.Tests.Console;

public class ClockTextTests
{
    [Theory]
    [InlineData(42, "0:42")]
    [InlineData(754, "12:34")]
    [InlineData(3754, "1:02:34")]
    [InlineData(187_500, "2d 04:05")]
    [InlineData(-61, "−1:01")]
    public void A_span_keeps_its_two_largest_units_in_sight(int seconds, string text) =>
        Assert.Equal(text, ClockText.Of(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void What_is_left_is_never_shown_as_nothing_before_it_is() =>
        Assert.Equal("0:01", ClockText.Left(TimeSpan.FromMilliseconds(400)));
}
