using Akira.Core.Incidents;
using Akira.Core.Runbooks;

namespace Akira.Responder.Console.Room;

/// <summary>What the log knows of a step's last run.</summary>
/// <param name="Finished">Null while it runs.</param>
public sealed record StepTrace(LogEntry Requested, LogEntry? Finished)
{
    /// <summary>Null when this incident has not run it, or only as it stood before the runbook was edited.</summary>
    public static StepTrace? Of(Step step, IReadOnlyList<LogEntry> log)
    {
        for (var i = log.Count - 1; i >= 0; i--)
            if (log[i].Entry is Entry.StepRequested asked && asked.Step == step.Name)
                return asked.Script == step.Script
                    ? new(
                        log[i],
                        log.Skip(i).FirstOrDefault(e => e.Entry is Entry.StepFinished f && f.Run == asked.Run)
                    )
                    : null;
        return null;
    }
}
