using Akira.Voice.Management;

namespace Akira.Voice.Backend.Registers;

/// <summary>A route overflows to another, and that one on: a way that comes back to itself never ends.</summary>
internal static class RouteLoop
{
    /// <param name="changed">As it would become.</param>
    /// <param name="routes">As they are.</param>
    /// <returns>The ids along the way round, the first also at the end; empty: there is none.</returns>
    public static IReadOnlyList<string> Through(Route changed, IEnumerable<Route> routes)
    {
        var overflow = routes.ToDictionary(r => r.Id, r => r.Overflow);
        overflow[changed.Id] = changed.Overflow;
        var way = new List<string> { changed.Id };
        for (var at = changed.Overflow; at is not null; at = overflow.GetValueOrDefault(at))
        {
            way.Add(at);
            if (at == changed.Id)
                return way;
            if (way.Count > overflow.Count + 1)
                return way; // a loop that was there before: it is not better with one more on it
        }
        return [];
    }
}
