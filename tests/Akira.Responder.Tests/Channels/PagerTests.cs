using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akira.Core.Incidents;
using Akira.Responder.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Channels;

public sealed class PagerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly Outside _outside = new("outside");
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

    [Fact]
    public async Task The_worst_goes_out_first_when_several_wait()
    {
        _outside.WillAnswer(new Delivery.Transient("busy"));
        using var pager = await StartPager();
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("a").Replace("critical", "warning"));
        await Until(() => Entries<Entry.PageFailed>().Any());
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("b").Replace("critical", "warning"));
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("c"));

        await Until(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return Entries<Entry.PageDelivered>().Count() == 3;
        });

        Assert.Equal(["INC-1", "INC-3", "INC-1", "INC-2"], _outside.Taken.Select(m => m.Incident));
        await pager.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_call_that_hangs_gives_way_to_a_page_of_the_worst_severity()
    {
        _outside.Hang();
        using var pager = await StartPager();
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("a").Replace("critical", "warning"));
        await Until(() => _outside.Taken.Count == 1);
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("b"));

        await Until(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
            return Entries<Entry.PageDelivered>().Count() == 2;
        });

        Assert.Equal(["INC-1", "INC-2", "INC-1"], _outside.Taken.Select(m => m.Incident));
        await pager.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_waits_with_others_goes_out_with_them_and_each_is_on_record()
    {
        _outside.MostTogether = 10;
        _outside.WillAnswer(new Delivery.Transient("busy"));
        using var pager = await StartPager();
        for (var i = 1; i <= 12; i++)
            await _responder.Post("/api/v2/alerts", RunningResponder.Alert($"s{i}"));

        await Until(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return Entries<Entry.PageDelivered>().Count() == 12;
        });

        Assert.InRange(_outside.Calls, 2, 6);
        await pager.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Another_channel_takes_over_what_the_first_has_not_delivered_for_a_minute()
    {
        _outside.WillAnswer([.. Enumerable.Repeat(new Delivery.Transient("away"), 1000)]);
        var second = new Outside("second");
        using var pager = await StartPager();
        using var standIn = await StartPager(second, standsInFor: "outside");
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("a"));
        await Until(() => Entries<Entry.PageFailed>().Any());

        await Until(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return Entries<Entry.PageDelivered>().Any();
        });

        Assert.Equal(new Entry.PageDelivered(3, "second", null, "outside"), Entries<Entry.PageDelivered>().First());
        Assert.InRange(_time.GetUtcNow(), Start.AddSeconds(60), Start.AddSeconds(75));
        await standIn.StopAsync(CancellationToken.None);
        await pager.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Another_channel_takes_over_at_once_what_the_first_will_never_deliver_and_leaves_alone_what_it_did()
    {
        _outside.WillAnswer(new Delivery.Permanent("no such chat"));
        var second = new Outside("second");
        using var pager = await StartPager();
        using var standIn = await StartPager(second, standsInFor: "outside");
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("a"));
        await Until(() => Entries<Entry.PageDelivered>().Any());
        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("b"));
        await Until(() => Entries<Entry.PageDelivered>().Count() == 2);
        _time.Advance(TimeSpan.FromMinutes(2));

        await _responder.Post("/api/v2/alerts", RunningResponder.Alert("c"));
        await Until(() => Entries<Entry.PageDelivered>().Count() == 3);

        Assert.Equal(["INC-1"], second.Taken.Select(m => m.Incident));
        await standIn.StopAsync(CancellationToken.None);
        await pager.StopAsync(CancellationToken.None);
    }

    private async Task<Pager> StartPager(Outside? channel = null, string? standsInFor = null)
    {
        var pager = new Pager(
            channel ?? _outside,
            _responder.Desk,
            _responder.App.Services.GetRequiredService<Telemetry>(),
            null,
            NullLogger<Pager>.Instance,
            standsInFor
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

    private sealed class Outside(string name) : IChannel
    {
        private ConcurrentQueue<Delivery> _answers = new();
        private bool _hangs;
        private int _calls;

        public ConcurrentQueue<Message> Taken { get; } = new();
        public string Name => name;
        public int MostTogether { get; set; } = 1;
        public int Calls => _calls;

        public void WillAnswer(params Delivery[] answers) => _answers = new(answers);

        /// <summary>The next call does not end by itself.</summary>
        public void Hang() => _hangs = true;

        public async Task<Delivery> Deliver(Message message, CancellationToken cancel)
        {
            Taken.Enqueue(message);
            Interlocked.Increment(ref _calls);
            if (_hangs)
            {
                _hangs = false;
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            }
            return _answers.TryDequeue(out var answer) ? answer : new Delivery.Delivered();
        }

        public Task<Delivery> DeliverTogether(ImmutableArray<Message> messages, CancellationToken cancel)
        {
            foreach (var message in messages.Skip(1))
                Taken.Enqueue(message);
            return Deliver(messages[0], cancel);
        }
    }
}
