using System.Collections.Immutable;
using System.Globalization;

namespace Akira.Core.Voice;

/// <summary>
/// Finds what changed. Attempts are counted by every combination of trunk, customer, prefix, response, node and
/// configuration; a value's excess is how many more went wrong now than its own share of before would have. From the
/// value that holds most of it the search goes on inside, for as long as one value holds most of what is left.
/// </summary>
public static class CallComparing
{
    private static readonly ImmutableArray<string> Dimensions =
    [
        "trunk",
        "customer",
        "prefix",
        "code",
        "node",
        "config version",
    ];

    private const int Code = 3;

    /// <summary>A value that holds less of the excess than this is not what changed.</summary>
    private const double Most = 0.7;

    /// <summary>Nor is one that holds it because it has most of the calls: the rest must be this much better than its share.</summary>
    private const double RestIsBetter = 0.5;

    private const int EnoughBefore = 20;
    private const int MostSuspects = 8;
    private const int MostExamples = 5000;

    /// <param name="records">Of the hour; in any order, each once.</param>
    /// <param name="figure">The sample whose alert fired: <c>asr</c>, <c>ner</c>, <c>pdd.p95</c>, …</param>
    /// <param name="to">When it fired.</param>
    /// <param name="now">How much of the hour is «now».</param>
    /// <param name="lagSeconds">How old the newest record was when it came.</param>
    public static CallComparison Of(
        IEnumerable<CallRecord> records,
        string figure,
        DateTimeOffset to,
        TimeSpan now,
        double? lagSeconds = null
    )
    {
        var (from, split) = (to - CallWindows.Longest, to - now);
        var setups = records
            .Where(r => r.Type == CallRecordType.Setup && !Outcomes.IsChallenge(r) && r.At >= from && r.At < to)
            .ToList();
        var bad = BadOf(figure, setups, split);
        var cells = new Dictionary<(string, string, string, string, string, string), Cell>();
        var shape = new (int Calls, int Bad)[(int)CallWindows.Longest.TotalMinutes];
        var sides = new (int Calls, int Bad, int Local, int Remote)[2];
        foreach (var setup in setups)
        {
            var (isNow, isBad) = (setup.At >= split ? 1 : 0, bad.Is(setup));
            if (!cells.TryGetValue(KeyOf(setup), out var cell))
                cells[KeyOf(setup)] = cell = new(Values(setup));
            cell.Count(isNow == 1, isBad);
            if (setup.IsLast is false)
                continue;
            ref var minute = ref shape[Math.Min(shape.Length - 1, (int)(setup.At - from).TotalMinutes)];
            minute = (minute.Calls + 1, minute.Bad + (isBad ? 1 : 0));
            ref var side = ref sides[isNow];
            side.Calls++;
            side.Bad += isBad ? 1 : 0;
            side.Local += isBad && setup.CodeOrigin == "local" ? 1 : 0;
            side.Remote += isBad && setup.CodeOrigin == "remote" ? 1 : 0;
        }
        var all = Cell.Sum([.. cells.Values]);
        var narrowed = Narrow([.. cells.Values], all);
        return new(
            bad.Figure,
            from,
            split,
            to,
            SideOf(sides[0]),
            SideOf(sides[1]),
            lagSeconds,
            Excess(all, all),
            narrowed,
            [
                .. Enumerable
                    .Range(0, Dimensions.Length)
                    .SelectMany(d => Ranked([.. cells.Values], d, all))
                    .Where(s => s.Excess >= 1)
                    .OrderByDescending(s => s.Excess)
                    .Take(MostSuspects),
            ],
            [.. shape.Select(m => new CallComparison.Minute(m.Calls, m.Bad))],
            [.. Examples(setups, s => s.At >= split && bad.Is(s), narrowed).Take(3)],
            Examples(
                    setups,
                    s => s.At >= split && !bad.Is(s) && Outcomes.Of(s) == Outcome.Answered,
                    [.. narrowed.Where(n => n.Dimension != "code")]
                )
                .FirstOrDefault()
                ?? Examples(setups, s => Outcomes.Of(s) == Outcome.Answered, []).FirstOrDefault()
        );
    }

    /// <summary>
    /// An ASR that fell because people do not answer is looked at by answers; one that fell because the network failed, by
    /// failures: those say more about where.
    /// </summary>
    private static (string Figure, Func<CallRecord, bool> Is) BadOf(
        string figure,
        List<CallRecord> setups,
        DateTimeOffset split
    )
    {
        static bool Fails(CallRecord s) => Outcomes.Of(s).IsFailure();
        static bool Unanswered(CallRecord s) => Outcomes.Of(s) != Outcome.Answered;
        static bool Slow(CallRecord s) =>
            Outcomes.PostDialDelay(s) is { } delay ? delay > Outcomes.Patience : s.SipCode == 487 && Fails(s);
        if (figure.StartsWith("pdd", StringComparison.Ordinal))
            return ("pdd", Slow);
        if (figure != "asr")
            return ("ner", Fails);
        var all = new Cell[] { new([]), new([]) };
        foreach (var setup in setups)
        {
            all[0].Count(setup.At >= split, Fails(setup));
            all[1].Count(setup.At >= split, Unanswered(setup));
        }
        return Excess(all[0], all[0]) >= 0.3 * Excess(all[1], all[1]) ? ("ner", Fails) : ("asr", Unanswered);
    }

