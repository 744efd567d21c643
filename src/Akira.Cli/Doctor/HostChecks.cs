using Akira.Core.Runbooks;
using Akira.Responder;
using Akira.Responder.Steps.Ssh;

namespace Akira.Cli.Doctor;

/// <summary>Whether steps could log in. No host is contacted to find out.</summary>
internal static class HostChecks
{
    public static IEnumerable<Symptom> Run(SshOptions options, Platform platform)
    {
        if (platform.Hosts.IsEmpty)
            yield break;
        var access = HostAccess.Of(options, platform);
        if (!access.HasKey)
            yield return Symptom.Wrong(
                "ssh-key",
                $"none of the private keys {options.Keys} is there, so no step can log in to a host",
                "Make one (ssh-keygen -t ed25519) and put its public half on the hosts, or set AKIRA_Ssh__Keys"
            );
        var known = access.Hosts.Count(h => h.IsKnown);
        if (known > 0)
            yield return Symptom.Ok(
                "host-keys",
                $"{known} of {access.Hosts.Length} hosts have a key on file in {access.KnownHosts}; no host was asked whether it is its own"
            );
        foreach (var host in access.Hosts.Where(h => !h.IsKnown))
            yield return Symptom.Wrong(
                "host-key",
                $"the key of {host.Name} is not in {access.KnownHosts}, so no step runs there",
                $"Add it, and compare it with the host's own: {host.HowToAdd}"
            );
    }
}
