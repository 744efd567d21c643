using System.Collections.Immutable;
using Akira.Core.Alerts;

namespace Akira.Core.Runbooks.Conditions;

/// <summary>Whether a condition holds, and what speaks for that.</summary>
/// <param name="Evidence">One sentence: <c>asr 41.2 % (n=212, ≤ 49.1 %) is below 90 % over 5 min</c>.</param>
public sealed record Evaluation(Truth Truth, string Evidence);

public enum Truth
{
    /// <summary>No sample, too old a sample, too few calls, or not for long enough yet.</summary>
    Unknown,
    Holds,
    DoesNotHold,
}

public static class ConditionEvaluation
{
    extension(Condition condition)
    {
        /// <summary>Three-valued: an unknown part leaves the whole unknown only where it could decide it.</summary>
        public Evaluation Evaluate(SampleHistory history, DateTimeOffset now) =>
            condition switch
            {
                Condition.All all => Combine(all.Parts, history, now, decisive: Truth.DoesNotHold),
                Condition.Any any => Combine(any.Parts, history, now, decisive: Truth.Holds),
                Condition.Comparison comparison => ComparisonEvaluation.Of(comparison, history, now),
                _ => throw new System.Diagnostics.UnreachableException(),
            };

        /// <summary>Every comparison in it, however deep.</summary>
        public IEnumerable<Condition.Comparison> Comparisons =>
            condition switch
            {
                Condition.All all => all.Parts.SelectMany(p => p.Comparisons),
                Condition.Any any => any.Parts.SelectMany(p => p.Comparisons),
                Condition.Comparison comparison => [comparison],
                _ => throw new System.Diagnostics.UnreachableException(),
            };
    }

    private static Evaluation Combine(
        ImmutableArray<Condition> parts,
        SampleHistory history,
        DateTimeOffset now,
        Truth decisive
    )
    {
        var each = parts.Select(p => p.Evaluate(history, now)).ToList();
        var truth =
            each.Exists(e => e.Truth == decisive) ? decisive
            : each.Exists(e => e.Truth == Truth.Unknown) ? Truth.Unknown
            : each[0].Truth;
        return new(truth, string.Join("; ", each.Where(e => e.Truth == truth).Select(e => e.Evidence)));
    }
}
