using System.Collections.Concurrent;
using Akira.Core.Incidents;
using Akira.Responder.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Channels;

public sealed class PagerTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero));
    private readonly Outside _outside = new();
    private RunningResponder _responder = null!;

    public async ValueTask InitializeAsync() => _responder = await RunningResponder.Start(time: _time);

    public ValueTask DisposeAsync() => _responder.DisposeAsync();

    [Fact]
    public async Task Pages_go_out_in_the_order_of_the_log_and_are_recorded()
    {
        using var pager = await StartPager();

        for (var i = 1; i <= 20; i++)
            await _responder.Post("/api/v2/alerts", RunningResponder.Alert($"s{i}"));

        await Until(() => Entries<Entry.PageDelivered>().Count() == 20);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"INC-{i}"), _outside.Taken.Select(m => m.Incident));
        Assert.All(_outside.Taken, m => Assert.Equal("page", m.Kind));
        await pager.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_page_that_cannot_go_out_now_is_tried_again_and_the_log_says_so_once()
    {
        _outside.WillAnswer(new Delivery.Transient("busy"), new Delivery.Transient("busy"));
        using var pager = await StartPager();
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("vault"));

        await Until(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return Entries<Entry.PageDelivered>().Any();
        });

        Assert.Equal(3, _outside.Taken.Count);
        Assert.False(Assert.Single(Entries<Entry.PageFailed>()).Permanent);
        await pager.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_page_that_will_never_go_out_does_not_hold_up_the_next()
    {
        _outside.WillAnswer(new Delivery.Permanent("no such chat"));
        using var pager = await StartPager();

        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("a"));
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("b"));

        await Until(() => Entries<Entry.PageDelivered>().Any());
        Assert.True(Assert.Single(Entries<Entry.PageFailed>()).Permanent);
        await pager.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task After_a_restart_nothing_is_delivered_twice_and_nothing_is_lost()
    {
        using (var pager = await StartPager())
        {
            await _responder.Post("/api/v2/alerts", RunningResponder.Alert("a"));
            await Until(() => Entries<Entry.PageDelivered>().Any());
            await pager.StopAsync(CancellationToken.None);
        }
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("b"));
        var folder = await _responder.Stop();
        _responder = await RunningResponder.Start(time: _time, folder: folder);

        using var next = await StartPager();
        await Until(() => Entries<Entry.PageDelivered>().Count() == 2);

        Assert.Equal(["INC-1", "INC-2"], _outside.Taken.Select(m => m.Incident));
        await next.StopAsync(CancellationToken.None);
    }

    private async Task<Pager> StartPager()
    {
        var pager = new Pager(
            _outside,
            _responder.Desk,
            _responder.App.Services.GetRequiredService<Telemetry>(),
            null,
            NullLogger<Pager>.Instance
        );
        await pager.StartAsync(CancellationToken.None);
        return pager;
    }

    private IEnumerable<T> Entries<T>() =>
        _responder
            .Desk.Board.Incidents.Keys.SelectMany(n => _responder.Desk.Log.Of(n))
            .Select(e => e.Entry)
            .OfType<T>();

    private static async Task Until(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!holds())
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
    }

    private sealed class Outside : IChannel
    {
        private ConcurrentQueue<Delivery> _answers = new();

        public ConcurrentQueue<Message> Taken { get; } = new();
        public string Name => "outside";

        public void WillAnswer(params Delivery[] answers) => _answers = new(answers);

        public Task<Delivery> Deliver(Message message, CancellationToken cancel)
        {
            Taken.Enqueue(message);
            return Task.FromResult(_answers.TryDequeue(out var answer) ? answer : new Delivery.Delivered());
        }
    }
}
