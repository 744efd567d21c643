using System.Collections.Immutable;

namespace Akira.Core.Alerts;

/// <summary>One named measurement at one time: <c>kamailio.up = 0</c>, <c>asr{trunk="t1"} = 0.87</c>.</summary>
/// <param name="Value">In the sample's own unit: seconds, a ratio from 0 to 1, a count, 0 or 1. Null: could not be told.</param>
public sealed record Sample(
    string Name,
    ImmutableSortedDictionary<string, string> Labels,
    double? Value,
    DateTimeOffset At
)
{
    /// <summary>The value is surely above this; null when it is exact.</summary>
    public double? Lower { get; init; }

    /// <summary>The value is surely below this; null when it is exact.</summary>
    public double? Upper { get; init; }

    /// <summary>How many calls it rests on; null when it is not a statistic.</summary>
    public int? N { get; init; }

    /// <summary>The window it was asked over; null when it is the state of a moment.</summary>
    public TimeSpan? Over { get; init; }

    /// <summary>The window it was computed over, where that had to be wider.</summary>
    public TimeSpan? WidenedTo { get; init; }

    /// <summary>Why there is no value: <c>insufficient data: 3 of the last 10 calls answered</c>.</summary>
    public string? Remark { get; init; }

    /// <summary>What people want to know beside the value when it is beyond a threshold: <c>worst: trunk t1 3 % of 74</c>.</summary>
    public string? Detail { get; init; }

    /// <summary>A plain sample without labels.</summary>
    public static Sample Of(string name, double? value, DateTimeOffset at) =>
        new(name, ImmutableSortedDictionary<string, string>.Empty, value, at);
}
