using System.Collections.Immutable;

namespace Akira.Core.Runbooks.Conditions;

/// <summary>A condition over samples, as a runbook writes it: <c>asr &lt; 90% over 5m and calls.attempts &gt; 20</c>.</summary>
public abstract record Condition
{
    private Condition() { }

    /// <summary>The words it was read from.</summary>
    public string Text { get; init; } = "";

    public sealed record All(ImmutableArray<Condition> Parts) : Condition;

    public sealed record Any(ImmutableArray<Condition> Parts) : Condition;

    /// <param name="Sample">Its name: <c>pdd.p95</c>, <c>kamailio.up</c>.</param>
    /// <param name="Labels">Those it must carry: <c>{trunk="t1"}</c>.</param>
    /// <param name="Value">In the sample's own unit: seconds, a ratio from 0 to 1, or a plain number.</param>
    /// <param name="For">How long it must have held without a break.</param>
    /// <param name="Over">The window the sample is computed over; null: the sample's latest value.</param>
    public sealed record Comparison(
        string Sample,
        ImmutableSortedDictionary<string, string> Labels,
        Operator Operator,
        double Value,
        TimeSpan? For,
        TimeSpan? Over
    ) : Condition;
}

public enum Operator
{
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}
