using Akira.Core.Incidents;
using Akira.Core.Silences;
using Akira.Responder.Deploys;

namespace Akira.Responder.Log;

/// <summary>That a follower has done its work up to a position: recorded together with that work, or not at all.</summary>
public readonly record struct Reached(string Follower, long Position);

/// <summary>What one round of decisions leaves, recorded in one transaction.</summary>
/// <param name="Entries">In order. The seq of each says which version of its incident was expected: the one before.</param>
/// <param name="Changed">Each incident that the entries belong to, as it is after them.</param>
/// <param name="Cursors">Followers that have done their work up to a position.</param>
public sealed record Batch(
    IReadOnlyList<LogEntry> Entries,
    IReadOnlyCollection<Incident> Changed,
    IReadOnlyDictionary<string, long> Cursors,
    IReadOnlyList<Deploy> Deploys,
    IReadOnlyList<LoggedSilence> Silences
)
{
    public bool IsEmpty => Entries.Count == 0 && Cursors.Count == 0 && Deploys.Count == 0 && Silences.Count == 0;
}

public abstract record AppendOutcome
{
    private AppendOutcome() { }

    public sealed record Recorded : AppendOutcome;

    /// <summary>The log already has the entry at this place: somebody else wrote. Nothing of the batch was recorded.</summary>
    public sealed record Conflict(int Incident, int Seq) : AppendOutcome;
}
