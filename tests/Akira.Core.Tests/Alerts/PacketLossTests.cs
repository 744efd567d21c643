using Akira.Core.Alerts;

namespace Akira.Core.Tests.Alerts;

public class PacketLossTests
{
    private readonly PacketLoss _loss = new();

    [Fact]
    public void After_a_few_looks_nothing_is_said()
    {
        Look(9, sent: 2, answered: 1);
        Assert.Null(_loss.Ratio);
        Look(1, sent: 2, answered: 1);
        Assert.Equal(0.5, _loss.Ratio);
    }

    [Fact]
    public void It_is_the_part_of_the_requests_that_was_not_answered()
    {
        Look(10, sent: 1, answered: 1);
        Assert.Equal(0, _loss.Ratio);
        Look(10, sent: 3, answered: 1);
        Assert.Equal(0.5, _loss.Ratio);
    }

    [Fact]
    public void One_lost_packet_in_twenty_looks_stays_below_a_tenth()
    {
        Look(19, sent: 1, answered: 1);
        Look(1, sent: 2, answered: 1);
        Assert.InRange(_loss.Ratio!.Value, 0.01, 0.1);
    }

    [Fact]
    public void Where_six_of_ten_are_lost_a_fifth_is_passed_within_five_looks()
    {
        Look(20, sent: 1, answered: 1);
        var looks = 0;
        while (_loss.Ratio < 0.2)
            Look(1, sent: ++looks % 2 == 0 ? 2 : 3, answered: 1);
        Assert.InRange(looks, 3, 5);
    }

    [Fact]
    public void What_is_long_past_is_forgotten()
    {
        Look(20, sent: 8, answered: 1);
        Look(20, sent: 1, answered: 1);
        Assert.Equal(0, _loss.Ratio);
    }

    private void Look(int times, int sent, int answered)
    {
        for (var i = 0; i < times; i++)
            _loss.Note(sent, answered);
    }
}
