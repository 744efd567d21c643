using System.Collections.Immutable;
using Akira.Core.Runbooks;

namespace Akira.Core.Incidents;

/// <summary>In what order the parts of a step run.</summary>
public static class Waves
{
    private const int Widest = 4;

    /// <summary>
    /// Parts, by index, that may run at once, wave after wave. All at once when the step only reads. Anything else one
    /// after another as it is written; where the same commands go to many hosts, to one, then two, then four at a time.
    /// </summary>
    public static ImmutableArray<ImmutableArray<int>> Of(Step step)
    {
        if (step.Effect == Effect.Read)
            return
            [
                [.. Enumerable.Range(0, step.Parts.Length)],
            ];
        var waves = ImmutableArray.CreateBuilder<ImmutableArray<int>>();
        var width = 1;
        for (var next = 0; next < step.Parts.Length; )
        {
            if (next > 0)
                width = IsRepeated(step, next) ? Math.Min(width * 2, Widest) : 1;
            var wave = ImmutableArray.CreateBuilder<int>();
            do wave.Add(next++);
            while (wave.Count < width && next < step.Parts.Length && IsRepeated(step, next));
            waves.Add(wave.DrainToImmutable());
        }
        return waves.DrainToImmutable();
    }

    /// <summary>Whether a part says what the one before it says, to a host that did not hear it yet.</summary>
    private static bool IsRepeated(Step step, int part)
    {
        var (host, script) = (step.Parts[part].Host, step.Parts[part].Script);
        return step.Parts[part - 1].Script == script
            && !step.Parts.Take(part).Any(p => p.Script == script && SameHost(p.Host, host));
    }

    private static bool SameHost(string? one, string? other) =>
        string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
