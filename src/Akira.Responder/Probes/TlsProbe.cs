using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Akira.Core.Alerts;
using Akira.Core.Runbooks;

namespace Akira.Responder.Probes;

/// <summary>
/// The certificate a server shows, judged as a browser would. Sample <c>cert.expires_in</c>: seconds, below 0 when it has
/// expired; it is measured for a certificate that nobody would trust as well.
/// </summary>
public sealed class TlsProbe(ProbeTarget target, TimeProvider world) : IProbe
{
    public async Task<Reading> Look(CancellationToken cancel)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        // Whoever serves the pages is gone; of the certificate nothing is known.
        if (await socket.Reach(target.Endpoint.Address(), cancel) is not SocketError.Success and var error)
            return Reading.Of(null, Words.Of(error));
        DateTimeOffset? ends = null;
        string? wrong = null;
        await using var tls = new SslStream(new NetworkStream(socket));
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = target.Endpoint.Host,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                ends = certificate is X509Certificate2 shown ? shown.NotAfter.ToUniversalTime() : null;
                wrong = Wrong(errors, chain);
                return true; // Nothing is sent: it is only looked at.
            },
        };
        await tls.AuthenticateAsClientAsync(options, cancel);
        if (ends is not { } end)
            return Reading.Of(false, "it shows no certificate");
        var left = (end - world.GetUtcNow()).TotalSeconds;
        var figure = new Figure("cert.expires_in", left);
        if (left < 0)
            return Reading.Of(false, $"expired {SampleUnits.Format(TimeSpan.FromSeconds(-left))} ago", figure);
        return wrong is null
            ? Reading.Of(true, $"valid for {SampleUnits.Format(TimeSpan.FromSeconds(left))}", figure)
            : Reading.Of(false, wrong, figure);
    }

    private string? Wrong(SslPolicyErrors errors, X509Chain? chain) =>
        errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? $"the certificate is not for {target.Endpoint.Host}"
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)
            ? $"not trusted: {chain?.ChainStatus.FirstOrDefault().StatusInformation.Trim() ?? "its chain is broken"}"
        : null;
}
