using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Voice;
using static Akira.Core.Runbooks.Conditions.ConditionParser;

namespace Akira.Core.Runbooks.Conditions;

/// <summary>Which samples there are, and the unit each is written in.</summary>
internal static class SampleKinds
{
    private const string Up = ".up";

    private static readonly string[] Counts =
    [
        "calls.attempts",
        "calls.answered",
        "cdr.backlog",
        "cdr.gaps",
        "cdr.dead_letters",
    ];

    /// <summary>How far back samples and calls are kept.</summary>
    private static readonly TimeSpan Longest = CallWindows.Longest;

    private static readonly string[] States = ["vault.sealed"];

    public static ConditionProblem? Problem(Compared compared, IReadOnlyCollection<string> services)
    {
        var (sample, value) = (compared.Sample, compared.Value);
        if (sample.EndsWith(Up, StringComparison.Ordinal))
        {
            var service = sample[..^Up.Length];
            if (services.Count > 0 && !services.Contains(service, StringComparer.OrdinalIgnoreCase))
                return new(
                    compared.Offset,
                    "AKR703",
                    $"no service is named {Reading.FindingList.Quote(service)}",
                    $"Name one of platform.md: {string.Join(", ", services.Order().Take(12))}"
                );
        }
        else if (
            !SampleUnits.IsRatio(sample)
            && !SampleUnits.IsDuration(sample)
            && !Counts.Contains(sample)
            && !States.Contains(sample)
        )
            return new(
                compared.Offset,
                "AKR703",
                $"no sample is named {Reading.FindingList.Quote(sample)}",
                $"Did you mean {Nearest(sample)}"
            );

        foreach (var (word, duration) in compared.Spans)
            if (duration.Duration is not { } d || d <= TimeSpan.Zero)
                return new(
                    duration.Offset,
                    "AKR702",
                    $"'{duration}' after '{word}' is no duration",
                    "Write it with a unit, as 30s, 5m or 2h"
                );
        if (compared.Spans.Select(s => s.Word).Distinct().Count() < compared.Spans.Length)
            return new(compared.Offset, "AKR701", "'for' or 'over' stands twice", "Keep one of each");
        if (compared.Labels.Select(l => l.Name).Distinct().Count() < compared.Labels.Length)
            return new(compared.Offset, "AKR701", "a label stands twice", "Keep one");

        if (Unit(sample, value) is { } fix)
            return new(value.Offset, "AKR702", $"'{value}' is not a value of {sample}", fix);
        foreach (var (word, duration) in compared.Spans)
            if (duration.Duration > Longest)
                return new(
                    duration.Offset,
                    "AKR706",
                    $"'{word} {duration}' looks further back than samples are kept",
                    "Write at most 60m"
                );
        return Label(compared) ?? Constant(compared);
    }

    /// <summary>Figures of calls are kept for the platform, and for each customer, trunk and prefix: not for two at once.</summary>
    private static ConditionProblem? Label(Compared compared)
    {
        if (!KpiSamples.IsKpi(compared.Sample) || compared.Labels.IsEmpty)
            return null;
        var labels = compared.Labels.ToImmutableSortedDictionary(l => l.Name, l => l.Value);
        if (compared.Sample.StartsWith("calls.", StringComparison.Ordinal) && labels.ContainsValue(KpiSamples.Any))
            return new(
                compared.Offset + compared.Sample.Length,
                "AKR704",
                $"{compared.Sample} has no worst: many calls are as good as few",
                "Name one customer, trunk or prefix"
            );
        return Scope.Of(labels) is not null
            ? null
            : new(
                compared.Offset + compared.Sample.Length,
                "AKR704",
                $"no {compared.Sample} is kept by {string.Join(" and ", labels.Keys)}",
                "Use one label: customer, trunk or prefix"
            );
    }

    /// <summary>Whether every value that the sample can have, or none, fulfils it.</summary>
    private static ConditionProblem? Constant(Compared compared)
    {
        var sample = compared.Sample;
        double? highest =
            SampleUnits.IsRatio(sample) || States.Contains(sample) || sample.EndsWith(Up, StringComparison.Ordinal)
                ? 1
                : null;
        var value = compared.Value.InSampleUnits;
        var verdict = compared.Operator switch
        {
            Operator.Less when value <= 0 => "never",
            Operator.GreaterOrEqual when value <= 0 => "always",
            Operator.Greater when value >= highest => "never",
            Operator.LessOrEqual when value >= highest => "always",
            _ => null,
        };
        return verdict is null || sample == "cert.expires_in"
            ? null
            : new(
                compared.Value.Offset,
                "AKR705",
                $"the condition {verdict} holds, whatever {sample} is",
                highest is null ? $"{sample} begins at 0" : $"{sample} goes from 0 to 1"
            );
    }

    /// <summary>How to write the value; null when it is right.</summary>
    private static string? Unit(string sample, Amount value)
    {
        if (SampleUnits.IsRatio(sample))
            return value is { Unit: "%" or "", InSampleUnits: >= 0 and <= 1 }
                ? null
                : "It is a ratio: write 90% or 0.9";
        if (SampleUnits.IsDuration(sample))
            return value is { Unit: not "" and not "%", InSampleUnits: >= 0 }
                ? null
                : "It is a duration: write 500ms, 5s, 30m, 2h or 14d";
        if (Counts.Contains(sample))
            return value is { Unit: "", Number: >= 0 } ? null : "It is a count: write a number without a unit";
        return value is { Unit: "", Number: 0 or 1 } ? null : "It is a state: write 0 or 1";
    }

    private static string Nearest(string sample) =>
        SampleUnits.Known.Concat(Counts).Concat(States).Append("<service>.up").MinBy(s => Distance(sample, s))!;

    /// <summary>Levenshtein's, on names short enough for it not to matter.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[^1];
    }
}
