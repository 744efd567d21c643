using Akira.Core.Incidents;
using Akira.Core.Voice;
using Akira.Responder.Voice;
using Microsoft.Extensions.DependencyInjection;

namespace Akira.Responder.Tests.Voice;

/// <summary>A smoke test that runs over a real ssh would need a host; its calls are told by the host in their Call-ID.</summary>
public sealed class SmokeEvidenceTests
{
    private const string Policy =
        RunningResponder.PolicyText
        + """

            - Smoke test passes.

            ## Diagnostics

            The baseline is ASR at least 95% and PDD p95 below 2s.

            ```sh { name=smoke-call }
            ssh root@sipp-01 '
            cd /opt/akira/sipp
            ./run_scenario.sh smoke_e2e_single.xml smoke_target.csv
            '
            ```
            """;

    private const string Platform = """
        # Platform

        ## Hosts

        | Host | Address | User | Role |
        | --- | --- | --- | --- |
        | sipp-01 | 127.0.0.9 | root | smoke calls |
        """;

    [Fact]
    public async Task The_calls_of_the_run_are_measured_and_those_of_others_are_not()
    {
        await using var site = await Start();
        var run = await Passed(
            site,
            [Call("1-7@127.0.0.9", 200, 0.5), Call("2-7@127.0.0.9:5060", 503, null), Call("x@10.1.1.1", 503, null)]
        );
        Assert.Equal((2, 1), (run.Measured!.Calls, run.Measured.Answered));
        Assert.InRange(run.Measured.PddP95!.Value, 0.49, 0.51);
    }

    [Fact]
    public async Task Where_no_call_records_come_that_is_said_at_once()
    {
        await using var site = await Start();
        Assert.Null((await Passed(site, [])).Measured!.Calls);
    }

    [Fact]
    public async Task Where_records_came_before_an_outage_those_of_the_run_are_waited_for()
    {
        await using var site = await Start();
        var tally = new Tally();
        tally.Add(Call("old@10.1.1.1", 200, 0.5));
        var yesterday = TimeProvider.System.GetUtcNow().AddDays(-1);
        site.App.Services.GetRequiredService<KpiHistory>()
            .Keep([(Scope.Platform, yesterday, tally)], TimeProvider.System.GetUtcNow());

        var run = await Passed(site, [], late: [Call("1-7@127.0.0.9", 200, 0.5)]);

        Assert.Equal((1, 1), (run.Measured!.Calls, run.Measured.Answered));
    }

    private static Task<RunningResponder> Start()
    {
        var folder = Directory.CreateTempSubdirectory("akira-test-").FullName;
        RunningResponder.WritePolicy(Path.Combine(folder, "runbooks"), Policy);
        File.WriteAllText(Path.Combine(folder, "runbooks", "platform.md"), Platform);
        return RunningResponder.Start(folder: folder);
    }

    /// <summary>The step is asked for, calls are made, and it is said to have passed.</summary>
    private static async Task<StepRun> Passed(RunningResponder site, CallRecord[] calls, CallRecord[]? late = null)
    {
        var cancel = TestContext.Current.CancellationToken;
        await site.Says("/ticket \"SEV2 - a test\"");
        if (calls.Length > 0)
            await site
                .App.Services.GetRequiredService<CallSpool>()
                .Append(calls, TimeProvider.System.GetUtcNow(), cancel);
        var passed = new Evidence("sipp-01", Verdict.Pass, 0, "PASS", 0, "", TimeSpan.Zero);
        // In one round: the step runner finds nothing left to run.
        await site.Desk.Ask(
            round =>
            {
                round.Decide(round.Find(1), new Command.Run("smoke-call"), Actor.Akira);
                return round.Decide(round.Find(1), new Command.FinishStep(1, [passed]), Actor.Akira);
            },
            cancel
        );
        if (late is not null)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancel);
            await site
                .App.Services.GetRequiredService<CallSpool>()
                .Append(late, TimeProvider.System.GetUtcNow(), cancel);
        }
        while (site.Desk.Find(1)!.Runs[1] is not { Measured: not null })
            await site.Desk.Log.WaitPast(site.Desk.Log.Position, cancel);
        return site.Desk.Find(1)!.Runs[1];
    }

    private static CallRecord Call(string callId, int code, double? ring)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new()
        {
            Version = 1,
            Type = CallRecordType.Setup,
            CallUid = callId,
            CallId = callId,
            InvitedAt = now.AddSeconds(-1),
            RangAt = ring is { } r ? now.AddSeconds(r - 1) : null,
            FinalAt = now,
            SipCode = code,
            TrunkOut = "t1",
        };
    }
}
