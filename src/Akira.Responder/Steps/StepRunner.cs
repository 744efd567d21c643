using System.Collections.Immutable;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Steps;

/// <summary>
/// Runs what the log asks for, and records what came of it. It needs no cursor: which runs are unfinished stands in
/// the log itself.
/// </summary>
public sealed partial class StepRunner : BackgroundService
{
    /// <summary>Few: in a storm of incidents the pages come first.</summary>
    private const int AtOnce = 4;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Desk _desk;
    private readonly IncidentLog _log;
    private readonly ILogger<StepRunner> _logger;
    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly long _begin;
    private int _running;

    public StepRunner(Desk desk, IncidentLog log, ILogger<StepRunner> logger)
    {
        (_desk, _log, _logger) = (desk, log, logger);
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
                    Launch(logged.IncidentNumber, step.Run, Run(logged.IncidentNumber, step.Run, step, stoppingToken));
            }
        }
    }

    /// <summary>
    /// A run that an earlier process left unfinished. What only reads is run again; whether anything else took effect
    /// nobody can know, and it is never repeated by itself.
    /// </summary>
    private Task TakeUp(Incident incident, StepRun run, CancellationToken cancel)
    {
        if (run.StartedAt is null || run.Effect.Equals(nameof(Effect.Read), StringComparison.OrdinalIgnoreCase))
            return Run(
                incident.Number,
                run.Run,
                new Entry.StepRequested(
                    run.Run,
                    run.Step,
                    run.Effect,
                    run.Script,
                    run.Hosts,
                    TimeSpan.Zero,
                    run.Reason
                ),
                cancel
            );
        var lost = run.Hosts.Select(host => NotRun(host, "the responder died while it ran: look before you repeat it"));
        return Record(incident.Number, new Command.FinishStep(run.Run, [.. lost]), cancel);
    }

    private async Task Run(int incident, int number, Entry.StepRequested request, CancellationToken cancel)
    {
        await _places.WaitAsync(cancel);
        try
        {
            await Record(incident, new Command.StartStep(number), cancel);
            var policy = _desk.PolicyOf(_desk.Find(incident)!.PolicyHash);
            var step = policy.Step(request.Step);
            ImmutableArray<Evidence> parts =
                step is null || step.Script != request.Script
                    ? [NotRun(HostNames.Responder, "the runbook changed before the step could run")]
                    : await Parts(step, cancel);
            await Record(incident, new Command.FinishStep(number, parts), cancel);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>One after another: what a runbook writes first may be what the rest relies on.</summary>
    private static async Task<ImmutableArray<Evidence>> Parts(Step step, CancellationToken cancel)
    {
        var parts = ImmutableArray.CreateBuilder<Evidence>(step.Parts.Length);
        foreach (var part in step.Parts)
            parts.Add(
                part.Host is { } host
                    ? NotRun(host, "not run: this version reaches no host over SSH yet")
                    : await Bash.Run(part.Script, step.Timeout, cancel)
            );
        if (step.Expect is { } expected && parts.LastOrDefault(p => p.Verdict == Verdict.Pass) is { } printed)
            if (!ExpectedOutput.Matches(expected, printed.Output))
                parts[parts.IndexOf(printed)] = printed with
                {
                    Verdict = Verdict.Fail,
                    Remark = "the output is not what the runbook expects",
                };
        return parts.DrainToImmutable();
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
