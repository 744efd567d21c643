using System.Collections.Immutable;

namespace Akira.Core.Voice;

/// <summary>
/// Calls lost = Σ over minutes of max(0, usual NER × calls − delivered), and the attempts that stayed away. A minute
/// counts only where it is surely worse than usual (the Wilson bound, three standard deviations of Poisson): the positive
/// part of mere noise would add up to a loss that nobody had.
/// </summary>
public static class Impacts
{
    private static readonly TimeSpan Redial = TimeSpan.FromMinutes(10);
    private const int EnoughBefore = 100;

    /// <param name="records">Of the hour before <paramref name="from"/> too, each once, in any order.</param>
    /// <param name="usual">The platform's usual at a time; null where the history has none.</param>
    /// <returns>Null when there was not one record: then nothing is known, and that is not «none».</returns>
    public static Impact? Of(
        IEnumerable<CallRecord> records,
        DateTimeOffset from,
        DateTimeOffset to,
        Func<DateTimeOffset, Usual?> usual
    )
    {
        var before = new Before();
        var calls = new List<Call>();
        foreach (var record in records)
            if (record.Type == CallRecordType.End && record.At < to)
                before.AddEnd(record);
            else if (record.Type == CallRecordType.Setup && record.IsLast is not false && !Outcomes.IsChallenge(record))
                if (record.At < from)
                    before.AddSetup(record);
                else if (record.At < to && Call.Of(record) is { } call)
                    calls.Add(call);
        if (calls.Count == 0 && before.Calls == 0)
            return null;
        calls.Sort((a, b) => a.Record.At.CompareTo(b.Record.At));

        var known = usual(from);
        var ner = known?.Ner ?? (before.Calls >= EnoughBefore ? before.Ner : null);
        var basis =
            known?.Ner is not null ? $"the same hours of {known.Weeks} weeks"
            : ner is not null ? "the hour before; there is no history of this hour of the week yet"
            : "the hour before had too few calls, and there is no history of this hour of the week";
        if (ner is not { } usualNer)
            return new(from, to, calls.Count, 0, 0, null, null, null, null, null, basis);

        var bad = calls
            .GroupBy(c => c.Record.At.UtcTicks / TimeSpan.TicksPerMinute)
            .Where(m => Measure.Ratio(m.Count(c => c.Delivered), m.Count()).Upper < usualNer)
            .SelectMany(m => m)
            .ToList();
        var failed = bad.Where(c => !c.Delivered).ToList();
        var lostCalls = WithoutRedials(failed, calls);
        var excess = Math.Max(0, usualNer * bad.Count - bad.Count(c => c.Delivered));
        var lost = failed.Count == 0 ? 0 : (int)Math.Round(excess * lostCalls.Count / failed.Count);
        var missing = Missing(calls, from, to, usual, usualNer);
        return new(
            from,
            to,
            calls.Count,
            failed.Count,
            lostCalls.Count,
            lost,
            missing,
            [
                .. bad.Where(c => c.Record.Customer is not null)
                    .GroupBy(c => c.Record.Customer!)
                    .Where(c => Measure.Ratio(c.Count(b => b.Delivered), c.Count()).Upper < usualNer)
                    .OrderByDescending(c => c.Count(b => !b.Delivered))
                    .Select(c => c.Key),
            ],
            Revenue(lost, missing, failed.Count > 0 ? failed : calls, known, before, usualNer),
            usualNer,
            basis
        );
    }

    /// <summary>Failed calls: the first of each caller and number within ten minutes, unless one of these got through.</summary>
    private static List<Call> WithoutRedials(List<Call> failed, List<Call> all)
    {
        var delivered = all.Where(c => c.Delivered && c.Pair is not null)
            .ToLookup(c => c.Pair!.Value, c => c.Record.At);
        var first = new Dictionary<(string, string), DateTimeOffset>();
        var lost = new List<Call>();
        foreach (var call in failed)
        {
            if (call.Pair is not { } pair)
                lost.Add(call);
            else if (!first.TryGetValue(pair, out var began) || call.Record.At - began >= Redial)
            {
                first[pair] = call.Record.At;
                if (!delivered[pair].Any(at => at >= call.Record.At && at - call.Record.At < Redial))
                    lost.Add(call);
            }
        }
        return lost;
    }

    private static int? Missing(
        List<Call> calls,
        DateTimeOffset from,
        DateTimeOffset to,
        Func<DateTimeOffset, Usual?> usual,
        double ner
    )
    {
        var byMinute = calls.CountBy(c => (long)Math.Floor((c.Record.At - from).TotalMinutes)).ToDictionary();
        var (missing, any) = (0.0, false);
        for (var minute = 0L; from.AddMinutes(minute + 1) <= to; minute++)
        {
            if (usual(from.AddMinutes(minute)) is not { AttemptsAMinute: var expected })
                continue;
            any = true;
            var came = byMinute.GetValueOrDefault(minute);
            if (came < expected - 3 * Math.Sqrt(expected))
                missing += expected - came;
        }
        return any ? (int)Math.Round(missing * ner) : null;
    }

    private static ImmutableArray<Impact.Money>? Revenue(
        int lost,
        int? missing,
        List<Call> calls,
        Usual? usual,
        Before before,
        double ner
    )
    {
        var rated = calls.Where(c => c.Record is { Rate: not null, Currency: not null }).ToList();
        var (asr, talk) = (usual?.Asr ?? before.Asr, usual?.AcdSeconds ?? before.AcdSeconds);
        if (rated.Count == 0 || asr is null || talk is null || ner == 0)
            return null;
        var minutes = (decimal)(asr.Value / ner * talk.Value / 60);
        return
        [
            .. rated
                .GroupBy(c => c.Record.Currency!)
                .OrderByDescending(c => c.Count())
                .Select(c =>
                {
                    var each = minutes * c.Average(r => r.Record.Rate!.Value) * c.Count() / rated.Count;
                    return new Impact.Money(
                        c.Key,
                        Math.Round(lost * each, 2),
                        missing is { } m ? Math.Round(m * each, 2) : null
                    );
                }),
        ];
    }

    /// <summary>A call that tells something about the network. One refused before a trunk was chosen does when this platform failed.</summary>
    private sealed record Call(CallRecord Record, bool Delivered)
    {
        public (string, string)? Pair => Record is { Source: { } src, Destination: { } dst } ? (src, dst) : null;

        public static Call? Of(CallRecord record)
        {
            var kind = SetupKinds.Of(record);
            return kind == SetupKind.AbandonedEarly || (record.TrunkOut is null && kind != SetupKind.Ineffective)
                ? null
                : new(record, kind.Outcome.IsDelivered());
        }
    }

    /// <summary>What was usual in the hour before, for want of a history.</summary>
    private sealed class Before
    {
        private int _delivered;
        private int _answered;
        private int _ended;
        private TimeSpan _talk;

        public int Calls { get; private set; }
        public double? Ner => Calls == 0 ? null : (double)_delivered / Calls;
        public double? Asr => Calls == 0 ? null : (double)_answered / Calls;
        public double? AcdSeconds => _ended == 0 ? null : _talk.TotalSeconds / _ended;

        public void AddSetup(CallRecord record)
        {
            if (Call.Of(record) is not { } call)
                return;
            Calls++;
            _delivered += call.Delivered ? 1 : 0;
            _answered += Outcomes.Of(record) == Outcome.Answered ? 1 : 0;
        }

        public void AddEnd(CallRecord record)
        {
            _ended++;
            _talk += record.EndedAt - record.AnsweredAt ?? TimeSpan.Zero;
        }
    }
}
