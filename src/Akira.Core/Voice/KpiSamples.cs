using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Runbooks.Conditions;

namespace Akira.Core.Voice;

/// <summary>The figures of calls as samples: only those that some condition asks for, over the window it asks for.</summary>
public static class KpiSamples
{
    /// <summary>Of a condition that names none.</summary>
    public static readonly TimeSpan UsualWindow = TimeSpan.FromMinutes(5);

    private const string Attempts = "calls.attempts";
    private const string Answered = "calls.answered";

    public static bool IsKpi(string sample) =>
        sample
            is Attempts
                or Answered
                or "asr"
                or "ner"
                or "seer"
                or "ser"
                or "isa"
                or "unallocated"
                or "pdd.p50"
                or "pdd.p95"
                or "acd";

    public static ImmutableArray<Sample> Of(
        IEnumerable<Condition.Comparison> asked,
        CallWindows calls,
        DateTimeOffset now
    ) =>
        [
            .. asked
                .Where(c => IsKpi(c.Sample))
                .Select(c => (c.Sample, Scope: Scope.Of(c.Labels), c.Labels, Over: c.Over ?? UsualWindow))
                .DistinctBy(c => (c.Sample, c.Scope, c.Over))
                .Where(c => c.Scope is not null)
                .Select(c => Of(new Sample(c.Sample, c.Labels, null, now) { Over = c.Over }, c.Scope!.Value, calls)),
        ];

    private static Sample Of(Sample asked, Scope scope, CallWindows calls)
    {
        var over = asked.Over!.Value;
        if (asked.Name is Attempts or Answered)
        {
            // Before a whole window has been watched, few calls say nothing.
            if (calls.Since is not { } since || since > asked.At - over)
                return asked with { Remark = "not watched for a whole window yet" };
            var kpis = calls.Kpis(scope, over, asked.At);
            return asked with { Value = asked.Name == Attempts ? kpis.Attempts : kpis.Answered };
        }

        var (measure, window) = calls.Widened(asked.Name, scope, over, asked.At)!.Value;
        if (!measure.IsSufficient)
        {
            var (answered, of) = calls.LastSeizures(scope, asked.At);
            return asked with
            {
                N = measure.N,
                Remark = $"insufficient data (n={measure.N}), {answered} of the last {of} calls answered",
            };
        }
        return asked with
        {
            Value = measure.Value,
            Lower = measure.Lower,
            Upper = measure.Upper,
            N = measure.N,
            WidenedTo = window > over ? window : null,
        };
    }
}
