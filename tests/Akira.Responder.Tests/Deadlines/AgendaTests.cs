using Akira.Responder.Deadlines;

namespace Akira.Responder.Tests.Deadlines;

public class AgendaTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly Agenda _agenda = new();

    [Fact]
    public void The_first_deadline_of_all_comes_first()
    {
        _agenda.Set(1, Noon.AddMinutes(2));
        _agenda.Set(2, Noon.AddMinutes(1));
        Assert.Equal(Noon.AddMinutes(1), _agenda.Next);
        Assert.True(_agenda.TryTake(Noon.AddMinutes(5), out var first, out _));
        Assert.True(_agenda.TryTake(Noon.AddMinutes(5), out var second, out _));
        Assert.Equal((2, 1), (first, second));
    }

    [Fact]
    public void What_is_not_due_is_not_taken()
    {
        _agenda.Set(1, Noon);
        Assert.False(_agenda.TryTake(Noon.AddTicks(-1), out _, out _));
    }

    [Fact]
    public void A_deadline_that_moved_counts_only_at_its_new_time()
    {
        _agenda.Set(1, Noon);
        _agenda.Set(1, Noon.AddHours(1));
        Assert.False(_agenda.TryTake(Noon, out _, out _));
        Assert.Equal(Noon.AddHours(1), _agenda.Next);
    }

    [Fact]
    public void A_deadline_that_moved_back_is_not_lost()
    {
        _agenda.Set(1, Noon);
        _agenda.Set(1, Noon.AddHours(1));
        _agenda.Set(1, Noon);
        Assert.True(_agenda.TryTake(Noon, out _, out _));
        Assert.Null(_agenda.Next);
    }

    [Fact]
    public void An_incident_without_deadlines_is_not_on_it()
    {
        _agenda.Set(1, Noon);
        _agenda.Remove(1);
        Assert.Null(_agenda.Next);
    }
}
