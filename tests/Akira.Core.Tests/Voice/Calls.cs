using System.Globalization;
using Akira.Core.Voice;

namespace Akira.Core.Tests.Voice;

/// <summary>Call records in few words.</summary>
internal static class Calls
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static int number;

    /// <summary>An attempt that got this final response at <paramref name="at"/>, over trunk t1.</summary>
    public static CallRecord Ended(
        int code,
        DateTimeOffset? at = null,
        double after = 2,
        double? ring = null,
        int? q850 = null,
        string? trunk = "t1"
    )
    {
        var final = at ?? Noon;
        var invited = final - TimeSpan.FromSeconds(after);
        return new()
        {
            Version = 1,
            Type = CallRecordType.Setup,
            CallUid = "call-" + Interlocked.Increment(ref number).ToString(CultureInfo.InvariantCulture),
            InvitedAt = invited,
            RangAt = ring is { } r ? invited + TimeSpan.FromSeconds(r) : null,
            FinalAt = final,
            SipCode = code,
            Q850 = q850,
            TrunkOut = trunk,
            Customer = "acme",
            Destination = "+393331234567",
        };
    }

    public static CallRecord HungUp(double talked, DateTimeOffset? at = null) =>
        Ended(200, at) with
        {
            Type = CallRecordType.End,
            AnsweredAt = (at ?? Noon) - TimeSpan.FromSeconds(talked),
            InvitedAt = (at ?? Noon) - TimeSpan.FromSeconds(talked + 2),
            EndedAt = at ?? Noon,
        };

    public static CallWindows Windows(params IEnumerable<CallRecord> records)
    {
        var windows = new CallWindows();
        foreach (var record in records)
            windows.Add(record, Noon);
        return windows;
    }

    /// <summary>The platform's figures over five minutes.</summary>
    public static Kpis Kpis(params IEnumerable<CallRecord> records) =>
        Windows(records).Kpis(Scope.Platform, TimeSpan.FromMinutes(5), Noon);

    public static IEnumerable<CallRecord> Times(this int count, Func<CallRecord> record) =>
        Enumerable.Range(0, count).Select(_ => record());
}
