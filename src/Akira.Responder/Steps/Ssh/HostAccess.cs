using System.Collections.Immutable;
using Akira.Core.Runbooks;

namespace Akira.Responder.Steps.Ssh;

/// <summary>What steps need to log in to hosts, as far as this machine can tell.</summary>
/// <param name="HasKey">Whether a private key is there, or every host is reached by OpenSSH, which may have an agent.</param>
/// <param name="KnownHosts">The file in which hosts are known.</param>
public sealed record HostAccess(bool HasKey, string KnownHosts, ImmutableArray<HostAtHand> Hosts)
{
    public static HostAccess Of(SshOptions options, Platform platform)
    {
        var login = SshLogin.Of(options);
        var known = Ssh.KnownHosts.Read(login.KnownHosts);
        return new HostAccess(
            login.Keys.Length > 0 || options.OpenSsh.Length > 0,
            login.KnownHosts,
            [
                .. platform.Hosts.Select(h =>
                {
                    var target = SshTarget.Of(h, null, platform);
                    return new HostAtHand(
                        h.Name,
                        login.Unknown(target, known) is null,
                        target.HowToAdd(login.KnownHosts)
                    );
                }),
            ]
        );
    }
}

/// <param name="HowToAdd">The command that adds its keys.</param>
public sealed record HostAtHand(string Name, bool IsKnown, string HowToAdd);
