using System.Globalization;
using Akira.Core.Runbooks.Conditions;
using Akira.Core.Voice;
using Akira.Responder.Probes;
using Akira.Responder.Voice;
using Akira.Voice.Stream;
using Akira.Voice.Tests.Real;
using Microsoft.Extensions.DependencyInjection;
using NATS.Client.Core;

namespace Akira.Responder.Tests.Voice;

/// <summary>A responder that reads the stream of call records, from a real nats-server.</summary>
public sealed class CallStreamTests : IAsyncLifetime
{
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private NatsServer _server = null!;
    private NatsConnection _nats = null!;
    private int _calls;

    public async ValueTask InitializeAsync()
    {
        _server = await NatsServer.Start();
        _nats = new NatsLogin(_server.Url).Connect("test");
        await CdrStream.Ensure(_nats.JetStream(), CdrStream.Limits.Usual, _cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _nats.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Calls_of_the_stream_count_and_are_acknowledged_when_they_are_on_disk()
    {
        await using var responder = await Start();
        await Publish(3);
        await Counted(responder, 3);

        await Eventually(async () => (await Reader(responder)).NumAckPending == 0);
        var spool = responder.App.Services.GetRequiredService<CallSpool>();
        Assert.Equal(3, spool.Recent(Now).Count());
    }

    [Fact]
    public async Task What_came_before_the_first_start_counts_as_far_back_as_an_hour()
    {
        await Publish(2);
        await Publish(1, Now.AddMinutes(-30));
        await using var responder = await Start();
        await Counted(responder, 3);
        Assert.Equal(CallWindows.Longest, (await Config(responder)).InactiveThreshold);
    }

    [Fact]
    public async Task A_responder_that_was_away_catches_up_and_counts_nothing_twice()
    {
        var before = await Start();
        await Publish(3);
        await Counted(before, 3);
        var folder = await before.Stop();
        await Publish(2);
        await using var after = await Start(folder);
        await Counted(after, 5);
        await Publish(1);
        await Counted(after, 6);
    }

    [Fact]
    public async Task While_nats_is_away_it_waits()
    {
        await using var responder = await Start();
        await Publish(1);
        await Counted(responder, 1);
        await _server.Kill();
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, _cancel);
        await _server.Start();
        await Eventually(async () =>
        {
            await _nats.PingAsync(_cancel);
            return true;
        });
        await Publish(2);
        await Counted(responder, 3);
    }

    [Fact]
    public async Task What_is_no_call_record_is_passed_over_and_told()
    {
        await using var responder = await Start();
        await _nats.JetStream().PublishAsync("akira.cdr.sip-01", "{ no JSON"u8.ToArray(), cancellationToken: _cancel);
        await Publish(1);
        await Counted(responder, 1);
        Assert.Equal(1, Report(responder).Unreadable);
        Assert.Equal(0, (await Reader(responder)).NumRedelivered);
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_holds_the_calls_until_it_does()
    {
        await using var responder = await Start();
        var calls = Path.Combine(responder.Folder, "data", "calls");
        Directory.CreateDirectory(calls);
        var full = Path.Combine(calls, Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH'Z'", CultureInfo.InvariantCulture));
        File.CreateSymbolicLink(full + ".ndjson", "/dev/full");
        await Publish(2);
        await Eventually(async () => (await Reader(responder)).NumAckPending > 0);
        Assert.Equal(0, Report(responder).Counted);

        File.Delete(full + ".ndjson");
        await Counted(responder, 2);
        await Eventually(async () => (await Reader(responder)).NumAckPending == 0);
    }

    [Fact]
    public async Task Minutes_that_are_past_are_read_by_scope()
    {
        await using var responder = await Start();
        await Publish(3);
        await Counted(responder, 3);
        responder.App.Services.GetRequiredService<KpiKeeper>().Keep();

        var minutes = (await responder.Get("/api/kpis/history?kind=trunk&name=t1")).AsArray();
        Assert.Equal(3, minutes.Sum(m => (int)m!["answered"]!));
        Assert.Empty((await responder.Get("/api/kpis/history?kind=trunk&name=t2")).AsArray());
        var wrong = await responder.Http.GetAsync(
            "/api/kpis/history?from=2026-11-01T00:00Z&to=2026-11-25T00:00Z",
            _cancel
        );
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task A_clock_that_runs_ahead_counts_the_calls_of_its_own_now()
    {
        await using var responder = await Start(with: o => o with { TimeScale = 1000 });
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, _cancel); // more than an hour of its time
        await Publish(2);
        await Counted(responder, 2);
        Assert.Equal(0, Report(responder).OutOfTime);
    }

    [Fact]
    public async Task A_missing_number_is_a_gap_that_the_conditions_see()
    {
        await using var responder = await Start();
        await Publish(1);
        _calls++; // lost on its way
        await Publish(1);
        await Counted(responder, 2);
        var watch = responder.App.Services.GetRequiredService<Watch>();
        var gap = ConditionParser.Read("cdr.gaps = 1", []).Condition!;
        await Eventually(() => Task.FromResult(watch.Evaluate(gap).Truth == Truth.Holds));

        _calls -= 2;
        await Publish(1);
        var none = ConditionParser.Read("cdr.gaps = 0", []).Condition!;
        await Eventually(() => Task.FromResult(watch.Evaluate(none).Truth == Truth.Holds));
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private Task<RunningResponder> Start(
        string? folder = null,
        Func<ResponderOptions, ResponderOptions>? with = null
    ) => RunningResponder.Start(o => (with?.Invoke(o) ?? o) with { Nats = new NatsLogin(_server.Url) }, folder: folder);

    private async Task Publish(int calls, DateTimeOffset? at = null)
    {
        for (var i = 0; i < calls; i++)
        {
            var call = ++_calls;
            var record = new CallRecord
            {
                Version = 1,
                Type = CallRecordType.Setup,
                CallUid = string.Create(CultureInfo.InvariantCulture, $"call-{call}"),
                InvitedAt = (at ?? Now).AddSeconds(-2),
                FinalAt = at ?? Now,
                SipCode = 200,
                Node = "sip-01",
                NodeEpoch = 7,
                NodeSeq = call,
                TrunkOut = "t1",
            };
            var ack = await _nats
                .JetStream()
                .PublishAsync("akira.cdr.sip-01", CallRecords.Write([record])[..^1], cancellationToken: _cancel);
            Assert.Null(ack.Error);
        }
    }

    private static KpiReport Report(RunningResponder responder) =>
        responder.App.Services.GetRequiredService<CallIntake>().Kpis(Now);

    private async Task Counted(RunningResponder responder, long calls)
    {
        await Eventually(() => Task.FromResult(Report(responder).Counted >= calls));
        Assert.Equal(calls, Report(responder).Counted);
    }

    private async Task<NATS.Client.JetStream.Models.ConsumerInfo> Reader(RunningResponder responder) =>
        (await _nats.JetStream().GetConsumerAsync(CdrStream.Name, Name(responder), _cancel)).Info;

    private async Task<NATS.Client.JetStream.Models.ConsumerConfig> Config(RunningResponder responder) =>
        (await Reader(responder)).Config;

    private static string Name(RunningResponder responder) =>
        CallStream.ConsumerOf(Path.Combine(responder.Folder, "data"));

    private async Task Eventually(Func<Task<bool>> holds)
    {
        for (var left = 300; ; left--)
        {
            try
            {
                if (await holds())
                    return;
            }
            catch (Exception e) when (e is NatsException or NATS.Client.JetStream.NatsJSException) { }
            Assert.True(left > 0, "not within half a minute");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, _cancel);
        }
    }
}
