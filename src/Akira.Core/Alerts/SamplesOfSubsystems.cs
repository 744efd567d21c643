using System.Collections.Immutable;
using Akira.Core.Runbooks;

namespace Akira.Core.Alerts;

/// <summary>
/// <c>signaling.up</c>, <c>cdr-pipeline.up</c>: a subsystem is up while one of its services is, and down when all that
/// can be told are down. A total outage is thus told from a partial one.
/// </summary>
public static class SamplesOfSubsystems
{
    /// <remarks>
    /// Dated as the newest of what it is made of: a second that passed between the look and us is a second of the outage, and
    /// what nobody looks at any more grows old.
    /// </remarks>
    public static ImmutableArray<Sample> Of(Platform platform, IReadOnlyCollection<Sample> samples)
    {
        var up = samples
            .Where(s => s.Name.EndsWith(".up", StringComparison.Ordinal) && s.Value is not null)
            .ToLookup(s => s.Name[..^3], StringComparer.OrdinalIgnoreCase);
        return
        [
            .. from service in platform.Services
            group up[service.Name] by Name(service.Subsystem) into services
            let known = services.SelectMany(s => s).ToList()
            where known.Count > 0 && !up.Contains(services.Key)
            select Sample.Of(services.Key + ".up", known.Max(s => s.Value), known.Max(s => s.At)),
        ];
    }

    /// <summary><c>CDR pipeline</c> is <c>cdr-pipeline</c>.</summary>
    public static string Name(string subsystem) =>
        string.Join('-', subsystem.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
}
