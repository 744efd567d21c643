using System.Collections.Immutable;
using System.Net.Sockets;
using Akira.Core.Runbooks;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Akira.Responder.Steps.Ssh;

/// <summary>What steps need to log in to hosts, as far as can be told without a log-in.</summary>
/// <param name="HasKey">Whether a private key is there, or every host is reached by OpenSSH, which may have an agent.</param>
/// <param name="KnownHosts">The file in which hosts are known.</param>
public sealed record HostAccess(bool HasKey, string KnownHosts, ImmutableArray<HostAtHand> Hosts)
{
    /// <summary>Asks all hosts at once which key they have; each gets five seconds.</summary>
    public static async Task<HostAccess> Ask(SshOptions options, Platform platform)
    {
        var login = SshLogin.Of(options);
        var known = Ssh.KnownHosts.Read(login.KnownHosts);
        return new HostAccess(
            login.Keys.Length > 0 || options.OpenSsh.Length > 0,
            login.KnownHosts,
            [
                .. await Task.WhenAll(
                    platform.Hosts.Select(h => Ask(SshTarget.Of(h, null, platform), options, login, known))
                ),
            ]
        );
    }

    private static async Task<HostAtHand> Ask(SshTarget target, SshOptions options, SshLogin login, KnownHosts known)
    {
        var isKnown = !known.KeyTypes(target.KnownAs).IsEmpty;
        if (Shells.ByOpenSsh(target, options))
            return isKnown
                ? new(target.Name, HostAnswer.NotAsked, "OpenSSH's own client reaches it", target.HowToScan)
                : new(target.Name, HostAnswer.Missing, "", target.HowToAdd(login.KnownHosts));
        var (key, silence) = await Shown(target, known);
        if (key is null)
            return isKnown
                ? new(target.Name, HostAnswer.Silent, silence!, target.HowToScan)
                : new(target.Name, HostAnswer.Missing, silence!, target.HowToAdd(login.KnownHosts));
        var shown = $"it shows {key.HostKeyName} SHA256:{key.FingerPrintSHA256}";
        return known.Judge(target.KnownAs, key.HostKey) switch
        {
            HostKey.Known => new(target.Name, HostAnswer.Known, shown, ""),
            HostKey.Changed => new(
                target.Name,
                HostAnswer.Changed,
                shown,
                target.HowToReplace(login.KnownHosts, known)
            ),
            HostKey.Revoked => new(target.Name, HostAnswer.Revoked, shown, target.HowToAdd(login.KnownHosts)),
            _ => new(target.Name, HostAnswer.Missing, shown, target.HowToAdd(login.KnownHosts)),
        };
    }

    /// <summary>The greeting as far as the key: nobody logs in, and nothing is left in the host's log but a closed connection.</summary>
    private static async Task<(HostKeyEventArgs? Key, string? Silence)> Shown(SshTarget target, KnownHosts known)
    {
        var info = new ConnectionInfo(
            target.Address,
            target.Port,
            target.User,
            new NoneAuthenticationMethod(target.User)
        )
        {
            Timeout = SshLogin.Patience,
        };
        SshNetConnection.Prefer(info, known.KeyTypes(target.KnownAs));
        var client = new SshClient(info);
        HostKeyEventArgs? shown = null;
        client.HostKeyReceived += (_, e) =>
        {
            Volatile.Write(ref shown, e);
            e.CanTrust = false;
        };
        try
        {
            await SshNetConnection.Apart(client.Connect).WaitAsync(SshLogin.Patience, TimeProvider.System);
        }
        catch (Exception e) when (e is SshException or SocketException or TimeoutException)
        {
            if (Volatile.Read(ref shown) is null)
                return (null, SshNetConnection.Explained(e, target, info)!.Message);
        }
        finally
        {
            _ = SshNetConnection.Apart(client.Dispose);
        }
        return (shown, null);
    }
}

/// <param name="Said">What the host answered, or why not; as part of a sentence. Empty: it was not asked.</param>
/// <param name="Mend">The command that mends it, or that shows more.</param>
public sealed record HostAtHand(string Name, HostAnswer Answer, string Said, string Mend);

/// <summary>What became of comparing a host's key with the one on file.</summary>
public enum HostAnswer
{
    Known,

    /// <summary>No key is on file.</summary>
    Missing,
    Changed,
    Revoked,

    /// <summary>A key is on file, and the host shows none.</summary>
    Silent,

    /// <summary>A key is on file, and the host is not reached directly.</summary>
    NotAsked,
}
