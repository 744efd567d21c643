namespace Akira.Core.Voice;

/// <summary>The figures of one scope over one window. Formulas and edge cases: <c>docs/voice-kpis.md</c>.</summary>
public sealed record Kpis
{
    public required double WindowMinutes { get; init; }

    /// <summary>Calls asked for (platform, customer, prefix) or egress legs tried (trunk).</summary>
    public required int Attempts { get; init; }

    /// <summary>Attempts that reached a trunk.</summary>
    public required int Seizures { get; init; }

    public required int Answered { get; init; }

    /// <summary>Answer-seizure ratio: answered / seizures. ITU-T E.425, E.411.</summary>
    public required Measure Asr { get; init; }

    /// <summary>Network effectiveness ratio: delivered / seizures, without early abandonment. ITU-T E.425.</summary>
    public required Measure Ner { get; init; }

    /// <summary>Session establishment effectiveness ratio. RFC 6076 section 4.7.</summary>
    public required Measure Seer { get; init; }

    /// <summary>Session establishment ratio. RFC 6076 section 4.6.</summary>
    public required Measure Ser { get; init; }

    /// <summary>Ineffective session attempts. RFC 6076 section 4.8.</summary>
    public required Measure Isa { get; init; }

    /// <summary>Share of seizures that ended at a number that does not exist.</summary>
    public required Measure Unallocated { get; init; }

    /// <summary>Post-dial delay, seconds.</summary>
    public required Measure PddP50 { get; init; }
    public required Measure PddP95 { get; init; }

    /// <summary>Average call duration, seconds, of the calls that ended in the window.</summary>
    public required Measure Acd { get; init; }

    /// <summary>A figure by the name conditions know it by; null when it is none of these.</summary>
    public Measure? Named(string sample) =>
        sample switch
        {
            "asr" => Asr,
            "ner" => Ner,
            "seer" => Seer,
            "ser" => Ser,
            "isa" => Isa,
            "unallocated" => Unallocated,
            "pdd.p50" => PddP50,
            "pdd.p95" => PddP95,
            "acd" => Acd,
            _ => null,
        };
}
