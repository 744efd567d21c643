using System.Collections.Immutable;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Akira.Responder.Steps.Ssh;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Steps;

/// <summary>
/// Runs what the log asks for, and records what came of it. It needs no cursor: which runs are unfinished stands in
/// the log itself.
/// </summary>
public sealed partial class StepRunner : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Desk _desk;
    private readonly IncidentLog _log;
    private readonly ILogger<StepRunner> _logger;
    private readonly Shells _shells;
    private readonly Secrets _secrets;
    private readonly SharedReads _shared = new(TimeProvider.System);
    private readonly long _begin;
    private int _running;

    public StepRunner(Desk desk, IncidentLog log, Shells shells, Secrets secrets, ILogger<StepRunner> logger)
    {
        (_desk, _log, _shells, _secrets, _logger) = (desk, log, shells, secrets, logger);
        _begin = log.Position;
    }

    /// <summary>Steps that were asked for and have not finished yet, as far as this process knows.</summary>
    public int Running => Volatile.Read(ref _running);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        foreach (var incident in _desk.Board.Incidents.Values)
        foreach (var run in incident.Runs.Values.Where(r => r.Verdict is null))
            Launch(incident.Number, run.Run, TakeUp(incident, run, stoppingToken));

        var position = _begin;
        while (!stoppingToken.IsCancellationRequested)
        {
            await _log.WaitPast(position, stoppingToken);
            foreach (var logged in _log.ReadAfter(position))
            {
                position = logged.Position;
                if (logged.Entry is Entry.StepRequested step)
                    Launch(
                        logged.IncidentNumber,
                        step.Run,
                        Run(logged.IncidentNumber, step.Run, step.Step, step.Script, step.Reason, stoppingToken)
                    );
            }
        }
    }

    /// <summary>
    /// A run that an earlier process left unfinished. What only reads is run again; whether anything else took effect
    /// nobody can know, and it is never repeated by itself. What was confirmed long ago does not begin now either.
    /// </summary>
    private Task TakeUp(Incident incident, StepRun run, CancellationToken cancel)
    {
        var isRead = run.Effect.Equals(nameof(Effect.Read), StringComparison.OrdinalIgnoreCase);
        var age = _desk.Clock.GetUtcNow() - run.RequestedAt;
        if (isRead || (run.StartedAt is null && age < IncidentDecisions.CodeHolds))
            return Run(incident.Number, run.Run, run.Step, run.Script, run.Reason, cancel);
        var why = run.StartedAt is null
            ? "not run: the responder was away when it was confirmed"
            : "the responder died while it ran: look before you repeat it";
        var unknown = run.Hosts.Select(host => NotRun(host, why));
        return Record(incident.Number, new Command.FinishStep(run.Run, [.. unknown]), cancel);
    }

    private async Task Run(
        int incident,
        int number,
        string name,
        string script,
        string reason,
        CancellationToken cancel
    )
    {
        await Record(incident, new Command.StartStep(number), cancel);
        var policy = _desk.PolicyOf(_desk.Find(incident)!.PolicyHash);
        var step = policy.Step(name);
        ImmutableArray<Evidence> parts =
            step is null || step.Script != script
                ? [NotRun(HostNames.Responder, "the runbook changed before the step could run")]
                : await Parts(step, policy.Platform, mayShare: reason == StepReason.Diagnostics, Show, cancel);
        await Record(incident, new Command.FinishStep(number, parts), cancel);

        async Task Show(string host, string text)
        {
            try
            {
                await _desk.Decide(incident, new Command.ReportOutput(number, host, text), Actor.Akira, cancel);
            }
            catch (StoreFailure)
            {
                // It will stand in the evidence.
            }
        }
    }

    /// <summary>
    /// What only reads runs on all its hosts at once, the parts of one host in order. Anything else runs in waves of
    /// hosts, and not at all after the first failure.
    /// </summary>
    private async Task<ImmutableArray<Evidence>> Parts(
        Step step,
        Platform platform,
        bool mayShare,
        Func<string, string, Task> show,
        CancellationToken cancel
    )
    {
        await using var live = new LiveOutput(show);
        var parts = new Evidence[step.Parts.Length];
        string? failed = null;
        foreach (var wave in Waves.Of(step))
        {
            await Task.WhenAll(wave.GroupBy(i => step.Parts[i].Host, StringComparer.OrdinalIgnoreCase).Select(InOrder));
            if (step.Effect != Effect.Read)
                failed ??= wave.Select(i => parts[i]).FirstOrDefault(p => p.Verdict != Verdict.Pass)?.Host;
        }
        if (
            step.Expect is { } expected
            && Array.FindLastIndex(parts, p => p.Verdict == Verdict.Pass) is >= 0 and var last
        )
            if (!ExpectedOutput.Matches(expected, parts[last].Output))
                parts[last] = parts[last] with
                {
                    Verdict = Verdict.Fail,
                    Remark = "the output is not what the runbook expects",
                };
        return [.. parts];

        Task<Evidence> Part(int i) => RunPart(step.Parts[i], step.Timeout, platform, live, cancel);

        Task<Evidence> Shared(int i) =>
            _shared.Run(
                step.Parts[i],
                step.Parts[i].Host is { } host ? platform.Host(host) : null,
                step.Timeout,
                () => Part(i),
                cancel
            );

        async Task InOrder(IEnumerable<int> ofOneHost)
        {
            foreach (var i in ofOneHost)
                parts[i] =
                    failed is not null
                        ? NotRun(step.Parts[i].Host ?? HostNames.Responder, $"not run: {failed} failed before it")
                    : mayShare && step.Effect == Effect.Read ? await Shared(i)
                    : await Part(i);
        }
    }

    private async Task<Evidence> RunPart(
        StepPart part,
        TimeSpan timeout,
        Platform platform,
        LiveOutput live,
        CancellationToken cancel
    )
    {
        var shell = part.Host is { } host ? _shells.Of(host, part.User, platform) : _shells.Local;
        if (shell is null)
            return NotRun(part.Host!, $"not run: platform.md has no host {part.Host}");
        using var output = new CappedOutput(_secrets, live.Of(part.Host ?? HostNames.Responder));
        return await shell.Run(part.Script, timeout, output, cancel);
    }

    /// <summary>A full disk must not cost the evidence: it is held until it can be recorded.</summary>
    private async Task Record(int incident, Command command, CancellationToken cancel)
    {
        while (true)
            try
            {
                await _desk.Decide(incident, command, Actor.Akira, cancel);
                return;
            }
            catch (StoreFailure e)
            {
                LogHeld(Incident.IdOf(incident), e.Message);
                await Task.Delay(RetryAfter, TimeProvider.System, cancel);
            }
    }

    private static Evidence NotRun(string host, string why) =>
        new(host, Verdict.Unknown, null, "", 0, "", TimeSpan.Zero, why);

    private void Launch(int incident, int run, Task work)
    {
        Interlocked.Increment(ref _running);
        _ = Observe();

        async Task Observe()
        {
            try
            {
                await work;
            }
            catch (OperationCanceledException)
            {
                // The responder stops: the next one takes the run up from the log.
            }
            catch (Exception e)
            {
                LogFailed(e, Incident.IdOf(incident), run);
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "{Incident}: a step is held back: {Reason}")]
    private partial void LogHeld(string incident, string reason);

    [LoggerMessage(LogLevel.Error, "{Incident}: run {Run} failed in the responder itself; a restart takes it up again")]
    private partial void LogFailed(Exception e, string incident, int run);
}
