using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Core.Runbooks.Conditions;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Microsoft.Extensions.Hosting;

namespace Akira.Responder.Probes;

/// <summary>
/// Measures the gate that CDR ingestion is monotonic: for a minute no record is missing and none waits for long. Where
/// nothing samples the pipeline it says nothing, and the gate stays with people; where it fell silent the gate is not met.
/// </summary>
public sealed class CdrGate(Desk desk, Watch watch, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    /// <summary>A responder that has just started does not know yet, and takes nothing back for that.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Condition Monotonic = Parse("cdr.gaps = 0 for 1m and cdr.backlog_age < 1m for 1m");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        var known = time.GetUtcNow();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var evaluation = watch.Evaluate(Monotonic);
            if (evaluation.Truth != Truth.Unknown)
                known = time.GetUtcNow();
            else if (time.GetUtcNow() - known < Patience)
                continue;
            foreach (var incident in desk.Board.Incidents.Values)
            foreach (var gate in desk.PolicyOf(incident.PolicyHash).Gates.Where(g => g.Kind == GateKind.CdrMonotonic))
                await Observe(incident, gate, evaluation, stoppingToken);
        }
    }

    private async Task Observe(Incident incident, Gate gate, Evaluation evaluation, CancellationToken cancel)
    {
        var met = evaluation.Truth == Truth.Holds;
        var known = incident.Observed.TryGetValue(gate.Name, out var last);
        if (known ? last!.Met == met : evaluation.Truth == Truth.Unknown)
            return;
        try
        {
            var observe = new Command.ObserveGate(gate.Name, met, evaluation.Evidence);
            await desk.Decide(incident.Number, observe, Actor.Akira, cancel);
        }
        catch (StoreFailure)
        {
            // Said in the log by the desk; the next look says it again.
        }
    }

    private static Condition Parse(string text) => ConditionParser.Read(text, []).Condition!;
}
