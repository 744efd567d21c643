using System.Diagnostics;
using System.Globalization;
using Akira.Benchmarks;

// Side by side with Debian's prometheus-alertmanager, in one run on one machine; medians of several rounds, the peers
// taking turns. Prints a Markdown table. `dotnet run -c Release --project bench/Akira.Benchmarks [ROUNDS]`
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;

await using var sink = await Sink.Start();
var peers = new Func<Peer>[] { () => Peer.Akira(sink.Url), () => Peer.Alertmanager(sink.Url) };

Console.WriteLine($"{Machine()}; {rounds} rounds, medians\n");
Console.WriteLine("| what | akira | alertmanager | ratio |");
Console.WriteLine("|---|---:|---:|---:|");

await Row("new alerts a second, one client, 100 a POST", "N0", peer => Load.Distinct(peer.Url, 60_000));
await Row("re-sent alerts a second, 8 clients", "N0", peer => Load.Resent(peer.Url, TimeSpan.FromSeconds(3)));
await Row("POST to page at 100 alerts/s, p50, ms", "N2", async peer => Percentile(await Latency(peer), 0.50));
await Row("POST to page at 100 alerts/s, p99, ms", "N2", async peer => Percentile(await Latency(peer), 0.99));
await Row("start to ready, s", "N2", peer => Task.FromResult(peer.StartTime.TotalSeconds));
await Row(
    "idle memory after 10 s, MiB",
    "N0",
    peer =>
    {
        Thread.Sleep(TimeSpan.FromSeconds(10));
        return Task.FromResult(peer.Memory());
    }
);
Alone("fold of 10,000 entries, ms", InProcess.Fold);
Alone("next of 100,000 deadlines, µs", InProcess.NextDeadline);
return 0;

Task<double[]> Latency(Peer peer) => Load.Latency(peer.Url, sink, alerts: 1000, perSecond: 100);

async Task Row(string what, string format, Func<Peer, Task<double>> measure)
{
    var figures = new List<double>[] { [], [] };
    for (var round = 0; round < rounds; round++)
    for (var p = 0; p < peers.Length; p++)
    {
        using var peer = peers[p]();
        figures[p].Add(await measure(peer));
    }
    var (ours, theirs) = (Percentile([.. figures[0]], 0.5), Percentile([.. figures[1]], 0.5));
    Console.WriteLine($"| {what} | {ours.ToString(format)} | {theirs.ToString(format)} | {ours / theirs:N2} |");
}

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
