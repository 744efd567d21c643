using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Core.Runbooks.Conditions;
using Akira.Core.Voice;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Voice;

/// <summary>The records whose event lies in a stretch of time, each once, in any order.</summary>
public delegate IEnumerable<CallRecord> CallArchive(DateTimeOffset from, DateTimeOffset to);

/// <summary>
/// When an alert about calls fires, looks into the records of the hour for what changed, and puts it into the incident's
/// log. It only reads.
/// </summary>
public sealed class CallEvidence(Desk desk, CallArchive archive, CallIntake intake, ILogger<CallEvidence> logger)
    : Follower("call-evidence", desk, logger)
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(5);

    /// <summary>Where five minutes have fewer calls than these, a quarter of an hour is looked at.</summary>
    private const int Enough = 100;

    protected override bool Wants(Entry entry) => entry is Entry.AlertsFired fired && FigureOf(fired) is not null;

    protected override async Task Act(LogEntry entry, CancellationToken cancel)
    {
        var records = archive(entry.At - CallWindows.Longest, entry.At).ToList();
        var now =
            records.Count(r => r.Type == CallRecordType.Setup && r.At >= entry.At - Now) >= Enough ? Now : 3 * Now;
        var comparison = CallComparing.Of(
            records,
            FigureOf((Entry.AlertsFired)entry.Entry)!,
            entry.At,
            now,
            intake.Kpis(entry.At, "none").LagSeconds
        );
        await Record(entry, new Command.RecordComparison(comparison), cancel);
    }

    /// <summary>The sample of the first condition over calls; null when no alert is about calls.</summary>
    private static string? FigureOf(Entry.AlertsFired fired) =>
        fired
            .Alerts.Where(a => a.Alert.Labels.GetValueOrDefault("source") == Rules.Source)
            .Select(a => ConditionParser.Read(a.Alert.Name, []).Condition?.Comparisons.First().Sample)
            .FirstOrDefault(s => s is not null && KpiSamples.IsKpi(s));
}
