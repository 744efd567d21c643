using System.Diagnostics.CodeAnalysis;
using Akira.Voice.Frontend.Access;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http;

namespace Akira.Voice.Frontend;

/// <summary>The backend as one person's pages ask it. It remembers since when it is away.</summary>
[SuppressMessage("Naming", "CA1724", Justification = "It is what it is called")]
public sealed class Backend(BackendHttp http, AuthenticationStateProvider person, TimeProvider time)
{
    /// <summary>Null while it answers.</summary>
    public (DateTimeOffset Since, string How)? Away { get; private set; }

    /// <summary>Called when it went away or came back, on no particular thread.</summary>
    public event Action? Changed;

    public Task<Reply<T>> Get<T>(string path, CancellationToken cancel = default) =>
        Ask<T>(HttpMethod.Get, path, cancel: cancel);

    /// <summary>A path with those parameters that are not empty.</summary>
    public static string Path(string path, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var asked = new QueryString();
        foreach (var (name, value) in query)
            if (!string.IsNullOrWhiteSpace(value))
                asked = asked.Add(name, value.Trim());
        return path + asked;
    }

    /// <summary>Keeps what a page was drawn with for a moment, for its circuit to begin with.</summary>
    public async Task Keep<T>(string path, T value) => http.Keep(await Token() + path, value);

    public async Task<T?> Kept<T>(string path) => http.Kept<T>(await Token() + path);

    /// <param name="version">Of the entry that is changed, or null.</param>
    public async Task<Reply<T>> Ask<T>(
        HttpMethod method,
        string path,
        object? body = null,
        int? version = null,
        CancellationToken cancel = default
    )
    {
        var reply = await http.Ask<T>(method, path, await Token(), body, version, cancel);
        if (reply.Away is null != Away is null)
        {
            Away = reply.Away is { } how ? (time.GetUtcNow(), how) : null;
            Changed?.Invoke();
        }
        return reply;
    }

    private async Task<string?> Token() =>
        (await person.GetAuthenticationStateAsync()).User.FindFirst(SessionAuthentication.TokenClaim)?.Value;
}
