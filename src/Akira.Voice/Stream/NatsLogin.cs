using NATS.Client.Core;
using NATS.NKeys;

namespace Akira.Voice.Stream;

/// <summary>Where NATS is, and who logs in. Without files: as the address says (<c>nats://user:password@host</c>), or nobody.</summary>
/// <param name="Url">One address, or several of a cluster, separated by commas.</param>
/// <param name="Creds">A credentials file of an account's user (<c>.creds</c>).</param>
/// <param name="NKey">A file with the seed of a user's key pair (<c>.nk</c>).</param>
public sealed record NatsLogin(string Url = "nats://127.0.0.1:4222", string? Creds = null, string? NKey = null)
{
    /// <param name="name">What the server's list of connections calls this one.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="NKeysException">There is no seed in it.</exception>
    public NatsConnection Connect(string name)
    {
        var auth = new NatsAuthOpts { CredsFile = string.IsNullOrEmpty(Creds) ? null : Creds };
        if (!string.IsNullOrEmpty(NKey))
        {
            var seed = File.ReadAllText(NKey).Trim();
            using var pair = KeyPair.FromSeed(seed);
            auth = auth with { NKey = pair.GetPublicKey(), Seed = seed };
        }
        return new(
            new NatsOpts
            {
                Url = Url,
                Name = name,
                AuthOpts = auth,
                // A frozen server is noticed in ten seconds, and a new one looked for without end.
                PingInterval = TimeSpan.FromSeconds(5),
                MaxPingOut = 2,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                CommandTimeout = TimeSpan.FromSeconds(5),
                RetryOnInitialConnect = true,
                MaxReconnectRetry = -1,
                ReconnectWaitMin = TimeSpan.FromMilliseconds(100),
                ReconnectWaitMax = TimeSpan.FromSeconds(2),
                IgnoreAuthErrorAbort = true,
            }
        );
    }
}
