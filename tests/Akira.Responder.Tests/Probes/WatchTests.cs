using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Core.Runbooks.Conditions;
using Akira.Responder.Deadlines;
using Akira.Responder.Demo;
using Akira.Responder.Probes;
using Akira.Responder.Voice;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Probes;

public class WatchTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider time = new(Noon);
    private readonly List<(double Second, Alert Alert)> sent = [];
    private Exception? failure;

    [Theory]
    [InlineData("asr", "asr < 90%", 30, 120)]
    [InlineData("pdd", "pdd.p95 > 5s", 5, 60)]
    [InlineData("signaling", "kamailio.up = 0 for 5s", 5, 7)]
    [InlineData("cdr", "cdr.backlog_age > 60s", 60, 63)]
    public async Task A_fault_of_the_demo_fires_its_alert_in_time_and_its_repair_ends_it(
        string fault,
        string alertname,
        int earliest,
        int latest
    )
    {
        var intake = new CallIntake();
        var demo = new DemoPlatform(time, intake);
        using var watch = Watching((p, now) => demo.Samples(p, now), (p, now) => intake.Samples(p, now));
        await Pass(watch, seconds: 120);
        Assert.Empty(sent);

        demo.Break(fault);
        await Pass(watch, seconds: 180);
        var (second, fired) = sent[0];
        Assert.Equal(alertname, fired.Name);
        Assert.Null(fired.EndsAt);
        Assert.InRange(second - 120, earliest, latest);

        demo.Heal();
        await Pass(watch, seconds: 600);
        Assert.Contains(sent, s => s.Alert.Name == alertname && s.Alert.EndsAt is not null);
        Assert.Empty(watch.Firing);
        Assert.Equal([alertname], sent.Select(s => s.Alert.Name).Distinct());
    }

    [Fact]
    public async Task An_alert_that_goes_on_is_sent_again_each_minute()
    {
        var up = 0.0;
        using var watch = Watching((_, now) => [Sample.Of("kamailio.up", up, now)]);

        await Pass(watch, seconds: 200);

        Assert.InRange(sent.Count, 4, 5);
        Assert.Single(sent.Select(s => (s.Alert.Fingerprint, s.Alert.StartsAt)).Distinct());
        up = 1;
        await Pass(watch, seconds: 100);
        Assert.NotNull(sent[^1].Alert.EndsAt);
        Assert.Single(sent, s => s.Alert.EndsAt is not null);
    }

    [Fact]
    public async Task What_could_not_be_handed_over_is_handed_over_again()
    {
        using var watch = Watching((_, now) => [Sample.Of("kamailio.up", 0, now)]);
        await Pass(watch, seconds: 5);
        failure = new IOException("No space left on device");
        time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<IOException>(() => watch.Tick(TestContext.Current.CancellationToken));
        failure = null;

        await Pass(watch, seconds: 1);

        Assert.Single(sent);
    }

    [Fact]
    public async Task A_source_that_fails_does_not_blind_the_others()
    {
        using var watch = Watching(
            (_, _) => throw new InvalidOperationException("probe"),
            (_, now) => [Sample.Of("kamailio.up", 0, now)]
        );

        await Pass(watch, seconds: 10);

        Assert.Single(sent);
    }

    [Fact]
    public async Task An_alert_left_firing_by_an_earlier_run_is_ended()
    {
        using (var before = Watching((_, now) => [Sample.Of("kamailio.up", 0, now)]))
            await Pass(before, seconds: 10);
        using var watch = Watching((_, now) => [Sample.Of("kamailio.up", 1, now)]);
        watch.Resume(sent.ConvertAll(s => s.Alert));

        await Pass(watch, seconds: 1);

        Assert.Equal(time.GetUtcNow(), sent[^1].Alert.EndsAt);
    }

    [Fact]
    public async Task It_looks_at_once_and_then_twice_a_second_of_its_clock()
    {
        var looks = 0;
        using var looked = new SemaphoreSlim(0);
        using var watch = Watching(
            (_, _) =>
            {
                looks++;
                looked.Release();
                return [];
            }
        );
        await watch.StartAsync(TestContext.Current.CancellationToken);
        for (var look = 0; look < 4; look++)
        {
            Assert.True(await looked.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
            Assert.Equal(look + 1, looks);
            time.Advance(TimeSpan.FromMilliseconds(500));
        }
        await watch.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Beside_a_clock_that_runs_faster_a_condition_still_waits_for_seconds_of_the_world()
    {
        var clock = new ScaledTime(time, Noon.AddHours(1), 60);
        using var watch = Watching(clock, (_, now) => [Sample.Of("kamailio.up", 0, now)]);

        await Pass(watch, seconds: 4);
        Assert.Empty(sent);

        await Pass(watch, seconds: 3);
        Assert.InRange(sent[0].Second, 5, 6);
        var began = sent[0].Alert.StartsAt;
        Assert.InRange(began, Noon.AddHours(1).AddMinutes(5), Noon.AddHours(1).AddMinutes(6));
    }

    private async Task Pass(Watch watch, int seconds)
    {
        for (var s = 0; s < seconds; s++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await watch.Tick(TestContext.Current.CancellationToken);
        }
    }

    private Watch Watching(params SampleSource[] sources) => Watching(time, sources);

    private Watch Watching(TimeProvider clock, params SampleSource[] sources) =>
        new(
            time,
            clock,
            () => Ruled,
            sources,
            (alerts, _) =>
            {
                if (failure is not null)
                    return Task.FromException(failure);
                sent.AddRange(alerts.Select(a => ((time.GetUtcNow() - Noon).TotalSeconds, a)));
                return Task.CompletedTask;
            },
            NullLogger<Watch>.Instance
        );

    private static Policy Ruled { get; } =
        new(
            Hash: "",
            Severities:
            [
                new(
                    new Severity(1),
                    "Outage",
                    "",
                    TimeSpan.FromMinutes(15),
                    "",
                    true,
                    [],
                    null,
                    [
                        When("asr", Operator.Less, 0.9, "asr < 90%"),
                        When("pdd.p95", Operator.Greater, 5, "pdd.p95 > 5s"),
                        When("cdr.backlog_age", Operator.Greater, 60, "cdr.backlog_age > 60s"),
                        When("kamailio.up", Operator.Equal, 0, "kamailio.up = 0 for 5s") with
                        {
                            For = TimeSpan.FromSeconds(5),
                        },
                    ]
                ),
            ],
            Subsystems: ["signaling", "CDR pipeline"],
            Kickoff: [],
            RunbookIndex: [],
            MitigationOrder: [],
            Escalation: [],
            Gates: [],
            PostmortemTemplate: null,
            Caveats: [],
            Stability: TimeSpan.FromMinutes(30),
            GuardedSeverities: [],
            ConfirmerMustDiffer: false,
            Runbooks: [],
            Platform: Platform.Empty
        );

    private static Condition.Comparison When(string sample, Operator op, double value, string text) =>
        new(sample, ImmutableSortedDictionary<string, string>.Empty, op, value, null, null) { Text = text };
}
