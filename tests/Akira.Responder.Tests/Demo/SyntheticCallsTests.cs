using Akira.Core.Runbooks;
using Akira.Core.Voice;
using Akira.Responder.Demo;

namespace Akira.Responder.Tests.Demo;

public class SyntheticCallsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Five = TimeSpan.FromMinutes(5);

    private readonly SyntheticCalls platform = new(seed: 7, start: Noon);
    private readonly CallWindows windows = new();

    [Fact]
    public void The_same_seed_and_clock_give_the_same_records()
    {
        Assert.Equal(Run(7, 60), Run(7, 60));
        Assert.Equal(Run(7, 60), Run(7, 1));
        Assert.NotEqual(Run(7, 60), Run(8, 60));

        static List<CallRecord> Run(int seed, int stepSeconds)
        {
            var calls = new SyntheticCalls(seed, Noon);
            var records = new List<CallRecord>();
            for (var s = stepSeconds; s <= 300; s += stepSeconds)
                records.AddRange(calls.Advance(Noon.AddSeconds(s)));
            return records;
        }
    }

    [Fact]
    public void Its_records_are_valid_and_say_that_they_are_synthetic()
    {
        var records = platform.Advance(Noon.AddMinutes(20));

        var read = CallRecords.Read(CallRecords.Write(records));
        Assert.Empty(read.Faults);
        Assert.Equal(records, read.Records);
        Assert.All(records, r => Assert.Equal(SyntheticCalls.Node, r.Node));
        Assert.Equal(Enumerable.Range(1, records.Length).Select(i => (long?)i), records.Select(r => r.NodeSeq));
    }

    [Fact]
    public void It_runs_at_the_rate_that_was_set()
    {
        Flow(minutes: 15);

        Assert.InRange(windows.Kpis(Scope.Platform, Five, Noon.AddMinutes(15)).Attempts, 1350, 1650);
    }

    [Fact]
    public void A_healthy_platform_is_above_the_runbooks_baseline()
    {
        Flow(minutes: 15);

        var kpis = windows.Kpis(Scope.Platform, Five, Noon.AddMinutes(15));
        Assert.InRange(kpis.Asr.Value!.Value, 0.95, 0.99);
        Assert.InRange(kpis.Ner.Value!.Value, 0.98, 1);
        Assert.InRange(kpis.PddP95.Value!.Value, 1, 2);
        Assert.InRange(kpis.Acd.Value!.Value, 60, 240);
    }

    [Fact]
    public void A_failing_trunk_pulls_asr_below_90_percent_for_sure()
    {
        Flow(minutes: 15);
        platform.Break("asr", Noon.AddMinutes(15));
        Flow(from: 15, minutes: 17);

        var now = Noon.AddMinutes(17);
        Assert.True(windows.Kpis(Scope.Platform, Five, now).Asr.Upper < 0.9);
        Assert.True(windows.Kpis(Scope.Trunk("carrier-milano"), TimeSpan.FromMinutes(1), now).Asr.Value < 0.15);
        Assert.True(windows.Kpis(Scope.Trunk("carrier-torino"), TimeSpan.FromMinutes(1), now).Asr.Value > 0.9);
    }

    [Fact]
    public void Slow_ringing_pulls_pdd_above_five_seconds_for_sure()
    {
        Flow(minutes: 15);
        platform.Break("pdd", Noon.AddMinutes(15));
        Flow(from: 15, minutes: 17);

        Assert.True(windows.Kpis(Scope.Platform, Five, Noon.AddMinutes(17)).PddP95.Lower > 5);
    }

    [Fact]
    public void A_stopped_sip_server_is_down_and_no_call_gets_through()
    {
        Flow(minutes: 15);
        platform.Break("signaling", Noon.AddMinutes(15));
        Flow(from: 15, minutes: 18);

        var now = Noon.AddMinutes(18);
        Assert.Equal(0, windows.Kpis(Scope.Platform, TimeSpan.FromMinutes(1), now).Attempts);
        Assert.Equal(0, Value("kamailio.up", now));
        platform.Heal(now);
        Flow(from: 18, minutes: 20);
        Assert.InRange(windows.Kpis(Scope.Platform, TimeSpan.FromMinutes(1), Noon.AddMinutes(20)).Attempts, 200, 400);
        Assert.Equal(1, Value("kamailio.up", Noon.AddMinutes(20)));
    }

    [Fact]
    public void A_stalled_worker_lets_records_pile_up_and_loses_none()
    {
        Flow(minutes: 15);
        Assert.Equal(0, Value("cdr.backlog", Noon.AddMinutes(15)));
        platform.Break("cdr", Noon.AddMinutes(15));
        Assert.Empty(platform.Advance(Noon.AddMinutes(20)));

        var early = (Value("cdr.backlog", Noon.AddMinutes(20)), Value("cdr.loss_in", Noon.AddMinutes(20)));
        var late = (Value("cdr.backlog", Noon.AddMinutes(40)), Value("cdr.loss_in", Noon.AddMinutes(40)));
        Assert.InRange(Value("cdr.backlog_age", Noon.AddMinutes(40))!.Value, 24.5 * 60, 25 * 60);
        Assert.True(late.Item1 > early.Item1 * 3);
        Assert.InRange(early.Item2!.Value, 40 * 60, 75 * 60);
        Assert.True(late.Item2 < early.Item2);
        Assert.Equal(0, Value("cdr.gaps", Noon.AddMinutes(40)));

        platform.Heal(Noon.AddMinutes(40));
        Assert.True(platform.Advance(Noon.AddMinutes(40)).Length >= late.Item1);
        Assert.Equal(0, Value("cdr.backlog", Noon.AddMinutes(40)));
    }

    [Fact]
    public void Every_service_of_the_runbooks_platform_has_a_sample()
    {
        var written = new Platform([], [new("vault", "Vault", null, null, [], null)], []);

        Assert.Contains(platform.Samples(written, Noon), s => s is { Name: "vault.up", Value: 1 });
    }

    [Fact]
    public void An_unknown_fault_is_refused() => Assert.False(platform.Break("meteor", Noon));

    private void Flow(int minutes, int from = 0)
    {
        for (var s = from * 60; s <= minutes * 60; s++)
            foreach (var record in platform.Advance(Noon.AddSeconds(s)))
                windows.Add(record, Noon.AddSeconds(s));
    }

    private double? Value(string sample, DateTimeOffset now) =>
        platform.Samples(Platform.Empty, now).Single(s => s.Name == sample).Value;
}
