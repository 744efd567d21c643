namespace Akira.Core.Voice;

/// <summary>Tallies of equal stretches of time, the oldest overwritten by the newest.</summary>
internal sealed class TallyRing(TimeSpan step, int length)
{
    private readonly (long Number, Tally? Tally)[] _cells = new (long, Tally?)[length];

    /// <summary>The cell of a moment; null when it has been overwritten already.</summary>
    public Tally? At(DateTimeOffset at)
    {
        var number = at.UtcTicks / step.Ticks;
        ref var cell = ref _cells[(int)(number % length)];
        if (cell.Tally is null || cell.Number < number)
            cell = (number, new());
        return cell.Number == number ? cell.Tally : null;
    }

    /// <summary>All cells from <paramref name="start"/> on; one that began before it is left out.</summary>
    public Tally Since(DateTimeOffset start)
    {
        var sum = new Tally();
        foreach (var (number, tally) in _cells)
            if (tally is not null && number * step.Ticks >= start.UtcTicks)
                sum.Add(tally);
        return sum;
    }
}
