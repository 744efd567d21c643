using Akira.Responder.Deadlines;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Deadlines;

public sealed class ScaledTimeTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _world = new(Start);

    [Fact]
    public void A_minute_of_the_world_is_an_hour_at_sixty_times()
    {
        var clock = new ScaledTime(_world, Start, 60);

        _world.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(Start.AddHours(1), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromHours(1), clock.GetElapsedTime(0));
    }

    [Fact]
    public void It_goes_on_where_it_was_left()
    {
        var clock = new ScaledTime(_world, Start.AddDays(1), 60);

        Assert.Equal(Start.AddDays(1), clock.GetUtcNow());
        Assert.Equal(Start, clock.World);
    }

    [Fact]
    public void An_instant_of_the_world_is_found_on_it()
    {
        var clock = new ScaledTime(_world, Start.AddDays(1), 60);

        Assert.Equal(Start.AddDays(1).AddMinutes(30), clock.FromWorld(Start.AddSeconds(30)));
        Assert.Equal(Start.AddDays(1).AddHours(-1), clock.FromWorld(Start.AddMinutes(-1)));
    }

    [Fact]
    public void Its_timers_come_due_by_its_own_time()
    {
        var clock = new ScaledTime(_world, Start, 60);
        var rings = 0;
        using var timer = clock.CreateTimer(_ => rings++, null, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15));

        _world.Advance(TimeSpan.FromSeconds(14.9));
        Assert.Equal(0, rings);
        _world.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(1, rings);
        timer.Change(TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
        _world.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(2, rings);
    }
}
