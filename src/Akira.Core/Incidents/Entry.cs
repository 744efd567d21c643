using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Akira.Core.Alerts;
using Akira.Core.Voice;

namespace Akira.Core.Incidents;

/// <summary>An entry with its place in the log.</summary>
/// <param name="Position">Global, over all incidents, rising; what followers keep as their cursor.</param>
/// <param name="Seq">Within the incident, from 1 without gaps.</param>
public sealed record LogEntry(long Position, int IncidentNumber, int Seq, DateTimeOffset At, Actor By, Entry Entry)
{
    public string IncidentId => Incident.IdOf(IncidentNumber);
}

/// <summary>
/// One fact of the incident log, in the past tense. The hierarchy is closed, and its JSON (<c>kind</c>) is what is on
/// disk: members may be added with a default, never renamed.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Opened), "opened")]
[JsonDerivedType(typeof(AlertsFired), "alerts-fired")]
[JsonDerivedType(typeof(AlertsEnded), "alerts-ended")]
[JsonDerivedType(typeof(Paged), "paged")]
[JsonDerivedType(typeof(PageDelivered), "page-delivered")]
[JsonDerivedType(typeof(PageFailed), "page-failed")]
[JsonDerivedType(typeof(Reminded), "reminded")]
[JsonDerivedType(typeof(DeadlineMissed), "deadline-missed")]
[JsonDerivedType(typeof(AckExpired), "ack-expired")]
[JsonDerivedType(typeof(Escalated), "escalated")]
[JsonDerivedType(typeof(Acknowledged), "acknowledged")]
[JsonDerivedType(typeof(Noted), "noted")]
[JsonDerivedType(typeof(Updated), "updated")]
[JsonDerivedType(typeof(Classified), "classified")]
[JsonDerivedType(typeof(SeverityChanged), "severity-changed")]
[JsonDerivedType(typeof(HandedOver), "handed-over")]
[JsonDerivedType(typeof(StepFrozen), "step-frozen")]
[JsonDerivedType(typeof(StepRequested), "step-requested")]
[JsonDerivedType(typeof(StepStarted), "step-started")]
[JsonDerivedType(typeof(StepOutput), "step-output")]
[JsonDerivedType(typeof(StepFinished), "step-finished")]
[JsonDerivedType(typeof(Mitigated), "mitigated")]
[JsonDerivedType(typeof(MitigationFailed), "mitigation-failed")]
[JsonDerivedType(typeof(StabilityReached), "stability-reached")]
[JsonDerivedType(typeof(GateTicked), "gate-ticked")]
[JsonDerivedType(typeof(GateObserved), "gate-observed")]
[JsonDerivedType(typeof(SmokeMeasured), "smoke-measured")]
[JsonDerivedType(typeof(Resolved), "resolved")]
[JsonDerivedType(typeof(Reopened), "reopened")]
[JsonDerivedType(typeof(PolicyMoved), "policy-moved")]
[JsonDerivedType(typeof(Deployed), "deployed")]
[JsonDerivedType(typeof(CallsCompared), "calls-compared")]
[JsonDerivedType(typeof(ImpactMeasured), "impact-measured")]
[JsonDerivedType(typeof(PostmortemWritten), "postmortem-written")]
[JsonDerivedType(typeof(PostmortemEdited), "postmortem-edited")]
[JsonDerivedType(typeof(ActionAdded), "action-added")]
[JsonDerivedType(typeof(ActionChanged), "action-changed")]
[JsonDerivedType(typeof(CommandRefused), "command-refused")]
[JsonDerivedType(typeof(StartCorrected), "start-corrected")]
[JsonDerivedType(typeof(MarkedAsDrill), "marked-as-drill")]
public abstract record Entry
{
    private Entry() { }

    /// <param name="Reason">Why this severity and this subsystem: the named reason, and the words around it.</param>
    /// <param name="PolicyHash">SHA-256 of the runbooks it began under; the store keeps their text.</param>
    public sealed record Opened(Severity Severity, string Title, string Subsystem, string Reason, string PolicyHash)
        : Entry;

