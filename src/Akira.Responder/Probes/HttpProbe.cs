using Akira.Core.Runbooks;

namespace Akira.Responder.Probes;

/// <summary>
/// A page. Below 500 somebody is there who understood the question, also when the answer is a redirect or asks for a
/// log-in; 5xx is what a proxy says for a server that is gone, and a health page for one that is not well.
/// </summary>
public sealed class HttpProbe(ProbeTarget target) : IProbe, IDisposable
{
    private readonly Page _page = new($"{(target.IsEncrypted ? "https" : "http")}://{target.Endpoint}/{target.Path}");

    public async Task<Reading> Look(CancellationToken cancel)
    {
        var (got, error) = await _page.Get(cancel);
        using var answer = got;
        return answer is null
            ? Reading.Of(false, Words.Of(error))
            : Reading.Of((int)answer.StatusCode < 500, $"{(int)answer.StatusCode} {answer.ReasonPhrase}");
    }

    public void Dispose() => _page.Dispose();
}
