using Akira.Core.Voice;
using Akira.Voice.Management;

namespace Akira.Voice.Frontend.Overview;

/// <summary>Some minutes taken together: a point of a chart, or the figure in large beside it.</summary>
/// <param name="At">When it began.</param>
/// <param name="Attempts">A minute.</param>
/// <param name="Asr">Exact.</param>
/// <param name="Ner">The minutes' own, weighted by their seizures.</param>
/// <param name="PddP95">Of the worst of the minutes, seconds: quantiles cannot be added up.</param>
/// <param name="Acd">Mean of the minutes' own, seconds.</param>
public sealed record TrafficStep(
    DateTimeOffset At,
    double Attempts,
    int Seizures,
    int Answered,
    double? Asr,
    double? Ner,
    double? PddP95,
    double? Acd
)
{
    /// <param name="minutes">How many go into one step; the last step may have fewer.</param>
    public static IReadOnlyList<TrafficStep> Of(IEnumerable<TrafficMinute> all, int minutes) =>
        [.. all.Chunk(minutes).Select(Together)];

    public static TrafficStep Together(IReadOnlyList<TrafficMinute> minutes)
    {
        var seizures = minutes.Sum(m => m.Seizures);
        var answered = minutes.Sum(m => m.Answered);
        var judged = minutes.Where(m => m.Ner is not null && m.Seizures > 0).ToList();
        return new(
            minutes[0].At,
            minutes.Average(m => m.Attempts),
            seizures,
            answered,
            seizures > 0 ? (double)answered / seizures : null,
            judged.Count > 0 ? judged.Sum(m => m.Ner!.Value * m.Seizures) / judged.Sum(m => m.Seizures) : null,
            minutes.Max(m => m.PddP95),
            minutes.Average(m => m.Acd)
        );
    }

    /// <summary>Whether its ASR is below the threshold by more than chance can explain.</summary>
    public bool IsSurelyBelow(double threshold) =>
        Measure.Ratio(Answered, Seizures) is { IsSufficient: true, Upper: { } upper } && upper < threshold;
}
