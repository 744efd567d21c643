using Akira.Core.Runbooks;
using Akira.Responder.Probes;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Probes;

/// <summary>Against a real primary with a streaming standby.</summary>
public sealed class PostgresProbeTests : IAsyncLifetime
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _time = new();
    private PostgresPair _pair = null!;
    private PostgresProbe _probe = null!;

    public async ValueTask InitializeAsync()
    {
        _pair = await PostgresPair.Start();
        _probe = new PostgresProbe(
            ProbeTarget.Read($"postgres://akira@127.0.0.1:{_pair.Primary},127.0.0.1:{_pair.Standby}/postgres", out _)!,
            _time
        );
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();

    [Fact]
    public async Task It_is_up_while_one_takes_writes_and_its_standby_follows()
    {
        await Follows();
        var reading = await Look();
        Assert.True(reading.Up);
        Assert.Equal($"127.0.0.1:{_pair.Primary}: takes writes; 127.0.0.1:{_pair.Standby}: a standby", reading.Said);
        Assert.Equal(0, Lag(reading));
    }

    [Fact]
    public async Task A_standby_that_receives_and_does_not_apply_falls_behind()
    {
        await Follows();
        await _pair.Sql(_pair.Standby, "select pg_wal_replay_pause()");
        await _pair.Sql(_pair.Primary, "create table t(i int); insert into t select generate_series(1, 1000)");
        _time.Advance(TimeSpan.FromSeconds(90));
        var reading = await Look();
        Assert.True(reading.Up);
        Assert.Equal(90, Lag(reading));

        await _pair.Sql(_pair.Standby, "select pg_wal_replay_resume()");
        await Follows();
    }

    [Fact]
    public async Task A_primary_that_crashed_left_word_of_what_it_would_replay_and_what_the_standby_lacks()
    {
        await Follows();
        await _pair.Sql(_pair.Standby, "select pg_wal_replay_pause()");
        await _pair.Sql(_pair.Primary, "checkpoint; create table t as select generate_series(1, 50000)");
        // A role without rights of its own sees it too.
        await _pair.Sql(_pair.Primary, "create role stranger login");
        var stranger = new PostgresProbe(
            ProbeTarget.Read($"postgres://stranger@127.0.0.1:{_pair.Primary}/postgres", out _)!,
            _time
        );
        Assert.True((await stranger.Look(_cancel)).Up);
        await Look();
        await _pair.Crash("primary");
        var reading = await Look();
        Assert.False(reading.Up);
        Assert.True(Figure(reading, PostgresProbe.WalToReplay) > 1_000_000);
        Assert.True(Figure(reading, PostgresProbe.StandbyBehind) > 1_000_000);
    }

    [Fact]
    public async Task A_standby_that_is_gone_falls_behind_as_well()
    {
        await Follows();
        await _pair.Crash("standby");
        await _pair.Sql(_pair.Primary, "create table t(i int)");
        _time.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(90, Lag(await Look()));
    }

    [Fact]
    public async Task Without_its_primary_it_is_down_and_up_again_when_the_standby_is_promoted()
    {
        await _pair.Crash("primary");
        var reading = await Look();
        Assert.False(reading.Up);
        Assert.Contains("connection refused", reading.Said);
        Assert.Null(Lag(reading));

        await _pair.Promote();
        Assert.True((await Look()).Up);
    }

    [Fact]
    public async Task Two_that_take_writes_are_worse_than_none()
    {
        await _pair.Promote();
        var reading = await Look();
        Assert.False(reading.Up);
        Assert.StartsWith("more than one takes writes", reading.Said);
    }

    [Fact]
    public async Task A_frozen_primary_is_down_in_bounded_time()
    {
        await Follows();
        await _pair.Signal("primary", "-STOP");
        var reading = await Look();
        await _pair.Signal("primary", "-CONT");
        Assert.False(reading.Up);
        Assert.Contains("no answer in time", reading.Said);
        Assert.True((await Look()).Up);
    }

    private static double? Lag(Reading reading) =>
        Assert.Single(reading.Figures, f => f.Sample == "replication.lag").Value;

    /// <summary>Until the standby has replayed all there is.</summary>
    private async Task Follows()
    {
        for (var left = 100; left > 0; left--)
            if (Lag(await Look()) == 0)
                return;
            else
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, _cancel);
        Assert.Fail("the standby does not follow");
    }

    private async Task<Reading> Look()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), TimeProvider.System);
        return await _probe.Look(patience.Token);
    }

    private static double? Figure(Reading reading, string sample) =>
        reading.Figures.Single(f => f.Sample == sample).Value;
}
