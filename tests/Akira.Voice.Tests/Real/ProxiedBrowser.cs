using System.Net;

namespace Akira.Voice.Tests.Real;

/// <summary>A browser without scripts, whose way to the pages leads over a proxy that ends TLS and keeps the name.</summary>
/// <param name="site">What people type: https.</param>
/// <param name="pages">Where the proxy finds them.</param>
internal sealed class ProxiedBrowser(Uri site, Uri pages) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public CookieContainer Cookies { get; } = new();

    public Cookie? Session => Cookies.GetCookies(site)["akira-app"];

    public Task<Arrival> Go(string path, Func<Uri, Uri>? follow = null) => Go(HttpMethod.Get, path, follow);

    /// <summary>Follows where it is sent, to the end.</summary>
    /// <param name="follow">Where it goes instead.</param>
    public async Task<Arrival> Go(HttpMethod method, string path, Func<Uri, Uri>? follow = null)
    {
        var at = new Uri(site, path);
        for (var hop = 0; hop < 20; hop++)
        {
            using var answer = await Ask(method, at);
            if (answer.Headers.Location is not { } location)
                return new(at, (int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
            (method, at) = (HttpMethod.Get, new Uri(at, location));
            at = follow?.Invoke(at) ?? at;
        }
        throw new InvalidOperationException($"sent on and on, to {at} at last");
    }

    private async Task<HttpResponseMessage> Ask(HttpMethod method, Uri at)
    {
        var isOurs = at.Authority == site.Authority;
        using var request = new HttpRequestMessage(method, isOurs ? new Uri(pages, at.PathAndQuery) : at);
        if (isOurs)
        {
            request.Headers.Host = at.Authority;
            request.Headers.Add("X-Forwarded-Proto", at.Scheme);
        }
        request.Headers.TryAddWithoutValidation("Cookie", Cookies.GetCookieHeader(at));
        var answer = await _http.SendAsync(request);
        if (answer.Headers.TryGetValues("Set-Cookie", out var set))
            foreach (var cookie in set)
                Cookies.SetCookies(at, cookie);
        return answer;
    }

    public void Dispose() => _http.Dispose();
}

/// <param name="Text">The page.</param>
internal sealed record Arrival(Uri At, int Status, string Text);
