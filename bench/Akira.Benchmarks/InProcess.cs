using System.Diagnostics;
using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Responder.Deadlines;

namespace Akira.Benchmarks;

/// <summary>What the responder does in memory: folding a log, and finding the next deadline.</summary>
internal static class InProcess
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(56);

    /// <summary>Milliseconds to fold a log of 10,000 entries of the kinds that a long incident has.</summary>
    public static double Fold()
    {
        const int entries = 10_000;
        var anna = new Actor("anna", "token:anna", "http");
        var log = new LogEntry[entries];
        log[0] = new LogEntry(
            1,
            1,
            1,
            Start,
            Actor.Akira,
            new Entry.Opened(new Severity(1), "t", "signaling", "r", "p")
        );
        for (var i = 1; i < entries; i++)
            log[i] = new LogEntry(i + 1, 1, i + 1, Start.AddSeconds(i), i % 3 == 0 ? anna : Actor.Akira, Kind(i));
        var clock = Stopwatch.StartNew();
        var incident = Incident.Fold(log)!;
        var took = clock.Elapsed.TotalMilliseconds;
        return incident.Version == entries ? took : throw new InvalidOperationException("the fold lost entries");
    }

    /// <summary>Microseconds to take the next due incident among 100,000 and to put its next deadline back.</summary>
    public static double NextDeadline()
    {
        const int incidents = 100_000;
        const int taken = 10_000;
        var agenda = new Agenda();
        for (var n = 1; n <= incidents; n++)
            agenda.Set(n, Start.AddSeconds(n * 7919 % incidents));
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < taken; i++)
        {
            if (!agenda.TryTake(Start.AddSeconds(incidents), out var incident, out var due))
                throw new InvalidOperationException("the agenda ran out");
            agenda.Set(incident, due.AddSeconds(2 * incidents));
        }
        return clock.Elapsed.TotalMicroseconds / taken;
    }

    private static Entry Kind(int i) =>
        (i % 10) switch
        {
            0 => new Entry.AlertsFired([AlertOf(i)]),
            1 => new Entry.AlertsEnded([$"{i - 1:x16}"], "ended"),
            2 => new Entry.Updated("still looking at it", []),
            3 => new Entry.Noted("about to look at sip-01", ["akira-sip-01-staging"]),
            4 => new Entry.Paged(["anna"], "ack-missed", "text"),
            5 => new Entry.PageDelivered(i - 1, "webhook"),
            6 => new Entry.DeadlineMissed(DeadlineKind.Update, Start),
            7 => new Entry.StepRequested(i, "s", "read", "true", [], TimeSpan.FromSeconds(30), StepReason.Asked),
            8 => new Entry.StepFinished(i - 1, "s", Verdict.Pass, []),
            _ => new Entry.Reminded("update-missed", "text"),
        };

    private static TriagedAlert AlertOf(int i)
    {
        return new TriagedAlert(
            new Alert($"{i:x16}", LabelSet.Empty, LabelSet.Empty, Start, null, null),
            new Severity(1),
            "signaling",
            "kamailio",
            ""
        );
    }
}
