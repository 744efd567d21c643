using System.Collections.Immutable;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;

namespace Akira.Responder.Console.Room;

/// <summary>What the log knows of a step's last run.</summary>
/// <param name="Finished">Null while it runs.</param>
/// <param name="Printed">What each host printed so far, while it runs: the last lines of it.</param>
public sealed record StepTrace(
    LogEntry Requested,
    LogEntry? Finished,
    ImmutableArray<(string Host, string Text)> Printed
)
{
    private const int MostCharacters = 4_000;

    /// <summary>Null when this incident has not run it, or only as it stood before the runbook was edited.</summary>
    public static StepTrace? Of(Step step, IReadOnlyList<LogEntry> log)
    {
        for (var i = log.Count - 1; i >= 0; i--)
            if (log[i].Entry is Entry.StepRequested asked && asked.Step == step.Name)
                return asked.Script == step.Script ? Of(log[i], asked.Run, [.. log.Skip(i)]) : null;
        return null;
    }

    private static StepTrace Of(LogEntry requested, int run, IReadOnlyList<LogEntry> since)
    {
        var finished = since.FirstOrDefault(e => e.Entry is Entry.StepFinished f && f.Run == run);
        var printed = finished is not null
            ? []
            : since.Select(e => e.Entry).OfType<Entry.StepOutput>().Where(o => o.Run == run).GroupBy(o => o.Host);
        return new(requested, finished, [.. printed.Select(h => (h.Key, Last(string.Concat(h.Select(o => o.Text)))))]);
    }

    private static string Last(string text)
    {
        if (text.Length <= MostCharacters)
            return text;
        var line = text.IndexOf('\n', text.Length - MostCharacters);
        return "[…]\n" + (line < 0 ? text[^MostCharacters..] : text[(line + 1)..]);
    }
}
