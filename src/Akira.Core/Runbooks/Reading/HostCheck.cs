namespace Akira.Core.Runbooks.Reading;

internal static class HostCheck
{
    /// <summary>A step on a host that nobody knows fails when it is needed: better to hear of it now.</summary>
    /// <param name="targets">Each host of a step, where it is named.</param>
    public static void Check(IEnumerable<(string Host, Place Place)> targets, Platform platform, FindingList findings)
    {
        if (platform.Hosts.IsEmpty)
            return;
        var known = platform.Hosts.Select(h => h.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (host, place) in targets.Where(t => !known.Contains(t.Host)))
            findings.Error(
                place,
                "AKR609",
                $"the step goes to {FindingList.Quote(host)}, which platform.md does not list",
                "Add the host there, or correct its name"
            );
    }
}
