using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Akira.Responder.Steps.Ssh;

/// <summary>What known_hosts says of the key that a host has shown.</summary>
internal enum HostKey
{
    Known,
    Unknown,

    /// <summary>The host is known, by another key.</summary>
    Changed,
    Revoked,
}

/// <summary>
/// OpenSSH's known_hosts: lists of names and patterns, <c>[host]:port</c>, hashed names, <c>@revoked</c>. Lines that can
/// not be read vouch for nobody, nor do certificate authorities.
/// </summary>
internal sealed class KnownHosts
{
    private readonly ImmutableArray<Line> _lines;

    private KnownHosts(ImmutableArray<Line> lines) => _lines = lines;

    /// <summary>A file that is not there knows nobody.</summary>
    public static KnownHosts Read(string file) => Parse(File.Exists(file) ? File.ReadAllLines(file) : []);

    public static KnownHosts Parse(IEnumerable<string> lines) => new([.. lines.Select(Line.Parse).OfType<Line>()]);

    /// <summary>The types of the keys known for any of the names: only these are worth asking the host for.</summary>
    public ImmutableArray<string> KeyTypes(IEnumerable<string> names) =>
        [.. Of(names).Where(l => !l.IsRevoked).Select(l => l.KeyType).Distinct()];

    /// <param name="names">All under which the host may be known.</param>
    /// <param name="key">As it goes over the wire: its type is in it.</param>
    public HostKey Judge(IEnumerable<string> names, ReadOnlyMemory<byte> key)
    {
        var lines = Of(names);
        if (lines.Exists(l => l.IsRevoked && l.IsFor(key)))
            return HostKey.Revoked;
        lines.RemoveAll(l => l.IsRevoked);
        return lines.Exists(l => l.IsFor(key)) ? HostKey.Known
            : lines.Count > 0 ? HostKey.Changed
            : HostKey.Unknown;
    }

    private List<Line> Of(IEnumerable<string> names) => [.. _lines.Where(l => names.Any(l.Names))];

    private sealed record Line(string Hosts, string KeyType, byte[] Key, bool IsRevoked)
    {
        public static Line? Parse(string text)
        {
            var words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            var isRevoked = words is ["@revoked", ..];
            if (isRevoked)
                words = words[1..];
            if (words is not [var hosts, var type, var key, ..] || hosts[0] is '#' or '@')
                return null;
            var bytes = new byte[key.Length];
            return Convert.TryFromBase64String(key, bytes, out var length)
                ? new Line(hosts, type, bytes[..length], isRevoked)
                : null;
        }

        public bool IsFor(ReadOnlyMemory<byte> key) => Key.AsSpan().SequenceEqual(key.Span);

        public bool Names(string host)
        {
            if (Hosts.StartsWith("|1|", StringComparison.Ordinal))
                return IsHashOf(host);
            var isNamed = false;
            foreach (var pattern in Hosts.Split(','))
                if (pattern.StartsWith('!') && Matches(pattern[1..], host))
                    return false;
                else
                    isNamed |= Matches(pattern, host);
            return isNamed;
        }

        private bool IsHashOf(string host)
        {
            if (Hosts.Split('|') is not [_, _, var salt, var hash])
                return false;
            try
            {
#pragma warning disable CA5350 // The file's format, not ours: it hides names, it secures nothing
                var hashed = HMACSHA1.HashData(Convert.FromBase64String(salt), Encoding.UTF8.GetBytes(host));
#pragma warning restore CA5350
                return hashed.AsSpan().SequenceEqual(Convert.FromBase64String(hash));
            }
            catch (FormatException)
            {
                return false;
            }
        }

        private static bool Matches(string pattern, string host) =>
            Regex.IsMatch(
                host,
                $"^{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal)}\\z",
                RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
            );
    }
}
