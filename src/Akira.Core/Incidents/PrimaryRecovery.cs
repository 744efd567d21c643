using System.Globalization;
using System.Text.RegularExpressions;
using Akira.Core.Alerts;

namespace Akira.Core.Incidents;

/// <summary>How long PostgreSQL's primary would need to come back.</summary>
/// <param name="Time">Null: it cannot be told.</param>
/// <param name="Hopeless">Whether it will not come back by itself, or nobody can see that it does.</param>
/// <param name="Basis">What this rests on, in words.</param>
public sealed record RecoveryEstimate(TimeSpan? Time, bool Hopeless, string Basis);

/// <summary>
/// Reads it from what the steps printed of the server's log, and from how much write-ahead log the probe saw that it would
/// have to replay. PostgreSQL 15 and later says while it replays how far it has come, every ten seconds
/// (<c>log_startup_progress_interval</c>), and at the end how long that took.
/// </summary>
public static partial class PrimaryRecovery
{
    /// <summary>A start-up as the server's log tells it.</summary>
    /// <param name="RedoFrom">Bytes into the write-ahead log; null: nothing was replayed.</param>
    private sealed record StartUp(
        DateTimeOffset? Began,
        long? RedoFrom = null,
        (double Seconds, long At)? Progress = null,
        (double Seconds, long At)? Redone = null,
        DateTimeOffset? Ready = null
    )
    {
        public double? BytesPerSecond =>
            RedoFrom is { } from && (Redone ?? Progress) is { Seconds: > 0, At: var at } last && at > from
                ? (at - from) / last.Seconds
                : null;

        /// <summary>All of it but the replay.</summary>
        public double? Overhead =>
            Began is { } began && Ready is { } ready
                ? Math.Max(0, (ready - began).TotalSeconds - (Redone?.Seconds ?? 0))
                : null;
    }

    /// <param name="host">Where the primary runs; null: not known.</param>
    public static RecoveryEstimate Of(IReadOnlyList<LogEntry> log, PlatformFacts facts, string? host = null)
    {
        var parts = log.Select(e => e.Entry).OfType<Entry.StepFinished>().SelectMany(f => f.Parts).ToList();
        if (parts.LastOrDefault(p => p.Host == host) is { ExitCode: null, Verdict: Verdict.Timeout or Verdict.Lost })
            return new(null, true, $"{host} does not answer: nobody sees that it comes back");
        var texts = parts.Select(p => p.Output).Where(o => Told().IsMatch(o)).ToList();
        var starts = texts.Count == 0 ? [] : StartUps(texts[^1]);
        var known = starts.Where(s => s.Ready is not null).ToList();
        if (texts.Count > 0 && NoSpace().IsMatch(texts[^1]) && starts is not [.., { Ready: not null }])
            return new(null, true, "its disk is full: it does not start before space is freed");
        if (starts is [.., { Ready: null, RedoFrom: { } from } now])
            return Replaying(now, from, facts);
        var waiting = facts.WalToReplay is { } bytes ? $"{Size(bytes)} of WAL to replay" : null;
        var rate = Median(known.Select(s => s.BytesPerSecond));
        var overhead = Median(known.Select(s => s.Overhead));
        if (waiting is null)
            return overhead is { } usual
                ? new(
                    null,
                    false,
                    $"start-ups in its log took {Seconds(usual)} beside the replay; how much WAL is to be replayed is unknown"
                )
                : new(null, false, "the time to recover its primary is unknown");
        if (facts.WalToReplay < SmallWal && overhead is null)
            return new(
                null,
                false,
                $"{waiting}, next to nothing; no start-up in its log tells how long the rest takes"
            );
        if (rate is null && facts.WalToReplay >= SmallWal)
            return new(null, false, $"{waiting}; no start-up in its log tells how fast that goes");
        var time = TimeSpan.FromSeconds((rate is { } r ? facts.WalToReplay!.Value / r : 0) + (overhead ?? 0));
        var basis = rate is { } speed ? $" at {Size((long)speed)} a second" : "";
        return new(
            time,
            false,
            $"its primary would need about {Seconds(time.TotalSeconds)} once it is started: {waiting}{basis}, as its last start-ups went"
        );
    }

