using System.Diagnostics;
using System.Net.Http.Headers;

namespace Akira.Benchmarks;

/// <summary>
/// The three loads, the same for every peer, which has had the same time to warm up: a storm lasts longer than the first
/// seconds in which one of them still compiles and the other fills its caches.
/// </summary>
internal static class Load
{
    private const int PerPost = 100;
    private const int WarmUp = 60_000;
    private static readonly TimeSpan WarmUpFor = TimeSpan.FromSeconds(3);

    /// <summary>Distinct new alerts a second from one client, 100 a POST.</summary>
    public static async Task<double> Distinct(Uri peer, int alerts)
    {
        var until = TimeProvider.System.GetUtcNow().AddHours(1);
        var bodies = Enumerable
            .Range(0, (WarmUp + alerts) / PerPost)
            .Select(i => Bodies.Alerts(i * PerPost, PerPost, until))
            .ToList();
        using var client = Client(peer);
        foreach (var body in bodies[..(WarmUp / PerPost)])
            await Post(client, body);
        var clock = Stopwatch.StartNew();
        foreach (var body in bodies[(WarmUp / PerPost)..])
            await Post(client, body);
        return alerts / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Alerts a second that 8 clients send again and again.</summary>
    public static async Task<double> Resent(Uri peer, TimeSpan span)
    {
        const int clients = 8;
        var until = TimeProvider.System.GetUtcNow().AddHours(1);
        var bodies = Enumerable.Range(0, clients).Select(i => Bodies.Alerts(i * PerPost, PerPost, until)).ToList();
        foreach (var body in bodies)
        {
            using var client = Client(peer);
            await Post(client, body);
        }
        await Task.Run(() => Thread.Sleep(500)); // let the news settle: what follows is none
        var posts = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(
            bodies.Select(body =>
                Task.Run(async () =>
                {
                    using var client = Client(peer);
                    while (clock.Elapsed < span)
                    {
                        await Post(client, body);
                        Interlocked.Increment(ref posts);
                    }
                })
            )
        );
        return posts * PerPost / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Milliseconds from POST to the page in the channel, for one new alert at a time, so many a second.</summary>
    public static async Task<double[]> Latency(Uri peer, Sink sink, int alerts, int perSecond)
    {
        sink.Arrivals.Clear();
        var until = TimeProvider.System.GetUtcNow().AddHours(1);
        const int first = 1_000_000;
        using var client = Client(peer);
        var notCounted = (int)(WarmUpFor.TotalSeconds * perSecond);
        alerts += notCounted;
        var sent = new long[alerts];
        var posts = new Task[alerts];
        var bodies = Enumerable
            .Range(0, alerts)
            .Select(i => Bodies.Alerts(first + i, 1, until, n => $"part {n}"))
            .ToList();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < alerts; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / perSecond);
            if (due > clock.Elapsed)
                Thread.Sleep(due - clock.Elapsed);
            sent[i] = Stopwatch.GetTimestamp();
            posts[i] = Post(client, bodies[i]);
        }
        await Task.WhenAll(posts);
        for (var waited = 0; sink.Arrivals.Count < alerts && waited < 200; waited++)
            Thread.Sleep(50);
        return
        [
            .. Enumerable
                .Range(notCounted, alerts - notCounted)
                .Select(i =>
                    sink.Arrivals.TryGetValue($"probe-{first + i}", out var at)
                        ? Stopwatch.GetElapsedTime(sent[i], at).TotalMilliseconds
                        : double.PositiveInfinity
                ),
        ];
    }

    private static HttpClient Client(Uri peer) => new() { BaseAddress = peer, Timeout = TimeSpan.FromSeconds(30) };

    private static async Task Post(HttpClient client, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await client.PostAsync(new Uri("/api/v2/alerts", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }
}
