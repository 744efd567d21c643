using System.Collections.Immutable;

namespace Akira.Core.Runbooks.Reading;

internal static class HostCheck
{
    /// <summary>A step on a host that nobody knows fails when it is needed: better to hear of it now.</summary>
    public static void Check(ImmutableArray<Runbook> runbooks, Platform platform, FindingList findings)
    {
        if (platform.Hosts.IsEmpty)
            return;
        foreach (var step in runbooks.SelectMany(r => r.Sections).SelectMany(s => s.Steps))
        foreach (
            var host in step.Hosts.Where(h =>
                platform.Hosts.All(p => !p.Name.Equals(h, StringComparison.OrdinalIgnoreCase))
            )
        )
            findings.Error(
                step.Place,
                "AKR609",
                $"the step goes to {FindingList.Quote(host)}, which platform.md does not list",
                "Add the host there, or correct its name"
            );
    }
}