    /// <summary>Below this even a slow disk replays in a moment.</summary>
    private const long SmallWal = 16 << 20;

    private static RecoveryEstimate Replaying(StartUp now, long from, PlatformFacts facts)
    {
        if (now.Redone is not null)
            return new(TimeSpan.FromSeconds(10), false, "it has replayed its WAL and is about to open");
        if (now.BytesPerSecond is not { } rate || now.Progress is not { At: var at })
            return new(null, false, "it replays its WAL; how fast shows ten seconds after it began");
        if ((facts.WalEnd ?? from + facts.WalToReplay) is not { } end)
            return new(null, false, $"it replays {Size((long)rate)} of WAL a second; where that ends is unknown");
        var left = Math.Max(0, end - at);
        return new(
            TimeSpan.FromSeconds(left / rate),
            false,
            $"its primary needs about {Seconds(left / rate)} more: {Size(left)} of WAL left to replay at {Size((long)rate)} a second"
        );
    }

    private static List<StartUp> StartUps(string text)
    {
        var starts = new List<StartUp>();
        foreach (var line in text.Split('\n'))
        {
            if (Starting().IsMatch(line))
                starts.Add(new(At(line)));
            else if (starts.Count == 0)
                continue;
            else if (RedoStarts().Match(line) is { Success: true } begins)
                starts[^1] = starts[^1] with { RedoFrom = Position(begins) };
            else if (RedoGoesOn().Match(line) is { Success: true } goesOn)
                starts[^1] = starts[^1] with { Progress = (Number(goesOn), Position(goesOn)) };
            else if (RedoDone().Match(line) is { Success: true } done)
                starts[^1] = starts[^1] with { Redone = (Number(done), Position(done)) };
            else if (line.Contains("ready to accept connections", StringComparison.Ordinal))
                starts[^1] = starts[^1] with { Ready = At(line) ?? starts[^1].Began };
        }
        return starts;
    }

    private static DateTimeOffset? At(string line) =>
        Stamp().Match(line) is { Success: true } stamp
        && DateTimeOffset.TryParse(
            stamp.Value,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        )
            ? at
            : null;

    /// <summary><c>16/B374D848</c> is a position of 64 bits, its halves in hexadecimal.</summary>
    private static long Position(Match m) =>
        long.Parse(m.Groups["high"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture) << 32
        | long.Parse(m.Groups["low"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static double Number(Match m) => double.Parse(m.Groups["seconds"].Value, CultureInfo.InvariantCulture);

    private static double? Median(IEnumerable<double?> values)
    {
        var known = values.Where(v => v is not null).Select(v => v!.Value).Order().ToList();
        return known.Count == 0 ? null : known[known.Count / 2];
    }

    internal static string Size(long bytes) =>
        bytes < 1 << 20
            ? FormattableString.Invariant($"{bytes / 1024.0:0} KB")
            : FormattableString.Invariant($"{bytes / 1048576.0:0.#} MB");

    private static string Seconds(double seconds) =>
        SampleUnits.Format(TimeSpan.FromSeconds(Math.Max(1, Math.Round(seconds))));

    [GeneratedRegex(@"database system|redo (starts|done|in progress)|starting PostgreSQL|No space left on device")]
    private static partial Regex Told();

    [GeneratedRegex(@"No space left on device")]
    private static partial Regex NoSpace();

    [GeneratedRegex(@"starting PostgreSQL")]
    private static partial Regex Starting();

    [GeneratedRegex(@"redo starts at (?<high>[0-9A-Fa-f]{1,8})/(?<low>[0-9A-Fa-f]{1,8})\b")]
    private static partial Regex RedoStarts();

    [GeneratedRegex(
        @"redo in progress, elapsed time: (?<seconds>\d{1,9}(\.\d+)?) s, current LSN: (?<high>[0-9A-Fa-f]{1,8})/(?<low>[0-9A-Fa-f]{1,8})\b"
    )]
    private static partial Regex RedoGoesOn();

    [GeneratedRegex(
        @"redo done at (?<high>[0-9A-Fa-f]{1,8})/(?<low>[0-9A-Fa-f]{1,8})\b.*elapsed: (?<seconds>\d{1,9}(\.\d+)?) s"
    )]
    private static partial Regex RedoDone();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")]
    private static partial Regex Stamp();
}
