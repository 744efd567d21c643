using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Runbooks.Conditions;

namespace Akira.Core.Voice;

/// <summary>The figures of calls as samples: only those that some condition asks for, over the window it asks for.</summary>
public static class KpiSamples
{
    /// <summary>Of a condition that names none.</summary>
    public static readonly TimeSpan UsualWindow = TimeSpan.FromMinutes(5);

    /// <summary>A label's value that means whichever is worst: <c>ner{customer="*"}</c>.</summary>
    public const string Any = "*";

    private const string Attempts = "calls.attempts";
    private const string Answered = "calls.answered";
    private const string OfUsual = "calls.of_usual";

    /// <summary>Fewer expected attempts than these tell nothing by staying away: once in a million it is chance at 14.</summary>
    private const double FewestExpected = 20;

    /// <summary>Fewer calls than these are not taken for a breach, however bad they are; ten without any answer are.</summary>
    private const int FewestForABreach = 80;

    /// <summary>With heartbeats, silence for so long is a pipeline that stands still, not a platform without calls.</summary>
    private static readonly TimeSpan HeartbeatPatience = TimeSpan.FromSeconds(30);

    public static bool IsKpi(string sample) =>
        sample
            is Attempts
                or Answered
                or OfUsual
                or "asr"
                or "ner"
                or "seer"
                or "ser"
                or "isa"
                or "unallocated"
                or "pdd.p50"
                or "pdd.p95"
                or "acd";

    /// <param name="usual">What a scope has at this hour of the week; null: not known yet.</param>
    public static ImmutableArray<Sample> Of(
        IEnumerable<Condition.Comparison> asked,
        CallWindows calls,
        DateTimeOffset now,
        Func<Scope, DateTimeOffset, Usual?>? usual = null
    ) =>
        [
            .. asked
                .Where(c => IsKpi(c.Sample))
                .Select(c => (Asked: c, Scope: Scope.Of(c.Labels), Over: c.Over ?? UsualWindow))
                .Where(c => c.Scope is not null)
                .DistinctBy(c => (c.Asked.Sample, c.Scope, c.Over))
                .Select(c =>
                    Of(
                        c.Asked,
                        new Sample(c.Asked.Sample, c.Asked.Labels, null, now) { Over = c.Over },
                        c.Scope!.Value,
                        calls,
                        usual ?? ((_, _) => null)
                    )
                ),
        ];

    private static Sample Of(
        Condition.Comparison c,
        Sample asked,
        Scope scope,
        CallWindows calls,
        Func<Scope, DateTimeOffset, Usual?> usual
    )
    {
        if (asked.Name is Attempts or Answered or OfUsual)
            return Count(asked, scope, calls, usual);
        var below = c.Operator is Operator.Less or Operator.LessOrEqual;
        if (scope.Name == Any)
            return WorstOf(c, asked, calls.Scopes.Where(s => s.Kind == scope.Kind), calls, below);
        var sample = Figure(c, asked, scope, calls);
        return scope == Scope.Platform && IsBeyond(sample, c, below)
            ? sample with
            {
                Detail = sample.Detail ?? WorstPart(sample, calls),
            }
            : sample;
    }

    private static Sample Count(Sample asked, Scope scope, CallWindows calls, Func<Scope, DateTimeOffset, Usual?> usual)
    {
        var over = asked.Over!.Value;
        // Before a whole window has been watched, few calls say nothing.
        if (calls.Since is not { } since || since > asked.At - over)
            return asked with { Remark = "not watched for a whole window yet" };
        if (calls.LastHeartbeat is { } beat && asked.At - beat > HeartbeatPatience)
            return asked with { Remark = $"no heartbeat for {SampleUnits.Format(asked.At - beat)}: no news of calls" };
        var tally = calls.Sum(scope, over, asked.At, delays: false);
        if (asked.Name != OfUsual)
            return asked with { Value = asked.Name == Attempts ? tally.Attempts : tally.Answered };
        if (usual(scope, asked.At) is not { } known)
            return asked with { Remark = "no history of this hour of the week yet" };
        var expected = known.AttemptsAMinute * over.TotalMinutes;
        return expected < FewestExpected
            ? asked with
            {
                Remark = FormattableString.Invariant($"only {expected:0.#} attempts are usual"),
            }
            : asked with
            {
                Value = tally.Attempts / expected,
            };
    }

