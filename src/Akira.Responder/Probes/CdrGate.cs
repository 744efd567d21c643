using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Core.Runbooks.Conditions;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Microsoft.Extensions.Hosting;

namespace Akira.Responder.Probes;

/// <summary>
/// Measures the gate that CDR ingestion is monotonic: for a minute no record is missing and none waits for long. Where
/// nothing samples the pipeline it says nothing, and the gate stays with people.
/// </summary>
public sealed class CdrGate(Desk desk, Watch watch, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private static readonly Condition Monotonic = Parse("cdr.gaps = 0 for 1m and cdr.backlog_age < 1m for 1m");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var evaluation = watch.Evaluate(Monotonic);
            if (evaluation.Truth == Truth.Unknown)
                continue;
            foreach (var incident in desk.Board.Incidents.Values)
            foreach (var gate in desk.PolicyOf(incident.PolicyHash).Gates.Where(g => g.Kind == GateKind.CdrMonotonic))
                await Observe(incident, gate, evaluation, stoppingToken);
        }
    }

    private async Task Observe(Incident incident, Gate gate, Evaluation evaluation, CancellationToken cancel)
    {
        var met = evaluation.Truth == Truth.Holds;
        if (incident.Observed.TryGetValue(gate.Name, out var last) && last.Met == met)
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
