using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Runbooks;
using Akira.Core.Runbooks.Conditions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Probes;

/// <summary>Samples of this moment; called twice a second, so it must not wait for anything.</summary>
public delegate IReadOnlyCollection<Sample> SampleSource(Policy policy, DateTimeOffset now);

/// <summary>
/// Twice a second: samples into the history, the policy's rules over the history, and what changed to the alert intake, like
/// any other sender of alerts.
/// </summary>
/// <param name="world">
/// What is measured keeps to it, also where the responder's clock runs faster: else one answer that was late by a moment would
/// be two seconds without any.
/// </param>
/// <param name="clock">The responder's, in whose time alerts begin and end.</param>
/// <param name="policy">The policy in force now.</param>
/// <param name="handOver">
/// Takes alerts that fire (no end) or ended. When it throws, the same are handed over again at the next look.
/// </param>
public sealed partial class Watch(
    TimeProvider world,
    TimeProvider clock,
    Func<Policy> policy,
    IEnumerable<SampleSource> sources,
    Func<IReadOnlyList<Alert>, CancellationToken, Task> handOver,
    ILogger<Watch> log
) : BackgroundService
{
    /// <summary>Twice as often as is probed: of the seconds until a page, none is to be lost here.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    /// <summary>As Prometheus does: an alert that is not sent again is taken to have ended.</summary>
    private static readonly TimeSpan ResendEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly SampleHistory _history = new();
    private readonly ImmutableArray<SampleSource> _sources = [.. sources];
    private ImmutableDictionary<string, Alert> _firing = ImmutableDictionary<string, Alert>.Empty;
    private DateTimeOffset _sentAt;

    /// <summary>Our own alerts that fire at present.</summary>
    public IEnumerable<Alert> Firing => _firing.Values;

    /// <summary>Takes up the alerts an earlier run left firing, so that their end is noticed. Before the start.</summary>
    public void Resume(IEnumerable<Alert> firing) =>
        _firing = firing
            .Where(a => a.Labels.GetValueOrDefault("source") == Rules.Source)
            .ToImmutableDictionary(a => a.Fingerprint);

    /// <summary>Judges a condition over the samples seen so far.</summary>
    public Evaluation Evaluate(Condition condition)
    {
        lock (_gate)
            return condition.Evaluate(_history, world.GetUtcNow());
    }

    /// <summary>One look.</summary>
    public async Task Tick(CancellationToken cancel)
    {
        var seen = Look(policy(), world.GetUtcNow());
        var now = clock.GetUtcNow(); // after the look: nothing began before it was seen
        List<Alert> changed =
        [
            .. seen.Select(a => a.EndsAt is null ? a with { StartsAt = now } : a with { EndsAt = now }),
        ];
        var firing = _firing;
        foreach (var alert in changed)
            firing = alert.EndsAt is null ? firing.SetItem(alert.Fingerprint, alert) : firing.Remove(alert.Fingerprint);

        var resend = now - _sentAt >= ResendEvery;
        IReadOnlyList<Alert> sent = resend ? [.. firing.Values, .. changed.Where(a => a.EndsAt is not null)] : changed;
        if (sent.Count > 0)
            await handOver(sent, cancel);
        if (resend)
            _sentAt = now;
        _firing = firing;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(Every, world);
        do
        {
            try
            {
                await Tick(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                NotHandedOver(e);
            }
        } while (await look.WaitForNextTickAsync(stoppingToken));
    }

    private ImmutableArray<Alert> Look(Policy rules, DateTimeOffset now)
    {
        var samples = new List<Sample>();
        foreach (var source in _sources)
        {
            try
            {
                samples.AddRange(source(rules, now));
            }
            catch (Exception e)
            {
                // The other sources are all the more needed.
                SourceFailed(e);
            }
        }
        samples.AddRange(SamplesOfSubsystems.Of(rules.Platform, samples));
        lock (_gate)
        {
            foreach (var sample in samples)
                _history.Add(sample);
            return Rules.Evaluate(rules, _history, now, [.. _firing.Values]);
        }
    }

    [LoggerMessage(LogLevel.Error, "Alerts could not be handed over; trying again at the next look")]
    private partial void NotHandedOver(Exception e);

    [LoggerMessage(LogLevel.Error, "A source of samples failed; the others go on")]
    private partial void SourceFailed(Exception e);
}
