using System.Collections.Immutable;
using Akira.Core.Incidents;

namespace Akira.Responder.Incidents;

/// <summary>What a line of chat came to.</summary>
/// <param name="Incident">The number of the incident it was about; null when it was about none.</param>
/// <param name="Reply">For the one who asked.</param>
/// <param name="Entries">What was recorded.</param>
/// <param name="Refusal">Why nothing was; null when it was accepted.</param>
public sealed record Answer(int? Incident, string Reply, ImmutableArray<LogEntry> Entries, Refusal? Refusal)
{
    internal static Answer Told(int? incident, string reply) => new(incident, reply, [], null);

    internal static Answer Refused(int? incident, Refusal refusal) => new(incident, refusal.Sentence, [], refusal);
}
