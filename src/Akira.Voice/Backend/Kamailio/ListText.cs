using System.Globalization;
using System.Text;
using Akira.Voice.Management;

namespace Akira.Voice.Backend.Kamailio;

/// <summary>
/// Trunks and routes in Kamailio's own formats. Every value was checked when it came in, so none can break a line.
/// </summary>
internal static class ListText
{
    /// <param name="trunks">Archived and disabled ones are left out.</param>
    /// <param name="routes">The same.</param>
    public static KamailioLists Of(IEnumerable<Trunk> trunks, IReadOnlyCollection<Route> routes)
    {
        var usable = trunks.Where(t => t is { Archived: false, Enabled: true }).ToDictionary(t => t.Id);
        var live = routes.Where(r => !r.Archived).OrderBy(r => Number(r.Id)).ToList();
        return new(Dispatcher(usable, live), Prefixes(live));
    }

    private static string Dispatcher(Dictionary<string, Trunk> trunks, List<Route> routes)
    {
        var text = new StringBuilder();
        text.Append("# Written by akira backend: change trunks and routes there.\n");
        text.Append("# set, destination, flags, priority, attributes\n");
        foreach (var route in routes)
        foreach (var trunk in route.Trunks.Where(trunks.ContainsKey).Select(id => trunks[id]))
            text.Append(CultureInfo.InvariantCulture, $"{route.Id} {Address(trunk)} 0 0 duid={trunk.Id}\n");
        return text.ToString();
    }

    private static string Address(Trunk trunk)
    {
        var host = trunk.Host.Contains(':', StringComparison.Ordinal) ? $"[{trunk.Host}]" : trunk.Host;
        var transport = trunk.Transport == "udp" ? "" : $";transport={trunk.Transport}";
        return string.Create(CultureInfo.InvariantCulture, $"sip:{host}:{trunk.Port}{transport}");
    }

    /// <summary>
    /// The tree takes no empty prefix: a route for every number stands under each first digit that has no route of its own.
    /// </summary>
    private static string Prefixes(List<Route> routes)
    {
        var sets = routes.ToDictionary(r => r.Prefix, r => string.Join(',', Way(r, routes)));
        if (sets.Remove("", out var rest))
            foreach (var digit in "0123456789")
                sets.TryAdd(digit.ToString(), rest);
        var text = new StringBuilder("tprefix(string) tvalue(string)\n");
        foreach (var (prefix, value) in sets.OrderBy(s => s.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{prefix}:{value}\n");
        return text.ToString();
    }

    /// <summary>The route, then what it overflows to, and on. Loops were refused.</summary>
    private static List<string> Way(Route route, List<Route> routes)
    {
        var way = new List<string>();
        for (var at = route; at is not null && !way.Contains(at.Id); at = routes.Find(r => r.Id == at.Overflow))
            way.Add(at.Id);
        return way;
    }

    private static int Number(string id) => int.Parse(id, CultureInfo.InvariantCulture);
}