    /// <param name="Effects">Whether they are effects of this incident's subsystem, seen at services that depend on it.</param>
    /// <param name="Silence">The number of the silence under which they fire without a word; null: under none.</param>
    public sealed record AlertsFired(ImmutableArray<TriagedAlert> Alerts, bool Effects = false, int? Silence = null)
        : Entry;

    /// <param name="Reason"><c>ended</c>: the sender said so; <c>expired</c>: nobody re-sent it in time.</param>
    public sealed record AlertsEnded(ImmutableArray<string> Fingerprints, string Reason) : Entry
    {
        public const string Expired = "expired";
    }

    /// <summary>People must be told now. Channels deliver it, each recording <see cref="PageDelivered"/>.</summary>
    /// <param name="To">Names from the on-call table.</param>
    public sealed record Paged(ImmutableArray<string> To, string Reason, string Text) : Entry;

    /// <param name="Page">The page's <see cref="LogEntry.Seq"/>.</param>
    /// <param name="Receipt">What the channel calls the message, where it can be found again: <c>-100123/45</c>.</param>
    /// <param name="InsteadOf">The channel that it took over from.</param>
    public sealed record PageDelivered(int Page, string Channel, string? Receipt = null, string? InsteadOf = null)
        : Entry;

    public sealed record PageFailed(int Page, string Channel, string Error, bool Permanent) : Entry;

    /// <summary>Something is due and nobody is woken for it.</summary>
    public sealed record Reminded(string Reason, string Text) : Entry;

    /// <param name="Deadline"><c>ack</c> or <c>update</c>.</param>
    public sealed record DeadlineMissed(string Deadline, DateTimeOffset DueAt) : Entry;

    /// <summary>Two updates were missed in a row: the acknowledgement no longer counts.</summary>
    public sealed record AckExpired(string AcknowledgedBy) : Entry;

    /// <summary>A row of the escalation matrix came due.</summary>
    /// <param name="Outcome"><c>paged</c>, <c>reminded</c>, or <c>skipped: mitigated</c>, <c>skipped: acknowledged</c>.</param>
    public sealed record Escalated(Severity Severity, TimeSpan Elapsed, string Action, string Outcome) : Entry;

    /// <param name="Name">Who has it now.</param>
    /// <param name="Typed">What was written for a name, where the on-call table has nobody of it.</param>
    public sealed record Acknowledged(string Name, string? Typed = null) : Entry;

    /// <param name="Hosts">Hosts of the platform that the words name, as whole tokens.</param>
    public sealed record Noted(string Text, ImmutableArray<string> Hosts) : Entry;

    public sealed record Updated(string Text, ImmutableArray<string> Hosts) : Entry;

    public sealed record Classified(string Subsystem) : Entry;

    public sealed record SeverityChanged(Severity From, Severity To, string Reason) : Entry;

    public sealed record HandedOver(string To) : Entry;

    /// <summary>A step that changes the platform waits for <c>/confirm</c>.</summary>
    /// <param name="CodeHash">SHA-256 of the one-time code bound to text, hosts and person.</param>
    public sealed record StepFrozen(
        string Step,
        string Effect,
        string Script,
        ImmutableArray<string> Hosts,
        string CodeHash,
        DateTimeOffset ExpiresAt
    ) : Entry;

    /// <param name="Run">Numbers the run within the incident, from 1.</param>
    /// <param name="Reason"><c>diagnostics</c>, <c>asked</c> or <c>confirmed</c>.</param>
    public sealed record StepRequested(
        int Run,
        string Step,
        string Effect,
        string Script,
        ImmutableArray<string> Hosts,
        TimeSpan Timeout,
        string Reason
    ) : Entry;

    public sealed record StepStarted(int Run) : Entry;

    /// <summary>What a step printed while it ran, in pieces; the whole stands in its evidence.</summary>
    public sealed record StepOutput(int Run, string Host, string Text) : Entry;

    /// <param name="Verdict">The worst of its parts.</param>
    /// <param name="Parts">One for each place it ran at, in order.</param>
    public sealed record StepFinished(int Run, string Step, Verdict Verdict, ImmutableArray<Evidence> Parts) : Entry;

    public sealed record Mitigated(string Text, ImmutableArray<string> Hosts) : Entry;

    /// <summary>The symptom came back after mitigation.</summary>
    public sealed record MitigationFailed(string Reason) : Entry;

