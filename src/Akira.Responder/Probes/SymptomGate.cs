using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Microsoft.Extensions.Hosting;

namespace Akira.Responder.Probes;

/// <summary>
/// Measures the other half of the gate that the symptom is gone: not only have the alerts ended, the probes of what has
/// failed are good. Where nothing probes it, it says nothing.
/// </summary>
internal sealed class SymptomGate(Desk desk, Prober prober, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var seen = prober.States.Where(s => s.Up is not null).ToList();
            if (seen.Count == 0)
                continue;
            foreach (var incident in desk.Board.Incidents.Values)
            foreach (var gate in desk.PolicyOf(incident.PolicyHash).Gates.Where(g => g.Kind == GateKind.Symptom))
                await Observe(incident, gate, Concerning(incident, seen), stoppingToken);
        }
    }

    private async Task Observe(Incident incident, Gate gate, List<ProbeState> states, CancellationToken cancel)
    {
        if (states.Count == 0)
            return;
        var down = states.Where(s => s.Up == false).ToList();
        if (incident.Observed.TryGetValue(gate.Name, out var last) && last.Met == (down.Count == 0))
            return;
        var evidence =
            down.Count == 0
                ? $"the probe of {string.Join(", ", states.Select(s => s.Service.Name))} is good"
                : string.Join("; ", down.Select(s => $"{s.Service.Name} does not answer its probe: {s.Said}"));
        try
        {
            await desk.Decide(
                incident.Number,
                new Command.ObserveGate(gate.Name, down.Count == 0, evidence),
                Actor.Akira,
                cancel
            );
        }
        catch (StoreFailure)
        {
            // Said in the log by the desk; the next look says it again.
        }
    }

    /// <summary>The services that its own alerts name; where none does, those of its subsystem.</summary>
    private static List<ProbeState> Concerning(Incident incident, List<ProbeState> states)
    {
        var named = incident
            .Alerts.Values.Where(a => a is { Service: not null, Effect: false })
            .Select(a => a.Service!)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. states.Where(s =>
                named.Count > 0
                    ? named.Contains(s.Service.Name)
                    : Policy.AreSame(s.Service.Subsystem, incident.Subsystem)
            ),
        ];
    }
}
