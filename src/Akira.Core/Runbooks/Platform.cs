using System.Collections.Immutable;
using System.Globalization;
using Akira.Core.OnCall;
using Akira.Core.Silences;

namespace Akira.Core.Runbooks;

/// <summary>What is watched, and who answers: <c>runbooks/platform.md</c>.</summary>
/// <param name="Rotation">Null: the table's own roles hold all the time.</param>
public sealed record Platform(
    ImmutableArray<PlatformHost> Hosts,
    ImmutableArray<PlatformService> Services,
    ImmutableArray<Person> OnCall,
    Rotation? Rotation = null
)
{
    /// <summary>Silences that come again and again.</summary>
    public ImmutableArray<MaintenanceWindow> Windows { get; init; } = [];

    public static Platform Empty { get; } = new([], [], []);

    public PlatformHost? Host(string name) =>
        Hosts.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public PlatformService? Service(string name)
    {
        foreach (var service in Services) // asked for each label of each alert
            if (service.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return service;
        return null;
    }

    /// <summary>The services a service needs, those that they need among them; it is not in the list itself.</summary>
    public IReadOnlyList<PlatformService> DependenciesOf(string service)
    {
        var found = new List<PlatformService>();
        var pending = new Queue<string>([service]);
        while (pending.TryDequeue(out var name))
            foreach (var dependency in Service(name)?.DependsOn ?? [])
                if (
                    Service(dependency) is { } next
                    && !found.Contains(next)
                    && !next.Name.Equals(service, StringComparison.OrdinalIgnoreCase)
                )
                {
                    found.Add(next);
                    pending.Enqueue(next.Name);
                }
        return found;
    }

    public bool IsInACircle(string service) =>
        (Service(service)?.DependsOn ?? [])
            .Concat(DependenciesOf(service).SelectMany(s => s.DependsOn))
            .Contains(service, StringComparer.OrdinalIgnoreCase);

    /// <summary>The people behind a name in the runbook: a person's own, or a role (<c>primary</c>, <c>secondary</c>).</summary>
    public ImmutableArray<Person> Named(string nameOrRole) =>
        [.. OnCall.Where(p => p.Name.Equals(nameOrRole, StringComparison.OrdinalIgnoreCase) || p.Has(nameOrRole))];

    public Person? Person(string name) =>
        OnCall.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}

/// <param name="Address">A name or an address, with a port where it is not 22: <c>10.0.0.1</c>, <c>10.0.0.1:2222</c>.</param>
/// <param name="Jump">The host of the platform through which this one is reached; null: directly.</param>
public sealed record PlatformHost(string Name, string Address, string User, string Role, string? Jump = null);

/// <param name="DependsOn">Names of services.</param>
/// <param name="Probe">A URL whose scheme chooses the probe; null: not probed.</param>
public sealed record PlatformService(
    string Name,
    string Subsystem,
    string? Host,
    string? Unit,
    ImmutableArray<string> DependsOn,
    string? Probe
);

/// <param name="Telegram">Numeric id or @name; empty when none.</param>
/// <param name="Role"><c>primary</c>, <c>secondary</c>, or any other word; several with a comma: <c>primary, lead</c>.</param>
public sealed record Person(string Name, string Telegram, string Email, string Role)
{
    public IEnumerable<string> Roles =>
        Role.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public bool Has(string role) => Roles.Contains(role, StringComparer.OrdinalIgnoreCase);

    /// <summary>What Telegram never gives to anybody else; null: the table has none.</summary>
    public long? TelegramId =>
        long.TryParse(Telegram, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null;
}
