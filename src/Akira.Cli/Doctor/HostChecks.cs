using Akira.Core.Runbooks;
using Akira.Responder;
using Akira.Responder.Steps.Ssh;

namespace Akira.Cli.Doctor;

/// <summary>Whether steps could log in. Each host is asked for its key, all at once and for seconds; nobody logs in to find out.</summary>
internal static class HostChecks
{
    public static async Task<IReadOnlyList<Symptom>> Run(SshOptions options, Platform platform)
    {
        if (platform.Hosts.IsEmpty)
            return [];
        var access = await HostAccess.Ask(options, platform);
        List<Symptom> found = [];
        if (!access.HasKey)
            found.Add(
                Symptom.Wrong(
                    "ssh-key",
                    $"none of the private keys {options.Keys} is there, so no step can log in to a host",
                    "Make one (ssh-keygen -t ed25519) and put its public half on the hosts, or set AKIRA_Ssh__Keys"
                )
            );
        var same = access.Hosts.Count(h => h.Answer == HostAnswer.Known);
        if (same > 0)
            found.Add(
                Symptom.Ok(
                    "host-keys",
                    $"{same} of {access.Hosts.Length} hosts show the key that {access.KnownHosts} has"
                )
            );
        found.AddRange(access.Hosts.Where(h => h.Answer != HostAnswer.Known).Select(h => Of(h, access.KnownHosts)));
        return found;
    }

    private static Symptom Of(HostAtHand host, string knownHosts) =>
        host.Answer switch
        {
            HostAnswer.Missing => Symptom.Wrong(
                "host-key",
                $"the key of {host.Name} is not in {knownHosts}, so no step runs there{(host.Said.Length > 0 ? $"; {host.Said}" : "")}",
                $"Add it, and compare it with the host's own: {host.Mend}"
            ),
            HostAnswer.Changed => Symptom.Wrong(
                "host-key",
                $"THE KEY OF {host.Name} HAS CHANGED: {host.Said}, which is not the one in {knownHosts}, so no step runs there",
                $"Somebody may stand between, or the host was rebuilt: find out which. Only when it was rebuilt: {host.Mend}"
            ),
            HostAnswer.Revoked => Symptom.Wrong(
                "host-key",
                $"the key of {host.Name} is revoked in {knownHosts}: {host.Said}, so no step runs there",
                $"Give the host a new one (ssh-keygen -A there, once the old one is moved away), and add that: {host.Mend}"
            ),
            HostAnswer.Silent => Symptom.Wrong(
                "host-key",
                $"the key of {host.Name} was not compared, and no step runs there: {host.Said}",
                $"See that the host is up and lets this machine in; this must show its key: {host.Mend}"
            ),
            _ => Symptom.Note(
                "host-key",
                $"the key of {host.Name} is in {knownHosts}, and was not compared: {host.Said}",
                $"Compare it with what this shows: {host.Mend}"
            ),
        };
}