    /// <summary>The system has been stable for as long as the runbook asks.</summary>
    public sealed record StabilityReached(DateTimeOffset Since) : Entry;

    public sealed record GateTicked(string Gate, string Reason) : Entry;

    /// <summary>Live evidence for a gate changed.</summary>
    public sealed record GateObserved(string Gate, bool Met, string Evidence) : Entry;

    /// <summary>The calls of a smoke test, found in the call records.</summary>
    /// <param name="Calls">Null: no call records reach the responder, so that nothing could be measured.</param>
    /// <param name="PddP95">Seconds; null: nothing rang.</param>
    public sealed record SmokeMeasured(int Run, int? Calls, int Answered, double? PddP95) : Entry
    {
        [JsonIgnore]
        public double? Asr => Calls > 0 ? (double)Answered / Calls : null;
    }

    /// <param name="Override">Why it was resolved although gates were unmet; null when none was.</param>
    public sealed record Resolved(string? Override, ImmutableArray<string> UnmetGates) : Entry;

    public sealed record Reopened(string Reason) : Entry;

    /// <summary>The incident moved to another version of the runbooks.</summary>
    public sealed record PolicyMoved(string PolicyHash) : Entry;

    /// <summary>A deploy happened while the incident was open, or shortly before it.</summary>
    public sealed record Deployed(string Version, string? Service, DateTimeOffset DeployedAt) : Entry;

    /// <summary>An alert about calls fired: what changed, from the records of the hour before it.</summary>
    public sealed record CallsCompared(CallComparison Comparison) : Entry;

    /// <summary>What it cost in calls and money, measured when it was resolved; the last one counts.</summary>
    public sealed record ImpactMeasured(Impact Impact) : Entry;

    public sealed record PostmortemWritten(string Path) : Entry;

    /// <summary>Somebody wrote the post-mortem anew. Every version stays: the newest is the one that is read.</summary>
    /// <param name="Text">All of it, in Markdown.</param>
    public sealed record PostmortemEdited(string Text) : Entry;

    /// <param name="Number">Within the incident, from 1.</param>
    public sealed record ActionAdded(int Number, string Owner, string What, DateOnly? Due) : Entry;

    public sealed record ActionChanged(int Number, DateOnly? Due, bool Done) : Entry;

    /// <summary>It began at another time than its alerts say.</summary>
    public sealed record StartCorrected(DateTimeOffset StartedAt, string Reason) : Entry;

    /// <summary>It was caused on purpose: it counts among the drills.</summary>
    public sealed record MarkedAsDrill(string Reason) : Entry;

    /// <summary>Somebody asked for something that the rules forbid.</summary>
    /// <param name="Text">What was asked, as it was said.</param>
    /// <param name="Code">The refusal's reason.</param>
    public sealed record CommandRefused(string Text, string Code) : Entry;
}

/// <summary>What a step left behind.</summary>
/// <param name="Host">A host of the platform, or <c>responder</c>.</param>
/// <param name="ExitCode">Null when the process did not end by itself; that is never a pass.</param>
/// <param name="Output">Standard output and error without secrets, capped to its head and its tail.</param>
/// <param name="DroppedBytes">How much was cut from the middle.</param>
/// <param name="Sha256">Of the whole output without secrets, before the cut.</param>
public sealed record Evidence(
    string Host,
    Verdict Verdict,
    int? ExitCode,
    string Output,
    long DroppedBytes,
    string Sha256,
    TimeSpan Duration,
    string? Remark = null
);

[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>It did not run, or the responder stopped while it did.</summary>
    Unknown,

    /// <summary>Exit code 0, and the output that the runbook expects.</summary>
    Pass,

    /// <summary>Anything else that it ended with; or its host refused us, and nothing ran.</summary>
    Fail,

    /// <summary>It took too long and was stopped; or its host did not answer in time.</summary>
    Timeout,

    /// <summary>The connection ended before it did: nobody saw how.</summary>
    Lost,
}

/// <summary>Why a step runs, as the log says it.</summary>
public static class StepReason
{
    public const string Diagnostics = "diagnostics";
    public const string Asked = "asked";
    public const string Confirmed = "confirmed";
}
