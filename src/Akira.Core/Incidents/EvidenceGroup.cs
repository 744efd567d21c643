using System.Collections.Immutable;

namespace Akira.Core.Incidents;

/// <summary>What several hosts left behind in the same words.</summary>
/// <param name="Hosts">Each once, in the order of the parts.</param>
/// <param name="Evidence">The first host's; the others differ in nothing but their name and the time it took.</param>
public sealed record EvidenceGroup(ImmutableArray<string> Hosts, Evidence Evidence)
{
    public static ImmutableArray<EvidenceGroup> Of(IEnumerable<Evidence> parts) =>
        [
            .. parts
                .GroupBy(p => (p.Verdict, p.ExitCode, p.Sha256, p.Remark))
                .Select(g => new EvidenceGroup([.. g.Select(p => p.Host).Distinct()], g.First())),
        ];
}
