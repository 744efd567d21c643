using System.Collections.Immutable;
using Akira.Core.Runbooks;

namespace Akira.Core.Incidents;

/// <summary>Which sections of the runbooks belong to an incident.</summary>
public static class Diagnostics
{
    /// <summary>The global snapshot, the severity's own section, and the scenarios that its facts match.</summary>
    public static ImmutableArray<Section> For(Incident incident, Policy policy) =>
        [
            .. Under("diagnostics", policy)
                .Where(s =>
                    s.Heading.Contains("snapshot", StringComparison.OrdinalIgnoreCase)
                    || (
                        Severity.TryParse(s.Heading.Split(' ', ':', ',')[0], out var named)
                        && named == incident.Severity
                    )
                ),
            .. Scenarios(incident, policy),
        ];

    /// <summary>Scenarios whose heading names a failing service or the subsystem: <c>Kamailio Down</c> for <c>kamailio</c>.</summary>
    public static ImmutableArray<Section> Scenarios(Incident incident, Policy policy)
    {
        var words = Words(incident, policy);
        return
        [
            .. Under("common-scenarios", policy)
                .Where(s => words.Any(w => Normal(s.Heading).Contains(w, StringComparison.Ordinal))),
        ];
    }

    /// <summary>The runbooks to open for this incident: targets of the policy's index whose words it matches.</summary>
    public static ImmutableArray<RunbookLink> RunbooksFor(Incident incident, Policy policy)
    {
        var words = Words(incident, policy);
        return
        [
            .. policy.RunbookIndex.Where(link =>
                words.Any(w => Normal(link.When).Contains(w, StringComparison.Ordinal))
                || (incident.LastDeploy is not null && link.When.Contains("deploy", StringComparison.OrdinalIgnoreCase))
            ),
        ];
    }

    /// <summary>The steps under a section and its sub-sections.</summary>
    /// <param name="target"><c>dr.md#postgresql-primary-failover</c>, an anchor, or a heading.</param>
    /// <param name="policy">Whose runbooks are searched.</param>
    public static ImmutableArray<Step> SectionSteps(string target, Policy policy)
    {
        var hash = target.IndexOf('#', StringComparison.Ordinal);
        var file = hash > 0 ? target[..hash] : null;
        var name = hash >= 0 ? target[(hash + 1)..] : target;
        return
        [
            .. policy
                .Runbooks.Where(r => file is null || r.Path.Equals(file, StringComparison.OrdinalIgnoreCase))
                .SelectMany(r => r.Sections)
                .Where(s => Is(s, name) || s.Parents.Contains(name, StringComparer.OrdinalIgnoreCase))
                .SelectMany(s => s.Steps),
        ];
    }

    /// <summary>The subsystem and its failing services; where no alert names one, all services it has.</summary>
    private static List<string> Words(Incident incident, Policy policy)
    {
        var services = incident.FailingServices.ToList();
        if (services.Count == 0)
            services =
            [
                .. policy
                    .Platform.Services.Where(s => Normal(s.Subsystem) == Normal(incident.Subsystem))
                    .Select(s => s.Name),
            ];
        return [.. services.Append(incident.Subsystem).Select(Normal)];
    }

    private static IEnumerable<Section> Under(string anchor, Policy policy) =>
        policy.Runbooks.SelectMany(r => r.Sections).Where(s => s.Parents.Contains(anchor) || s.Anchor == anchor);

    private static bool Is(Section section, string name) =>
        section.Anchor.Equals(name, StringComparison.OrdinalIgnoreCase)
        || section.Heading.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static string Normal(string words) => string.Concat(words.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
