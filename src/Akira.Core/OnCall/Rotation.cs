using System.Collections.Immutable;

namespace Akira.Core.OnCall;

/// <summary>People who are primary in turn; the next other one is secondary. Read from the on-call part of <c>platform.md</c>.</summary>
/// <param name="People">At least two, in the order of their turns.</param>
/// <param name="Every">Days from one handover to the next: 1, 7, 14, …</param>
/// <param name="At">Local time of the handover.</param>
/// <param name="First">The day on which the first of <paramref name="People"/> takes over.</param>
public sealed record Rotation(ImmutableArray<string> People, int Every, TimeOnly At, TimeZoneInfo Zone, DateOnly First)
{
    private Recurrence Handovers => new(Every, At, Zone, First);

    /// <summary>Whose turn it is. Shifts leave no gap and do not overlap: each ends when the next one begins.</summary>
    public Shift ShiftAt(DateTimeOffset now)
    {
        var handovers = Handovers;
        var turn = handovers.TurnAt(now);
        return new Shift(handovers.Begin(turn), handovers.Begin(turn + 1), Of(turn), AfterThat(turn));
    }

    /// <summary>The next other one: who has two turns in a row stands in for nobody, least of all for themselves.</summary>
    private string AfterThat(int turn) =>
        Enumerable
            .Range(turn + 1, People.Length)
            .Select(Of)
            .FirstOrDefault(n => !n.Equals(Of(turn), StringComparison.OrdinalIgnoreCase), Of(turn));

    private string Of(int turn) => People[(turn % People.Length + People.Length) % People.Length];
}

/// <param name="Until">When the next one begins.</param>
public sealed record Shift(DateTimeOffset From, DateTimeOffset Until, string Primary, string Secondary);

/// <summary>Somebody is primary, or secondary, in another's place for a while.</summary>
/// <param name="By">Who said so.</param>
/// <param name="Id">By which it can be ended; 0: it is not on record yet.</param>
/// <param name="Event">The UID of the calendar's event that it comes from; null: it was said.</param>
/// <param name="Role"><c>primary</c> or <c>secondary</c>.</param>
public sealed record Cover(
    string Name,
    DateTimeOffset From,
    DateTimeOffset Until,
    string By,
    long Id = 0,
    string? Event = null,
    string Role = Roster.Primary
);