    private static Sample Figure(Condition.Comparison c, Sample asked, Scope scope, CallWindows calls)
    {
        var over = asked.Over!.Value;
        var (measure, window) = calls.Widened(asked.Name, scope, over, asked.At)!.Value;
        var narrow = measure.IsSufficient && window == over ? null : Narrow(c, asked, scope, calls);
        if (narrow is { } surely)
            (measure, window) = (surely, over);
        if (measure.IsSufficient || narrow is not null)
            return asked with
            {
                Value = measure.Value,
                Lower = measure.Lower,
                Upper = measure.Upper,
                N = measure.N,
                WidenedTo = window > over ? window : null,
            };

        var (answered, of) = calls.LastSeizures(scope, asked.At);
        var remark = $"insufficient data (n={measure.N}), {answered} of the last {of} calls answered";
        // Ten calls in a row that nobody answers need no statistics of an hour.
        if (asked.Name == "asr" && answered == 0 && of == 10)
        {
            var last = Measure.Ratio(0, 10);
            return asked with { Value = 0, Lower = last.Lower, Upper = last.Upper, N = 10, Detail = remark };
        }
        return asked with { N = measure.N, Remark = remark };
    }

    /// <summary>
    /// What the asked window says where its bound is beyond the threshold already, although it has fewer calls than a
    /// figure should rest on: a wider one would water down what has just begun.
    /// </summary>
    private static Measure? Narrow(Condition.Comparison c, Sample asked, Scope scope, CallWindows calls)
    {
        var measure = calls.Kpis(scope, asked.Over!.Value, asked.At).Named(asked.Name)!.Value;
        var sample = asked with { Value = measure.Value, Lower = measure.Lower, Upper = measure.Upper };
        var below = c.Operator is Operator.Less or Operator.LessOrEqual;
        return measure.N >= FewestForABreach && IsBeyond(sample, c, below) ? measure : null;
    }

    /// <summary>Of several scopes the one that is surest to be beyond any threshold.</summary>
    private static Sample WorstOf(
        Condition.Comparison c,
        Sample asked,
        IEnumerable<Scope> scopes,
        CallWindows calls,
        bool below
    )
    {
        var known = scopes
            .Select(s => (Scope: s, Sample: Figure(c, asked, s, calls)))
            .Where(s => s.Sample.Value is not null)
            .ToList();
        if (known.Count == 0)
            return asked with { Remark = "insufficient data for each of them" };
        var (scope, sample) = below
            ? known.MinBy(s => s.Sample.Upper ?? s.Sample.Value)
            : known.MaxBy(s => s.Sample.Lower ?? s.Sample.Value);
        return sample with { Detail = $"it is {scope.Kind} {scope.Name}" };
    }

    private static bool IsBeyond(Sample sample, Condition.Comparison c, bool below) =>
        sample.Value is not null
        && (below ? (sample.Upper ?? sample.Value) < c.Value : (sample.Lower ?? sample.Value) > c.Value);

    /// <summary>The trunk and the customer that would account for most of it.</summary>
    private static string? WorstPart(Sample asked, CallWindows calls)
    {
        var over = asked.WidenedTo ?? asked.Over!.Value;
        var platform = calls.Sum(Scope.Platform, over, asked.At, delays: false);
        var parts = new List<string>();
        foreach (var kind in (ReadOnlySpan<string>)["trunk", "customer"])
        {
            var worst = calls
                .Scopes.Where(s => s.Kind == kind)
                .Select(s => (Scope: s, Tally: calls.Sum(s, over, asked.At, delays: asked.Name[0] == 'p')))
                .Where(s => s.Tally.Seizures > 0)
                .OrderByDescending(s => Badness(asked.Name, s.Tally, platform))
                .FirstOrDefault();
            if (worst.Tally is { } tally && tally.Over(over).Named(asked.Name) is { Value: { } value, N: var n })
                parts.Add($"{kind} {worst.Scope.Name} {SampleUnits.Format(asked.Name, value)} of {n}");
        }
        return parts.Count == 0 ? null : "worst: " + string.Join(", ", parts);
    }

    /// <summary>Calls that went wrong beyond the platform's own share; for a delay, the delay.</summary>
    private static double Badness(string sample, Tally part, Tally whole) =>
        sample[0] == 'p'
            ? part.Over(default).PddP95.Value ?? 0
            : part.Seizures * ((double)whole.Answered / Math.Max(1, whole.Seizures)) - part.Answered;
}
