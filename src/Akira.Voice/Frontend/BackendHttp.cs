using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Caching.Memory;

namespace Akira.Voice.Frontend;

/// <summary>Asks the backend over HTTP. That it is away is an answer, never an exception.</summary>
public sealed class BackendHttp(Uri address) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(10);

    private readonly MemoryCache _kept = new(new MemoryCacheOptions());
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1), // its name may come to mean another address
            AllowAutoRedirect = false,
            UseCookies = false,
        }
    )
    {
        BaseAddress = address,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <param name="token">Of who asks; null: nobody.</param>
    /// <param name="version">Of the entry that is changed.</param>
    public async Task<Reply<T>> Ask<T>(
        HttpMethod method,
        string path,
        string? token,
        object? body = null,
        int? version = null,
        CancellationToken cancel = default
    )
    {
        using var request = Request(method, path, token);
        if (version is { } known)
            request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{known}\""));
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: JsonSerializerOptions.Web);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            using var response = await _http.SendAsync(request, patience.Token);
            if (!response.IsSuccessStatusCode)
                return await Refused<T>(response, patience.Token);
            var nothing = response.Content.Headers.ContentLength is 0 || (int)response.StatusCode is 204;
            return new(
                nothing
                    ? default
                    : await response.Content.ReadFromJsonAsync<T>(JsonSerializerOptions.Web, patience.Token)
            );
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(default, Away: $"The backend did not answer within {Patience.TotalSeconds:0} seconds.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new(default, Away: "The backend does not answer.");
        }
        catch (JsonException)
        {
            return new(default, Away: "The backend's answer makes no sense here: is it another version?");
        }
    }

    /// <summary>An answer to pass on while it comes. The caller disposes it.</summary>
    /// <returns>Null: the backend is away.</returns>
    public async Task<HttpResponseMessage?> Stream(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public static HttpRequestMessage Request(HttpMethod method, string path, string? token)
    {
        var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    /// <param name="key">With the token in it: what one may see, another may not.</param>
    public void Keep<T>(string key, T value) => _kept.Set(key, value, Moment);

    public T? Kept<T>(string key) => _kept.Get<T>(key);

    public void Dispose()
    {
        _http.Dispose();
        _kept.Dispose();
    }

    private static async Task<Reply<T>> Refused<T>(HttpResponseMessage response, CancellationToken cancel)
    {
        var status = (int)response.StatusCode;
        Refusal? refusal = null;
        try
        {
            refusal = await response.Content.ReadFromJsonAsync<Refusal>(JsonSerializerOptions.Web, cancel);
        }
        catch (JsonException) { } // a proxy's page, or nothing at all
        if (status < 500)
            return new(default, (refusal ?? new(status)) with { Status = status });
        return new(
            default,
            Away: refusal is { Code: not null, Detail: { } detail }
                ? detail
                : $"The backend has failed: it answers {status}."
        );
    }
}
