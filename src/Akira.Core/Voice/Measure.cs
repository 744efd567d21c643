using System.Text.Json.Serialization;

namespace Akira.Core.Voice;

/// <summary>A figure computed from calls, with how far it can be trusted.</summary>
/// <param name="Value">A ratio from 0 to 1, or seconds; null when there was nothing to compute it from.</param>
/// <param name="N">How many calls it rests on.</param>
/// <param name="Lower">One-sided 99 % bound: the true value is below this once in a hundred.</param>
/// <param name="Upper">The same, above.</param>
/// <param name="AtLeast">The true value may be larger: the calls that would show it were given up before they rang.</param>
public readonly record struct Measure(
    [property: JsonIgnore] double? Value,
    int N,
    double? Lower,
    double? Upper,
    bool AtLeast = false
)
{
    /// <summary>Fewer calls than this are no ground for a judgement.</summary>
    public const int MinimumSample = 100;

    /// <summary>The standard normal's 99 % quantile.</summary>
    private const double Z = 2.3263478740408408;

    [JsonIgnore]
    public bool IsSufficient => N >= MinimumSample && Value is not null;

    /// <summary>The value where it may be judged by; what is published.</summary>
    [JsonPropertyName("value")]
    public double? Judged => IsSufficient ? Value : null;

    public string? Note => IsSufficient ? null : "insufficient data";

    public static Measure Ratio(int hits, int n)
    {
        if (n == 0)
            return default;
        var share = (double)hits / n;
        var (lower, upper) = Wilson(share, n);
        return new(share, n, lower, upper);
    }

    /// <summary>
    /// The Wilson score bounds of a share seen in <paramref name="n"/> trials, each one-sided at 99 %.
    /// Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927), 209.
    /// </summary>
    public static (double Lower, double Upper) Wilson(double share, int n)
    {
        var z2 = Z * Z;
        var centre = share + z2 / (2 * n);
        var spread = Z * Math.Sqrt((share * (1 - share) + z2 / (4 * n)) / n);
        var scale = 1 + z2 / n;
        return (Math.Max(0, (centre - spread) / scale), Math.Min(1, (centre + spread) / scale));
    }
}
