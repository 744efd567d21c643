using System.Collections.Immutable;
using Akira.Core.Runbooks;

namespace Akira.Core.Alerts;

/// <summary>
/// <c>signaling.up</c>, <c>cdr-pipeline.up</c>: a subsystem is up while one of its services is, and down when all that
/// can be told are down. A total outage is thus told from a partial one.
/// </summary>
public static class SamplesOfSubsystems
{
    public static ImmutableArray<Sample> Of(Platform platform, IReadOnlyCollection<Sample> samples, DateTimeOffset now)
    {
        var up = samples
            .Where(s => s.Name.EndsWith(".up", StringComparison.Ordinal) && s.Value is not null)
            .ToLookup(s => s.Name[..^3], s => s.Value, StringComparer.OrdinalIgnoreCase);
        return
        [
            .. from service in platform.Services
            group up[service.Name] by Name(service.Subsystem) into values
            let known = values.SelectMany(v => v).ToList()
            where known.Count > 0 && !up.Contains(values.Key)
            select Sample.Of(values.Key + ".up", known.Max(), now),
        ];
    }

    /// <summary><c>CDR pipeline</c> is <c>cdr-pipeline</c>.</summary>
    public static string Name(string subsystem) =>
        string.Join('-', subsystem.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
}
