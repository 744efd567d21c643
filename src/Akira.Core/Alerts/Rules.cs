using System.Collections.Immutable;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Core.Runbooks.Conditions;

namespace Akira.Core.Alerts;

/// <summary>The runbook's <c>Opens when:</c> conditions as alerts.</summary>
public static class Rules
{
    /// <summary>The value of the label <c>source</c> that tells our own alerts from others.</summary>
    public const string Source = "akira";

    /// <summary>Every comparison the policy's rules make: what has to be sampled.</summary>
    public static IEnumerable<Condition.Comparison> Asked(Policy policy) =>
        policy.Severities.SelectMany(s => s.OpensWhen).SelectMany(c => c.Comparisons);

    /// <summary>What changed: alerts that begin to fire (no end) and alerts that end now.</summary>
    /// <param name="firing">Our own alerts that fire at present.</param>
    /// <remarks>
    /// An alert ends when its condition is known not to hold, never because nothing is known; and when the policy no
    /// longer has its condition, since nothing else would ever end it.
    /// </remarks>
    public static ImmutableArray<Alert> Evaluate(
        Policy policy,
        SampleHistory history,
        DateTimeOffset now,
        IReadOnlyCollection<Alert> firing
    )
    {
        var changed = ImmutableArray.CreateBuilder<Alert>();
        var ruled = new HashSet<string>();
        foreach (var severity in policy.Severities)
        foreach (var condition in severity.OpensWhen)
        {
            var labels = Labels(policy, severity.Severity, condition);
            var fingerprint = Fingerprint.Of(labels);
            if (!ruled.Add(fingerprint))
                continue;
            var fired = firing.FirstOrDefault(a => a.Fingerprint == fingerprint);
            var (truth, evidence) = condition.Evaluate(history, now);
            var annotations = LabelSet.Of("summary", evidence);
            if (truth == Truth.Holds && fired is null)
                changed.Add(new(fingerprint, labels, annotations, now, EndsAt: null, GeneratorUrl: null));
            else if (truth == Truth.DoesNotHold && fired is not null)
                changed.Add(fired with { Annotations = annotations, EndsAt = now });
        }
        foreach (var orphan in firing.Where(a => !ruled.Contains(a.Fingerprint)))
            changed.Add(orphan with { EndsAt = now });
        return changed.ToImmutable();
    }

    private static LabelSet Labels(Policy policy, Severity severity, Condition condition)
    {
        // A condition of several parts is filed under its first: that is the symptom, the rest narrow it down.
        var first = condition.Comparisons.First();
        var labels = new Dictionary<string, string>(first.Labels);
        labels["alertname"] = string.Join(
            ' ',
            condition.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        );
        labels["severity"] = severity.ToString();
        labels["source"] = Source;
        labels["subsystem"] = Subsystem(policy, first.Sample);
        if (ServiceOf(policy, first.Sample) is { } service)
            labels["service"] = service.Name;
        return LabelSet.Of(labels);
    }

    /// <summary>
    /// The service that a sample of up and down speaks of: by its name, or as the only one of its subsystem, or the only one
    /// of it that is probed.
    /// </summary>
    private static PlatformService? ServiceOf(Policy policy, string sample)
    {
        if (!sample.EndsWith(".up", StringComparison.Ordinal))
            return null;
        var name = sample[..^3];
        if (policy.Platform.Service(name) is { } named)
            return named;
        var services = policy.Platform.Services.Where(s => SamplesOfSubsystems.Name(s.Subsystem) == name).ToList();
        return services is [var only] ? only
            : services.Count(s => s.Probe is not null) == 1 ? services.Find(s => s.Probe is not null)
            : null;
    }

    /// <summary>The subsystem a sample speaks of, as the policy writes it.</summary>
    public static string Subsystem(Policy policy, string sample)
    {
        if (ServiceOf(policy, sample) is { } service)
            return policy.SubsystemNamed(service.Subsystem);
        var prefix = sample.Split('.')[0];
        return prefix switch
        {
            "asr" or "ner" or "seer" or "ser" or "isa" or "unallocated" or "pdd" or "acd" or "calls" or "signaling" =>
                policy.SubsystemNamed("signaling"),
            "cdr" => policy.SubsystemNamed("CDR pipeline"),
            "cert" => policy.SubsystemNamed("certificate"),
            "vault" => policy.SubsystemNamed("Vault"),
            "replication" => policy.SubsystemNamed("database"),
            _ when policy.Subsystems.Contains(policy.SubsystemNamed(prefix)) => policy.SubsystemNamed(prefix),
            _ => Policy.Unclassified,
        };
    }
}
