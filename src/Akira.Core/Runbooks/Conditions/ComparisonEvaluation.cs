using System.Diagnostics;
using Akira.Core.Alerts;
using Akira.Core.Voice;

namespace Akira.Core.Runbooks.Conditions;

/// <summary>One comparison against the history of the series it means.</summary>
internal static class ComparisonEvaluation
{
    /// <summary>A longer silence than this many usual gaps breaks a <c>for</c>, and makes a value too old to go by.</summary>
    private const int MissedSamples = 3;

    public static Evaluation Of(Condition.Comparison c, SampleHistory history, DateTimeOffset now)
    {
        // A figure of calls is computed over its window at the source; any other sample is averaged here.
        var window = KpiSamples.IsKpi(c.Sample) ? c.Over ?? KpiSamples.UsualWindow : (TimeSpan?)null;
        var each = history
            .Matching(c.Sample, c.Labels, window)
            .Select(series => Of(c, window is null ? c.Over : null, series, now))
            .ToList();
        return each.Find(e => e.Truth == Truth.Holds)
            ?? each.Find(e => e.Truth == Truth.Unknown)
            ?? each.FirstOrDefault()
            ?? new(Truth.Unknown, $"no sample {c.Sample}");
    }

    private static Evaluation Of(
        Condition.Comparison c,
        TimeSpan? mean,
        SampleHistory.Series series,
        DateTimeOffset now
    )
    {
        var patience = series.Spacing * MissedSamples;
        if (now - series.Latest.At > patience)
            return new(
                Truth.Unknown,
                $"{Name(series.Latest)} was last seen {SampleUnits.Format(now - series.Latest.At)} ago"
            );

        var last = mean is null ? series.Latest : Mean(series, series.Count - 1, mean.Value);
        var truth = Compare(c, last);
        var evidence = Describe(c, last, truth);
        if (truth != Truth.Holds || c.For is not { } duration)
            return new(truth, evidence);

        var since = now;
        for (var i = series.Count - 1; i >= 0 && now - since < duration; i--)
        {
            if (since - series[i].At > patience && i < series.Count - 1)
                break;
            if (
                i < series.Count - 1
                && Compare(c, mean is null ? series[i] : Mean(series, i, mean.Value)) != Truth.Holds
            )
                break;
            since = series[i].At;
        }
        var held = now - since;
        return held >= duration
            ? new(Truth.Holds, $"{evidence} for {SampleUnits.Format(duration)}")
            : new(
                Truth.Unknown,
                $"{evidence}, for {SampleUnits.Format(held)} of {SampleUnits.Format(duration)} so far"
            );
    }

    /// <summary>
    /// A statistic fulfils a threshold only when its bound does, and fails it only when its value does; between the two
    /// there are too few calls to tell.
    /// </summary>
    private static Truth Compare(Condition.Comparison c, Sample sample)
    {
        if (sample.Value is not { } value)
            return Truth.Unknown;
        if (!Satisfies(c.Operator, value, c.Value))
            return Truth.DoesNotHold;
        var cautious = c.Operator switch
        {
            Operator.Less or Operator.LessOrEqual => sample.Upper ?? value,
            Operator.Greater or Operator.GreaterOrEqual => sample.Lower ?? value,
            _ => value,
        };
        return Satisfies(c.Operator, cautious, c.Value) ? Truth.Holds : Truth.Unknown;
    }

    private static bool Satisfies(Operator op, double value, double threshold) =>
        op switch
        {
            Operator.Less => value < threshold,
            Operator.LessOrEqual => value <= threshold,
            Operator.Equal => value.Equals(threshold),
            Operator.NotEqual => !value.Equals(threshold),
            Operator.GreaterOrEqual => value >= threshold,
            Operator.Greater => value > threshold,
            _ => throw new UnreachableException(),
        };

    /// <summary>The mean of the samples in the window that ends with the given one.</summary>
    private static Sample Mean(SampleHistory.Series series, int end, TimeSpan window)
    {
        var (sum, n) = (0.0, 0);
        for (var i = end; i >= 0 && series[i].At > series[end].At - window; i--)
            if (series[i].Value is { } value)
                (sum, n) = (sum + value, n + 1);
        return series[end] with { Value = n == 0 ? null : sum / n, Over = window };
    }

    private static string Describe(Condition.Comparison c, Sample sample, Truth truth)
    {
        var name = Name(sample);
        if (sample.Value is not { } value)
            return $"{name}: {sample.Remark ?? "no value"}";

        string Of(double v) => SampleUnits.Format(sample.Name, v);
        if (c.Operator is Operator.Equal or Operator.NotEqual)
            return value.Equals(c.Value) ? $"{name} is {Of(value)}" : $"{name} is {Of(value)}, not {Of(c.Value)}";
        var bound = c.Operator switch
        {
            Operator.Less or Operator.LessOrEqual when sample.Upper is { } upper => $", ≤ {Of(upper)}",
            Operator.Greater or Operator.GreaterOrEqual when sample.Lower is { } lower => $", ≥ {Of(lower)}",
            _ => "",
        };
        var basis = sample.N is { } n ? $" (n={n}{bound})" : "";
        var verdict = truth switch
        {
            Truth.Holds => "is",
            Truth.DoesNotHold => "is not",
            _ => "is not surely",
        };
        var relation = c.Operator switch
        {
            Operator.Less => "below ",
            Operator.LessOrEqual => "at most ",
            Operator.GreaterOrEqual => "at least ",
            Operator.Greater => "above ",
            _ => throw new UnreachableException(),
        };
        var over = (sample.WidenedTo ?? sample.Over) is { } window ? $" over {SampleUnits.Format(window)}" : "";
        var detail = truth == Truth.Holds && sample.Detail is not null ? $"; {sample.Detail}" : "";
        return $"{name} {Of(value)}{basis} {verdict} {relation}{Of(c.Value)}{over}{detail}";
    }

    private static string Name(Sample sample) =>
        sample.Labels.IsEmpty
            ? sample.Name
            : $"{sample.Name}{{{string.Join(",", sample.Labels.Select(l => $"{l.Key}=\"{l.Value}\""))}}}";
}
