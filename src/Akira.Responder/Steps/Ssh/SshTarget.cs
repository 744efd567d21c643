using System.Globalization;
using Akira.Core.Runbooks;

namespace Akira.Responder.Steps.Ssh;

/// <summary>Whom to log in as, and where.</summary>
/// <param name="Name">The host's name in <c>platform.md</c>.</param>
/// <param name="Jump">The host it is reached through; null: directly.</param>
internal sealed record SshTarget(string Name, string Address, int Port, string User, SshTarget? Jump)
{
    private const int Ssh = 22;

    /// <param name="user">The step's own, where it names one; it goes before the platform's.</param>
    public static SshTarget Of(PlatformHost host, string? user, Platform platform)
    {
        var (address, port) = Split(host.Address);
        // One jump: a chain of bastions belongs in ~/.ssh/config, and a ring would have no end.
        var jump =
            host.Jump is { } name && platform.Host(name) is { } bastion
                ? Of(bastion with { Jump = null }, null, platform)
                : null;
        return new SshTarget(host.Name, address, port, user ?? host.User, jump);
    }

    /// <summary>The names under which known_hosts may have its key.</summary>
    public IEnumerable<string> KnownAs => Port == Ssh ? [Address, Name] : [Bracketed(Address), Bracketed(Name), Name];

    /// <summary>What adds its keys to known_hosts, to be run once they were compared with the host's own.</summary>
    public string HowToAdd(string knownHosts) => $"{HowToScan} >> {knownHosts}";

    /// <summary>What takes the lines of a host that was built anew out of known_hosts, and adds its keys.</summary>
    public string HowToReplace(string knownHosts, KnownHosts known) =>
        string.Join(
            "; ",
            KnownAs
                .Where(n => !known.KeyTypes([n]).IsEmpty)
                .Select(n => $"ssh-keygen -R '{n}' -f {knownHosts}")
                .Append(HowToAdd(knownHosts))
        );

    /// <summary>What shows its keys. A host behind another can not be scanned from here.</summary>
    public string HowToScan
    {
        get
        {
            var port = Port == Ssh ? "" : string.Create(CultureInfo.InvariantCulture, $"-p {Port} ");
            var scan = $"ssh-keyscan {port}{Address}";
            return Jump is { } jump ? $"ssh -p {jump.Port} {jump.User}@{jump.Address} {scan}" : scan;
        }
    }

    private string Bracketed(string name) => string.Create(CultureInfo.InvariantCulture, $"[{name}]:{Port}");

    /// <summary><c>10.0.0.1</c>, <c>10.0.0.1:2222</c>, <c>[::1]:2222</c>, <c>::1</c>.</summary>
    private static (string Address, int Port) Split(string address)
    {
        var colon = address.LastIndexOf(':');
        var isBracketed = address.StartsWith('[');
        return
            colon > 0
            && (isBracketed ? address[colon - 1] == ']' : address.IndexOf(':', StringComparison.Ordinal) == colon)
            && int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (address[..colon].Trim('[', ']'), port)
            : (address.Trim('[', ']'), Ssh);
    }
}