    private static ImmutableArray<CallComparison.Suspect> Narrow(IReadOnlyList<Cell> cells, Cell all)
    {
        var found = ImmutableArray.CreateBuilder<CallComparison.Suspect>();
        var (left, whole) = (cells, all);
        while (found.Count < Dimensions.Length)
        {
            var excess = Excess(whole, all);
            var next = Enumerable
                .Range(0, Dimensions.Length)
                .Where(d => found.All(f => f.Dimension != Dimensions[d]))
                .SelectMany(d => Ranked(left, d, all).Select(s => (Dimension: d, Suspect: s)))
                .Where(s => excess >= 1 && s.Suspect.Excess >= Most * excess)
                .Where(s =>
                    s.Dimension == Code
                    || excess - s.Suspect.Excess
                        < RestIsBetter * excess * (1 - (double)s.Suspect.Calls / whole.Now.Calls)
                )
                // Of several that hold it, one that was not there before, then the one with the fewest calls to spare; the
                // response last: it explains and does not divide.
                .OrderBy(s => s.Dimension == Code)
                .ThenBy(s => s.Suspect.CallsBefore > 0)
                .ThenBy(s => s.Suspect.Calls)
                .FirstOrDefault();
            if (next.Suspect is null)
                break;
            found.Add(next.Suspect);
            left = [.. left.Where(c => c.Values[next.Dimension] == next.Suspect.Value)];
            whole = Cell.Sum(left);
        }
        return found.ToImmutable();
    }

    private static IEnumerable<CallComparison.Suspect> Ranked(IReadOnlyList<Cell> cells, int dimension, Cell all)
    {
        var whole = Cell.Sum(cells);
        foreach (var group in cells.GroupBy(c => c.Values[dimension]))
        {
            var sum = Cell.Sum([.. group]);
            // Of the calls with a response all have it: what is bad is measured against all calls.
            if (dimension == Code)
                sum = new([]) { Now = (whole.Now.Calls, sum.Now.Bad), Before = (whole.Before.Calls, sum.Before.Bad) };
            yield return new(
                Dimensions[dimension],
                group.Key,
                sum.Now.Bad,
                sum.Now.Calls,
                sum.Before.Bad,
                sum.Before.Calls,
                dimension == Code ? Excess(sum, sum) : Excess(sum, all)
            );
        }
    }

    /// <summary>What few calls had before says little; then the share of all is taken.</summary>
    private static double Excess(Cell of, Cell all)
    {
        var usual = of.Before.Calls >= EnoughBefore ? of.Before : all.Before;
        return of.Now.Bad - (usual.Calls == 0 ? 0 : (double)usual.Bad / usual.Calls * of.Now.Calls);
    }

    private static IEnumerable<CallComparison.Example> Examples(
        List<CallRecord> setups,
        Func<CallRecord, bool> wanted,
        ImmutableArray<CallComparison.Suspect> narrowed
    ) =>
        setups
            .Where(wanted)
            .Where(s => narrowed.All(n => Values(s)[Dimensions.IndexOf(n.Dimension)] == n.Value))
            .TakeLast(MostExamples)
            .OrderByDescending(s => s.At)
            .Select(s => new CallComparison.Example(
                s.At,
                s.CallId ?? s.CallUid!,
                s.SipCode!.Value,
                $"{s.Customer ?? "?"} to {DestinationPrefix.Of(s.Destination) ?? "?"} over {s.TrunkOut ?? "no trunk"}"
            ));

    private static CallComparison.Side SideOf((int Calls, int Bad, int Local, int Remote) s) =>
        new(s.Calls, s.Bad, s.Local, s.Remote);

    private static string[] Values(CallRecord s) =>
        [
            s.TrunkOut ?? "none",
            s.Customer ?? "none",
            DestinationPrefix.Of(s.Destination) ?? "none",
            s.SipCode!.Value.ToString(CultureInfo.InvariantCulture)
                + (s.Q850 is { } cause ? "/" + cause.ToString(CultureInfo.InvariantCulture) : ""),
            s.Node ?? "none",
            s.ConfigVersion ?? "none",
        ];

    private static (string, string, string, string, string, string) KeyOf(CallRecord s) =>
        Values(s) is [var trunk, var customer, var prefix, var code, var node, var config]
            ? (trunk, customer, prefix, code, node, config)
            : default;

    private sealed class Cell(string[] values)
    {
        public string[] Values => values;
        public (int Calls, int Bad) Now { get; set; }
        public (int Calls, int Bad) Before { get; set; }

        public void Count(bool now, bool bad)
        {
            if (now)
                Now = (Now.Calls + 1, Now.Bad + (bad ? 1 : 0));
            else
                Before = (Before.Calls + 1, Before.Bad + (bad ? 1 : 0));
        }

        public static Cell Sum(IReadOnlyList<Cell> cells) =>
            new([])
            {
                Now = (cells.Sum(c => c.Now.Calls), cells.Sum(c => c.Now.Bad)),
                Before = (cells.Sum(c => c.Before.Calls), cells.Sum(c => c.Before.Bad)),
            };
    }
}
