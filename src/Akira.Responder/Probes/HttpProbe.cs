using Akira.Core.Runbooks;

namespace Akira.Responder.Probes;

/// <summary>
/// A page. Below 500 somebody is there who understood the question, also when the answer is a redirect or asks for a
/// log-in; 5xx is what a proxy says for a server that is gone, and a health page for one that is not well.
/// </summary>
public sealed class HttpProbe(ProbeTarget target) : IProbe, IDisposable
{
    // A new connection for each look: one that is open says nothing about whether others still get in.
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.Zero }
    );

    private readonly Uri _url = new($"{(target.IsEncrypted ? "https" : "http")}://{target.Endpoint}/{target.Path}");

    public async Task<Reading> Look(CancellationToken cancel)
    {
        using var answer = await _http.GetAsync(_url, HttpCompletionOption.ResponseHeadersRead, cancel);
        return Reading.Of((int)answer.StatusCode < 500, $"{(int)answer.StatusCode} {answer.ReasonPhrase}");
    }

    public void Dispose() => _http.Dispose();
}
