using System.Diagnostics;
using System.Globalization;
using Akira.Benchmarks;
using Akira.Benchmarks.Runbooks;

// Side by side with Debian's prometheus-alertmanager, in one run on one machine; medians of several rounds, the peers
// taking turns. Prints a Markdown table.
// `dotnet run -c Release --project bench/Akira.Benchmarks [ROUNDS | kpi | telegram [PEER] | runbooks [ROUNDS]]`
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["kpi"])
{
    Console.WriteLine($"{Machine()}\n");
    foreach (var aMinute in new[] { 6_000, 60_000, 240_000 })
        Console.WriteLine(
            $"| call records counted a second, one core, 1,000 scopes, {aMinute / 60:N0} a second coming | {Percentile(KpiUpdate.Run(aMinute, 40), 0.5):N0} |"
        );
    return 0;
}
if (args is ["telegram", ..])
{
    await using var api = await Sink.Start();
    Console.WriteLine($"{Machine()}\n");
    foreach (
        var start in new Func<Peer>[]
        {
            () => Peer.AkiraOnTelegram(api.BotApi),
            () => Peer.AlertmanagerOnTelegram(api.BotApi),
        }
    )
    {
        using var peer = start();
        if (args.Length > 1 && args[1] != peer.Name)
            continue;
        await Load.Resent(peer.Url, TimeSpan.FromSeconds(3)); // warm: one incident, so that the minute's quota is left
        var delays = await TelegramPages.Run(peer.Url, api, TimeSpan.FromSeconds(70));
        Console.WriteLine(
            $"| {peer.Name}: POST to Bot API call, {delays.Length} pages among 100 alerts/s, p50 and p99, ms | {Percentile(delays, 0.5):N2} | {Percentile(delays, 0.99):N2} |"
        );
    }
    return 0;
}
if (args is ["runbooks", ..])
{
    Console.WriteLine($"{Machine()}\n");
    await RunbookRows.Print(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3);
    return 0;
}
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;

await using var sink = await Sink.Start();
var peers = new Func<Peer>[] { () => Peer.Akira(sink.Url), () => Peer.Alertmanager(sink.Url) };

Console.WriteLine($"{Machine()}; {rounds} rounds, medians\n");
Console.WriteLine("| what | akira | alertmanager | ratio |");
Console.WriteLine("|---|---:|---:|---:|");

await Rows(
    ["new alerts a second, one client, 100 a POST"],
    "N0",
    async peer => [await Load.Distinct(peer.Url, 60_000)]
);
await Rows(
    ["re-sent alerts a second, 8 clients"],
    "N0",
    async peer => [await Load.Resent(peer.Url, TimeSpan.FromSeconds(3))]
);
await Rows(
    ["POST to page at 100 alerts/s, p50, ms", "the same, p99, ms"],
    "N2",
    async peer =>
    {
        var delays = await Load.Latency(peer.Url, sink, alerts: 1000, perSecond: 100);
        return [Percentile(delays, 0.50), Percentile(delays, 0.99)];
    }
);
await Rows(
    ["start to ready, s", "idle memory after 10 s, MiB"],
    "N2",
    peer =>
    {
        Thread.Sleep(TimeSpan.FromSeconds(10));
        return Task.FromResult<double[]>([peer.StartTime.TotalSeconds, peer.Memory()]);
    }
);
Alone("fold of 10,000 entries, ms", InProcess.Fold);
Alone("next of 100,000 deadlines, µs", InProcess.NextDeadline);
return 0;

// One measurement of a peer gives a figure for each row.
async Task Rows(string[] whats, string format, Func<Peer, Task<double[]>> measure)
{
    var figures = new List<double[]>[] { [], [] };
    for (var round = 0; round < rounds; round++)
    for (var p = 0; p < peers.Length; p++)
    {
        using var peer = peers[p]();
        figures[p].Add(await measure(peer));
    }
    for (var row = 0; row < whats.Length; row++)
    {
        var (ours, theirs) = (Median(figures[0], row), Median(figures[1], row));
        Console.WriteLine(
            $"| {whats[row]} | {ours.ToString(format)} | {theirs.ToString(format)} | {ours / theirs:N2} |"
        );
    }
}

static double Median(List<double[]> rounds, int row) => Percentile([.. rounds.Select(r => r[row])], 0.5);

void Alone(string what, Func<double> measure)
{
    // The program runs compiled code from its first second; here the compiler has to be given the time for it.
    for (var warm = Stopwatch.StartNew(); warm.Elapsed < TimeSpan.FromSeconds(2); )
        measure();
    var figures = Enumerable.Range(0, 21).Select(_ => measure()).ToArray();
    Console.WriteLine($"| {what} | {Percentile(figures, 0.5):N2} | | |");
}

static double Percentile(double[] figures, double at)
{
    var sorted = figures.Order().ToArray();
    return sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(at * sorted.Length) - 1)];
}

static string Machine()
{
    var model = File.ReadLines("/proc/cpuinfo")
        .First(l => l.StartsWith("model name", StringComparison.Ordinal))
        .Split(':')[1]
        .Trim();
    return $"{model}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, {Environment.OSVersion.VersionString}";
}
