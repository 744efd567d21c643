using System.Collections.Immutable;
using Akira.Core.Incidents;
using Akira.Core.Voice;
using Akira.Responder.Incidents;
using Akira.Responder.Voice;

namespace Akira.Responder.Postmortems;

/// <param name="Version">0: the one made from the log.</param>
internal sealed record PaperVersion(int Version, DateTimeOffset At, string By, int Characters);

/// <summary>A post-mortem as it is read.</summary>
/// <param name="Version">Which one it is; 0: made from the log.</param>
/// <param name="Versions">Those that people wrote, in order.</param>
/// <param name="HasPlots">Whether figures of calls were measured meanwhile.</param>
public sealed record Paper(
    Incident Incident,
    int Version,
    string Markdown,
    ImmutableArray<LogEntry> Versions,
    bool HasPlots
);

/// <summary>Post-mortems: the incident's log, and the figures of calls in its time.</summary>
public sealed class Papers(Desk desk, KpiHistory history)
{
    /// <summary>What led to it and what came after belong to the picture.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromMinutes(15);

    /// <param name="version">Null: the newest.</param>
    /// <returns>Null when there is no such incident, or no such version of its post-mortem.</returns>
    public Paper? Of(int number, int? version = null)
    {
        if (desk.Log.Of(number) is not [_, ..] log)
            return null;
        var incident = Incident.Fold(log)!;
        var now = desk.Clock.GetUtcNow();
        var (from, to) = Span(incident, now);
        var hasPlots = history.Read(Scope.Platform, from, to).Count > 0;
        return Postmortem.Read(log, desk.PolicyOf(incident.PolicyHash), now, version, hasPlots) is not { } text
            ? null
            : new(
                incident,
                version ?? incident.PostmortemVersion,
                text,
                [.. log.Where(e => e.Entry is Entry.PostmortemEdited)],
                hasPlots
            );
    }

    /// <param name="figure">One of <see cref="CallPlot.Figures"/>.</param>
    /// <returns>SVG.</returns>
    public string Plot(Paper paper, string figure)
    {
        var incident = paper.Incident;
        var (from, to) = Span(incident, desk.Clock.GetUtcNow());
        (DateTimeOffset? At, string Label)[] marks =
        [
            (incident.LastDeploy?.DeployedAt, "deploy"),
            (incident.DetectedAt, "detected"),
            (incident.AcknowledgedAt, "acknowledged"),
            (incident.MitigatedAt, "mitigated"),
            (incident.ResolvedAt, "resolved"),
        ];
        return CallPlot.Svg(
            figure,
            history.Read(Scope.Platform, from, to),
            from,
            to,
            [.. marks.Where(m => m.At is not null).Select(m => new PlotMarker(m.At!.Value, m.Label)).OrderBy(m => m.At)]
        );
    }

    private static (DateTimeOffset From, DateTimeOffset To) Span(Incident incident, DateTimeOffset now)
    {
        var end = incident.ResolvedAt is { } resolved && resolved + Around < now ? resolved + Around : now;
        return (incident.DetectedAt - Around, end > incident.DetectedAt ? end : incident.DetectedAt.AddMinutes(1));
    }
}
