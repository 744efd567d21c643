using System.Collections.Immutable;
using Akira.Core.Runbooks;

namespace Akira.Core.OnCall;

/// <summary>Who is primary and secondary at a time: by the table, by the rotation under it, and by who covers for whom.</summary>
public static class Roster
{
    public const string Primary = "primary";
    public const string Secondary = "secondary";
    private const string Rotating = "rotation";
    private const string Replaced = "replaced";

    /// <summary>The policy with the roles as they are at this time.</summary>
    public static Policy OnDuty(this Policy policy, DateTimeOffset now, ImmutableArray<Cover> covers) =>
        policy.Platform.Rotation is null && covers.IsEmpty
            ? policy
            : policy with
            {
                Platform = policy.Platform.OnDuty(now, covers),
            };

    public static Platform OnDuty(this Platform platform, DateTimeOffset now, ImmutableArray<Cover> covers)
    {
        if (platform.Rotation is { } rotation)
        {
            var shift = rotation.ShiftAt(now);
            platform = platform.With(shift.Primary, Primary).With(shift.Secondary, Secondary);
        }
        // Who was asked last covers.
        if (covers.LastOrDefault(c => c.Role == Primary && c.From <= now && now < c.Until) is { } first)
            platform = platform.Covered(first.Name);
        if (covers.LastOrDefault(c => c.Role == Secondary && c.From <= now && now < c.Until) is { } second)
            platform = platform.Seconded(second.Name);
        return platform;
    }

    /// <summary>
    /// Who is primary and secondary, from the shift that holds now: one for each time in which nothing changes. Empty
    /// names: nobody.
    /// </summary>
    public static IEnumerable<Shift> Shifts(
        this Platform platform,
        ImmutableArray<Cover> covers,
        DateTimeOffset now,
        TimeSpan ahead
    )
    {
        // Without a rotation nothing begins; the year does, so that who asks again is told the same.
        var begin =
            platform.Rotation?.ShiftAt(now).From
            ?? new DateTimeOffset(now.UtcDateTime.Year, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var changes = new SortedSet<DateTimeOffset> { begin, now + ahead };
        for (var at = now; platform.Rotation is { } rotation && at < now + ahead; changes.Add(at))
            at = rotation.ShiftAt(at).Until;
        changes.UnionWith(
            covers.SelectMany(c => new[] { c.From, c.Until }).Where(at => at > begin && at < now + ahead)
        );
        Shift? last = null;
        foreach (var (from, until) in changes.Zip(changes.Skip(1)))
        {
            var then = platform.OnDuty(from, covers);
            var next = new Shift(from, until, NameOf(then, Primary), NameOf(then, Secondary));
            if (last is not null && (last.Primary, last.Secondary) == (next.Primary, next.Secondary))
                last = last with { Until = until };
            else
            {
                if (last is not null && last.Until > now)
                    yield return last;
                last = next;
            }
        }
        if (last is not null)
            yield return last;
    }

    private static string NameOf(Platform platform, string role) =>
        platform.Named(role) is [var person, ..] ? person.Name : "";

    /// <summary>The one who is covered for is the next to be asked.</summary>
    private static Platform Covered(this Platform platform, string name)
    {
        var covered = platform.OnCall.FirstOrDefault(p => p.Has(Primary));
        if (platform.Person(name) is not { } cover || covered is null || cover == covered)
            return platform;
        var wasSecondary = cover.Has(Secondary);
        platform = platform.With(name, Primary);
        return wasSecondary ? platform.With(covered.Name, Secondary) : platform;
    }

    /// <summary>Who is primary meanwhile is not secondary too.</summary>
    private static Platform Seconded(this Platform platform, string name) =>
        platform.Person(name) is { } cover && !cover.Has(Primary) ? platform.With(name, Secondary) : platform;

    /// <summary>One has the duty, and nobody else; whatever else people are, such as the lead, they stay.</summary>
    private static Platform With(this Platform platform, string name, string duty) =>
        platform with
        {
            OnCall =
            [
                .. platform.OnCall.Select(p =>
                    Is(p, name) ? p with { Role = string.Join(", ", [duty, .. Besides(p)]) }
                    : p.Has(duty)
                        ? p with
                        {
                            Role = Besides(p) is [_, ..] roles ? string.Join(", ", roles) : platform.OffDuty(),
                        }
                    : p
                ),
            ],
        };

    /// <summary>The roles that no shift gives.</summary>
    private static ImmutableArray<string> Besides(Person person) =>
        [
            .. person.Roles.Where(r =>
                !new[] { Primary, Secondary, Rotating, Replaced }.Contains(r, StringComparer.OrdinalIgnoreCase)
            ),
        ];

    private static string OffDuty(this Platform platform) => platform.Rotation is null ? Replaced : Rotating;

    private static bool Is(Person person, string name) => person.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
