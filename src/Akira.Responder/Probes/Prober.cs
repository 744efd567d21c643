using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Microsoft.Extensions.Hosting;

namespace Akira.Responder.Probes;

/// <summary>
/// Looks at each service of the platform that has a probe, each at its own pace: one that hangs delays no other. What it saw
/// last is at hand as samples. A platform that changes is followed without a restart, and what stays goes on undisturbed.
/// </summary>
/// <param name="platform">The platform in force now.</param>
/// <param name="make">A probe for an address of the platform.</param>
/// <param name="world">The world's clock: looks and samples keep to it also where the responder's own runs faster.</param>
/// <param name="clock">The responder's, by which people read since when a service is as it is.</param>
/// <param name="random">From 0 to 1: which part of its pace a probe waits before its first look, so that they spread.</param>
internal sealed class Prober(
    Func<Platform> platform,
    Func<ProbeTarget, IProbe> make,
    SeenServices seen,
    TimeProvider world,
    TimeProvider clock,
    Func<double> random
) : BackgroundService
{
    private readonly ConcurrentDictionary<string, ProbeLoop> _watched = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The services that are looked at, in the platform's order.</summary>
    public ImmutableArray<ProbeState> States =>
        [
            .. platform()
                .Services.Where(s => s.Probe is not null)
                .Select(s => _watched.TryGetValue(s.Name, out var watched) ? watched.State : new ProbeState(s)),
        ];

    /// <summary>What was seen last, dated by when it was asked: a source for the watch.</summary>
    public IReadOnlyCollection<Sample> Samples() => [.. _watched.Values.SelectMany(w => w.Samples)];

    /// <summary>What the probe of the database has seen, also when it is gone.</summary>
    public PlatformFacts Facts()
    {
        var seen = Samples().ToLookup(s => s.Name);
        return new(Of(PostgresProbe.StandbyBehind), Of(PostgresProbe.WalToReplay), Of(PostgresProbe.WalEnd));

        long? Of(string name) => (long?)seen[name].Select(s => s.Value).FirstOrDefault(v => v is not null);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), world);
        try
        {
            do Follow(stoppingToken);
            while (await second.WaitForNextTickAsync(stoppingToken));
        }
        finally
        {
            await Task.WhenAll(_watched.Values.Select(w => w.Stop()));
        }
    }

    private void Follow(CancellationToken cancel)
    {
        var services = platform().Services.Where(s => s.Probe is not null).ToDictionary(s => s.Name);
        foreach (var (name, watched) in _watched)
            if (!services.TryGetValue(name, out var service) || service != watched.State.Service)
                if (_watched.TryRemove(name, out _))
                    _ = watched.Stop();
        foreach (var service in services.Values)
            if (!_watched.ContainsKey(service.Name) && ProbeTarget.Read(service.Probe!, out _) is { } target)
                _watched[service.Name] = new ProbeLoop(service, make(target), seen, random(), world, clock, cancel);
    }

    /// <summary>The probe for an address.</summary>
    public static IProbe Make(ProbeTarget target, TimeProvider world) =>
        target.Scheme switch
        {
            "sip" => new SipProbe(target),
            "postgres" => new PostgresProbe(target, world),
            "nats" => new NatsProbe(target, world),
            "https" or "http" => new HttpProbe(target),
            "tls" => new TlsProbe(target, world),
            "vault" => new VaultProbe(target),
            _ => new TcpProbe(target),
        };
}
