using Akira.Core.Incidents;
using Akira.Core.Runbooks;

namespace Akira.Responder.Console.Room;

/// <summary>What a deadline asks for, in the runbook's words where it has any.</summary>
public static class DeadlineText
{
    public static string Of(Deadline deadline, Incident incident, Policy policy) =>
        deadline.Kind switch
        {
            DeadlineKind.Ack => "Acknowledge",
            DeadlineKind.Update => "Post an update",
            DeadlineKind.Stable => "Stable for long enough",
            DeadlineKind.Escalation => policy
                .Escalation.FirstOrDefault(row => row.Elapsed == deadline.Row)
                ?.Actions.GetValueOrDefault(incident.Severity)
                ?.Text
                ?? $"Tell {deadline.Who}",
            _ => deadline.Kind,
        };
}
