using System.Collections.Immutable;

namespace Akira.Core.Voice;

/// <summary>What a scope has at one hour of the week, by the same hours of earlier weeks.</summary>
/// <param name="AttemptsAMinute">The median over those weeks, so that one outage or one holiday does not move it.</param>
/// <param name="Asr">Of all those hours together; null without seizures.</param>
/// <param name="Ner">The same.</param>
/// <param name="AcdSeconds">Mean talk time of the calls that ended then; null when none did.</param>
/// <param name="Weeks">How many weeks it rests on.</param>
public sealed record Usual(double AttemptsAMinute, double? Asr, double? Ner, double? AcdSeconds, int Weeks)
{
    /// <summary>With fewer weeks there is no usual yet.</summary>
    public const int FewestWeeks = 2;

    /// <summary>How far back is still alike; the history has ninety days.</summary>
    public const int MostWeeks = 12;

    /// <param name="hours">The calls of each of the same hours, one a week; hours without any record left out.</param>
    public static Usual? Of(IReadOnlyCollection<Tally> hours)
    {
        if (hours.Count < FewestWeeks)
            return null;
        var all = new Tally();
        foreach (var hour in hours)
            all.AddCounts(hour);
        ImmutableArray<int> attempts = [.. hours.Select(h => h.Attempts).Order()];
        var median = (attempts[attempts.Length / 2] + attempts[(attempts.Length - 1) / 2]) / 2.0;
        var kpis = all.Over(TimeSpan.FromHours(1));
        return new(median / 60, kpis.Asr.Value, kpis.Ner.Value, kpis.Acd.Value, hours.Count);
    }
}
