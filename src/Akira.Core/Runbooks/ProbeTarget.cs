using System.Collections.Immutable;
using System.Globalization;

namespace Akira.Core.Runbooks;

/// <summary>Where a probe looks, and how: an address of <c>platform.md</c>, read.</summary>
/// <param name="Scheme">Chooses the probe: <c>sip</c>, <c>postgres</c>, …</param>
/// <param name="Endpoints">One; of <c>postgres</c> as many as there are servers of one cluster.</param>
/// <param name="Path">Without its leading slash: a database, a stream and its consumer, a page with its query.</param>
/// <param name="User">Before the <c>@</c>; empty when nobody is named.</param>
/// <param name="IsEncrypted"><c>https</c>, or <c>?tls=on</c> of <c>vault</c>.</param>
/// <param name="OverTcp"><c>;transport=tcp</c> of <c>sip</c>.</param>
public sealed record ProbeTarget(
    string Scheme,
    ImmutableArray<ProbeEndpoint> Endpoints,
    string Path,
    string User,
    bool IsEncrypted,
    bool OverTcp
)
{
    /// <summary>Schemes with the port that is meant where none is written; 0: it must be written.</summary>
    private static readonly (string Scheme, int Port, string Example)[] Kinds =
    [
        ("sip", 5060, "sip:10.0.0.1:5060"),
        ("postgres", 5432, "postgres://10.0.0.1,10.0.0.2/akira"),
        ("nats", 4222, "nats://10.0.0.1:4222/STREAM/CONSUMER"),
        ("https", 443, "https://www.example.com/healthz"),
        ("http", 80, "http://10.0.0.1:8080/healthz"),
        ("tls", 443, "tls://www.example.com:443"),
        ("vault", 8200, "vault://10.0.0.1:8200"),
        ("ssh", 22, "ssh://10.0.0.1"),
        ("tcp", 0, "tcp://10.0.0.1:443"),
    ];

    public static IEnumerable<string> Schemes => Kinds.Select(k => k.Scheme);

    public ProbeEndpoint Endpoint => Endpoints[0];

    /// <summary>Null: it is no address of a probe, and <paramref name="fix"/> says what one looks like.</summary>
    public static ProbeTarget? Read(string address, out string fix)
    {
        var colon = address.IndexOf(':', StringComparison.Ordinal);
        var (scheme, port, example) = Kinds.FirstOrDefault(k =>
            colon > 0 && address.AsSpan(0, colon).Equals(k.Scheme, StringComparison.OrdinalIgnoreCase)
        );
        fix = scheme is null
            ? $"Begin it with one of {string.Join(", ", Schemes.Select(s => s + ":"))}"
            : $"Write it as {example}";
        if (scheme is null)
            return null;

        var rest = address[(colon + 1)..];
        rest = rest.StartsWith("//", StringComparison.Ordinal) ? rest[2..] : rest;
        var (authority, path) = CutAt(rest, rest.IndexOfAny(['/', '?', ';']));
        var at = authority.LastIndexOf('@');
        var user = at < 0 ? "" : authority[..at].Split(':')[0];
        var endpoints = authority[(at + 1)..].Split(',').Select(e => EndpointOf(e, port)).ToImmutableArray();
        if (endpoints.Any(e => e is null) || (endpoints.Length > 1 && scheme != "postgres"))
            return null;
        if (scheme == "nats" && path.Split('/', StringSplitOptions.RemoveEmptyEntries).Length is not (0 or 2))
            return null;
        return new ProbeTarget(
            scheme,
            [.. endpoints.OfType<ProbeEndpoint>()],
            path.TrimStart('/'),
            user,
            scheme == "https" || Has(path, "tls=on"),
            Has(path, "transport=tcp")
        );
    }

    private static bool Has(string path, string setting) =>
        path.Split(['?', ';', '&']).Contains(setting, StringComparer.OrdinalIgnoreCase);

    private static ProbeEndpoint? EndpointOf(string text, int usual)
    {
        // An IPv6 address has colons of its own, and stands in brackets.
        var end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : 0;
        var (host, port) = CutAt(text, text.IndexOf(':', end));
        host = host.Trim('[', ']');
        if (host.Length == 0 || Uri.CheckHostName(host) == UriHostNameType.Unknown)
            return null;
        if (port.Length == 0)
            return usual == 0 ? null : new ProbeEndpoint(host, usual);
        return
            int.TryParse(port.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and <= ushort.MaxValue
            ? new ProbeEndpoint(host, number)
            : null;
    }

    private static (string Before, string From) CutAt(string text, int at) =>
        at < 0 ? (text, "") : (text[..at], text[at..]);
}

/// <param name="Host">A name, or an address without brackets.</param>
public sealed record ProbeEndpoint(string Host, int Port)
{
    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
