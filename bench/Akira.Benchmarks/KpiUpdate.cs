using System.Diagnostics;
using System.Globalization;
using Akira.Core.Voice;

namespace Akira.Benchmarks;

/// <summary>Call records counted a second on one core, with 1,000 scopes: all that happens to a record once it is read.</summary>
internal static class KpiUpdate
{
    private const int Batch = 600;
    private const int Customers = 870;
    private const int Trunks = 80;

    /// <summary>Their first digits and one more make forty-nine prefixes.</summary>
    private static readonly string[] Countries = ["+39", "+44", "+49", "+33", "+431"];

    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(56);

    /// <summary>Counts minute after minute, until the windows are full, and then some more.</summary>
    /// <returns>Records a second, for each minute after the first ten.</returns>
    public static double[] Run(int recordsAMinute, int minutes)
    {
        var random = new Random(1);
        var windows = new CallWindows();
        var rates = new List<double>();
        for (var minute = 0; minute < minutes; minute++)
        {
            var took = TimeSpan.Zero;
            for (var batch = 0; batch < recordsAMinute / Batch; batch++)
            {
                // As a reader hands them over: just made.
                var start = Start.AddMinutes(minute + (double)batch * Batch / recordsAMinute);
                var records = Records(random, start, TimeSpan.FromMinutes((double)Batch / recordsAMinute));
                var clock = Stopwatch.StartNew();
                foreach (var record in records)
                    windows.Add(record, record.At);
                took += clock.Elapsed;
            }
            if (minute >= 10)
                rates.Add(recordsAMinute / took.TotalSeconds);
        }
        return windows.Duplicates + windows.OutOfTime + windows.Unscoped == 0
            ? [.. rates]
            : throw new InvalidOperationException("not every record was counted everywhere");
    }

    /// <summary>A batch of calls: every record its own object with its own strings, as a reader makes them.</summary>
    private static CallRecord[] Records(Random random, DateTimeOffset start, TimeSpan over)
    {
        var records = new CallRecord[Batch];
        for (var i = 0; i < Batch; i++)
        {
            var at = start + over * ((double)i / Batch);
            if (i % 3 == 2)
            {
                records[i] = records[i - 2] with
                {
                    Type = CallRecordType.End,
                    AnsweredAt = at.AddSeconds(-60),
                    EndedAt = at,
                };
                continue;
            }
            var delay = TimeSpan.FromSeconds(0.5 + 2 * random.NextDouble());
            var answered = i % 3 == 0;
            records[i] = new()
            {
                Version = 1,
                Type = CallRecordType.Setup,
                CallUid = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{at.ToUnixTimeMilliseconds():x12}{random.NextInt64():x20}"
                ),
                InvitedAt = at - delay,
                RangAt = at,
                FinalAt = at,
                SipCode =
                    answered ? 200
                    : random.Next(2) == 0 ? 486
                    : 503,
                TrunkOut = string.Create(CultureInfo.InvariantCulture, $"carrier-{random.Next(Trunks)}"),
                Customer = string.Create(CultureInfo.InvariantCulture, $"customer-{random.Next(Customers)}"),
                Destination = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Countries[random.Next(Countries.Length)]}{random.NextInt64(1_000_000_000, 9_999_999_999)}"
                ),
            };
        }
        return records;
    }
}
