using System.Security.Cryptography;
using System.Text;
using Akira.Voice.Management;
using Microsoft.Extensions.Caching.Memory;

namespace Akira.Voice.Frontend.Access;

/// <summary>
/// Whose token is whose, as the backend says. It is asked every few seconds for each token in use; while it is away,
/// who was known stays known: what they could see or change comes from the backend anyway.
/// </summary>
internal sealed class Sessions(BackendHttp backend, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(12);

    /// <summary>A page comes with ten files: they do not each wait for a backend that was away a moment ago.</summary>
    private static readonly TimeSpan StillAway = TimeSpan.FromSeconds(2);

    private readonly MemoryCache _known = new(new MemoryCacheOptions());
    private LastAway? _away;

    /// <returns>
    /// Who it is; a refusal when the token counts no more; away when the backend cannot be asked about one that is not
    /// known here.
    /// </returns>
    public async Task<Reply<Who>> Of(string token, CancellationToken cancel)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        var isKnown = _known.TryGetValue(key, out (Who Who, DateTimeOffset At) known);
        if (isKnown && time.GetUtcNow() - known.At < Fresh)
            return new(known.Who);
        if (_away is { } away && time.GetUtcNow() - away.At < StillAway)
            return isKnown ? new(known.Who) : away.Reply;
        var reply = await backend.Ask<Who>(HttpMethod.Get, "api/session", token, cancel: cancel);
        _away = reply.Away is null ? null : new(reply, time.GetUtcNow());
        if (reply.Value is { } who)
            _known.Set(key, (who, time.GetUtcNow()), Remembered);
        else if (reply.Refusal is not null)
            _known.Remove(key);
        else if (isKnown)
            return new(known.Who);
        return reply;
    }

    public void Dispose() => _known.Dispose();

    private sealed record LastAway(Reply<Who> Reply, DateTimeOffset At);
}
