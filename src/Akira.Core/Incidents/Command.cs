using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Voice;

namespace Akira.Core.Incidents;

/// <summary>What can be asked of one incident: by people in the chat grammar's words, or by the responder itself.</summary>
public abstract record Command
{
    private Command() { }

    // People.

    /// <summary>Opens an incident. Also what <c>/ticket</c> says.</summary>
    /// <param name="Reason">Why this severity and subsystem.</param>
    public sealed record Open(Severity Severity, string Title, string Subsystem, string Reason) : Command;

    public sealed record Acknowledge(string Name) : Command;

    public sealed record Note(string Text) : Command;

    public sealed record Update(string Text) : Command;

    public sealed record Classify(string Subsystem) : Command;

    public sealed record ChangeSeverity(Severity Severity, string Reason) : Command;

    /// <param name="Target">A step's name, or a section: <c>dr.md#postgresql-primary-failover</c>, <c>kamailio-down</c>.</param>
    /// <param name="Code">Fresh and random, made by the shell: what confirms a step that is not read-only.</param>
    public sealed record Run(string Target, string Code = "") : Command;

    public sealed record Confirm(string Code) : Command;

    public sealed record Mitigate(string Text) : Command;

    /// <param name="Gate">Its name, or its number in <c>/gates</c>.</param>
    public sealed record Tick(string Gate, string Reason) : Command;

    /// <param name="Override">Null: only when every gate holds.</param>
    public sealed record Resolve(string? Override) : Command;

    public sealed record Reopen(string Reason) : Command;

    public sealed record HandOver(string Name) : Command;

    /// <summary>Moves the incident to the policy that the responder has now.</summary>
    public sealed record MovePolicy : Command;

    /// <param name="Text">The whole post-mortem, in Markdown.</param>
    /// <param name="Base">The version that it was made from; 0: the one written from the log.</param>
    public sealed record EditPostmortem(string Text, int Base) : Command;

    public sealed record AddAction(string Owner, string What, DateOnly? Due) : Command;

    public sealed record FinishAction(int Number) : Command;

    /// <param name="At">Exactly one is given: the instant,</param>
    /// <param name="Clock">or the time of day in UTC at which it last was so before detection.</param>
    public sealed record CorrectStart(DateTimeOffset? At, TimeOnly? Clock, string Reason) : Command;

    public sealed record MarkAsDrill(string Reason) : Command;

    // The responder.

    /// <param name="Code">The refusal's reason.</param>
    public sealed record RecordRefusal(string Text, string Code) : Command;

    /// <summary>Alerts that belong to this incident fired. Opens it when there is none yet.</summary>
    /// <param name="Silence">The number of the silence that is about them; null: none is, or no longer.</param>
    /// <param name="AreNews">It is known that none of them fires anywhere: in a storm, looking again costs more than the decision.</param>
    public sealed record FireAlerts(
        ImmutableArray<TriagedAlert> Alerts,
        bool Effects,
        int? Silence = null,
        bool AreNews = false
    ) : Command;

    /// <param name="Reason"><c>ended</c> or <c>expired</c>.</param>
    public sealed record EndAlerts(ImmutableArray<string> Fingerprints, string Reason) : Command;

    /// <summary>Whatever is due by now.</summary>
    public sealed record MeetDeadlines : Command;

    /// <summary>Asks for the read-only steps that belong to this incident.</summary>
    public sealed record Diagnose : Command;

    public sealed record StartStep(int Number) : Command;

    public sealed record ReportOutput(int Number, string Host, string Text) : Command;

    public sealed record FinishStep(int Number, ImmutableArray<Evidence> Parts) : Command;

    /// <param name="Page">Its entry's seq.</param>
    /// <param name="Error">Null: delivered.</param>
    public sealed record ReportDelivery(
        int Page,
        string Channel,
        string? Error,
        bool Permanent,
        string? Receipt = null,
        string? InsteadOf = null
    ) : Command;

    /// <param name="Calls">Null: no call records reach the responder.</param>
    /// <param name="PddP95">Seconds.</param>
    public sealed record MeasureSmoke(int Number, int? Calls, int Answered, double? PddP95) : Command;

    public sealed record ObserveGate(string Gate, bool Met, string Evidence) : Command;

    public sealed record RecordDeploy(string Version, string? Service, DateTimeOffset DeployedAt) : Command;

    public sealed record RecordComparison(CallComparison Comparison) : Command;

    /// <param name="Impact">Null: nothing is known of its calls.</param>
    public sealed record RecordImpact(Impact? Impact) : Command;

    public sealed record RecordPostmortem(string Path) : Command;
}
