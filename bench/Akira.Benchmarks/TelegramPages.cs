using System.Diagnostics;
using System.Text;

namespace Akira.Benchmarks;

/// <summary>
/// From an alert's POST to the call of the Bot API that tells of it, at 100 new alerts a second, of which so many open an
/// incident of the worst severity as Telegram lets a bot write to a group. The others join one that is open.
/// </summary>
internal static class TelegramPages
{
    private const int PerSecond = 100;
    private const int Page = 4 * PerSecond; // 15 a minute
    private const int Warm = 2;

    /// <returns>Milliseconds, a figure for each page.</returns>
    public static async Task<double[]> Run(Uri peer, Sink sink, TimeSpan span)
    {
        sink.Arrivals.Clear();
        var until = TimeProvider.System.GetUtcNow().AddHours(1);
        var count = (int)(span.TotalSeconds * PerSecond);
        var sent = new Dictionary<int, long>();
        var posts = new List<Task>();
        using var client = new HttpClient { BaseAddress = peer, Timeout = TimeSpan.FromSeconds(30) };
        await Post(client, Bodies.Alerts(-1, 1, until));
        var clock = Stopwatch.StartNew();
        for (var n = 0; n < count; n++)
        {
            var opens = n % Page == Page / 2;
            var body = Bodies.Alerts(n, 1, until, opens ? i => $"part {i}" : null);
            if (opens)
                body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace("\"warning\"", "\"critical\""));
            var due = TimeSpan.FromSeconds((double)n / PerSecond);
            if (due > clock.Elapsed)
                Thread.Sleep(due - clock.Elapsed);
            if (opens)
                sent[n] = Stopwatch.GetTimestamp();
            posts.Add(Post(client, body));
        }
        await Task.WhenAll(posts);
        for (var waited = 0; sent.Keys.Any(n => !sink.Arrivals.ContainsKey($"probe-{n}")) && waited < 200; waited++)
            Thread.Sleep(50);
        return
        [
            .. sent.OrderBy(s => s.Key)
                .Skip(Warm)
                .Select(s =>
                    sink.Arrivals.TryGetValue($"probe-{s.Key}", out var at)
                        ? Stopwatch.GetElapsedTime(s.Value, at).TotalMilliseconds
                        : double.PositiveInfinity
                ),
        ];
    }

    private static async Task Post(HttpClient client, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        using var answer = await client.PostAsync(new Uri("/api/v2/alerts", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }
}
