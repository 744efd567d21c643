using System.Collections.Frozen;
using System.Collections.Immutable;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;

namespace Akira.Core.Alerts;

/// <summary>What an alert means on this platform: how bad, and where.</summary>
public static class Triage
{
    /// <summary>The words that alerting rules in the wild use, from the worst to the mildest.</summary>
    private static readonly FrozenDictionary<string, int> Ranks = new (int Rank, string[] Words)[]
    {
        (0, ["critical", "page", "emergency", "fatal", "disaster", "outage", "p1"]),
        (1, ["warning", "error", "high", "major", "degraded", "p2"]),
        (2, ["info", "information", "low", "minor", "notice", "none", "debug", "p3"]),
    }
        .SelectMany(r => r.Words.Select(word => (r.Rank, word)))
        .ToFrozenDictionary(r => r.word, r => r.Rank, StringComparer.OrdinalIgnoreCase);

    private static readonly ImmutableArray<string> HostLabels = ["instance", "host", "hostname", "node", "target"];
    private static readonly ImmutableArray<string> ServiceLabels = ["service", "job", "unit", "name"];

    public static TriagedAlert Of(Alert alert, Policy policy)
    {
        var (severity, why) = SeverityOf(alert, policy);
        var (subsystem, service, where) = PlaceOf(alert, policy);
        return new TriagedAlert(alert, severity, subsystem, service, $"{why}; {where}");
    }

    /// <summary>
    /// A word as a severity of this policy: its own name (<c>SEV2</c>), or a common word by rank (<c>critical</c> is
    /// the policy's worst). Null when it is neither.
    /// </summary>
    public static Severity? SeverityOf(string word, Policy policy)
    {
        word = word.Trim();
        if (Severity.TryParse(word, out var named))
            return policy.Knows(named) ? named : null;
        return Ranks.TryGetValue(word, out var rank)
            ? policy.Severities[Math.Min(rank, policy.Severities.Length - 1)].Severity
            : null;
    }

    private static (Severity, string) SeverityOf(Alert alert, Policy policy)
    {
        var worst = policy.Severities[0].Severity;
        if (!alert.Labels.TryGetValue("severity", out var word))
            return (worst, $"no severity label: {worst} is assumed");
        return SeverityOf(word, policy) is { } severity
            ? (severity, $"severity \"{word}\"")
            : (worst, $"severity \"{word}\" is unknown here: {worst} is assumed");
    }

    /// <summary>From the plainest statement to the faintest hint: subsystem, service, host, the alert's own name.</summary>
    private static (string Subsystem, string? Service, string Reason) PlaceOf(Alert alert, Policy policy)
    {
        var platform = policy.Platform;
        PlatformService? service = null;
        foreach (var label in ServiceLabels)
            if (service is null && alert.Labels.TryGetValue(label, out var name))
                service = platform.Service(name);

        if (alert.Labels.TryGetValue("subsystem", out var said) && said.Trim().Length > 0)
            return (policy.SubsystemNamed(said), service?.Name, $"subsystem \"{said}\"");
        if (service is not null)
            return (policy.SubsystemNamed(service.Subsystem), service.Name, $"service {service.Name}");

        foreach (var label in HostLabels)
            if (alert.Labels.TryGetValue(label, out var value) && OnHost(value, platform) is [var one, ..] all)
                if (all.Select(s => s.Subsystem).Distinct().Count() == 1)
                    return (
                        policy.SubsystemNamed(one.Subsystem),
                        all.Length == 1 ? one.Name : null,
                        $"{label} \"{value}\""
                    );

        if (NamedIn(alert.Name, platform) is { } named)
            return (policy.SubsystemNamed(named.Subsystem), named.Name, $"{alert.Name} names {named.Name}");
        return (Policy.Unclassified, null, "no label says which subsystem");
    }

    private static PlatformService? NamedIn(string words, Platform platform) =>
        platform.Services.FirstOrDefault(s => words.Contains(s.Name, StringComparison.OrdinalIgnoreCase));

    private static ImmutableArray<PlatformService> OnHost(string value, Platform platform)
    {
        var name = value.Contains("://", StringComparison.Ordinal)
            ? new string(value.AsSpan(value.IndexOf("://", StringComparison.Ordinal) + 3))
            : value;
        name = name.Split('/', ':')[0];
        var host = platform.Hosts.FirstOrDefault(h =>
            h.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || h.Address == name
        );
        return host is null ? [] : [.. platform.Services.Where(s => s.Host == host.Name)];
    }
}
