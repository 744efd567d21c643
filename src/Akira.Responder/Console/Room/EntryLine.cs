using System.Collections.Immutable;
using Akira.Core.Incidents;
using MudBlazor;

namespace Akira.Responder.Console.Room;

/// <summary>How much a line of the log asks for the eye.</summary>
public enum Weight
{
    /// <summary>Machinery: shown when everything is asked for.</summary>
    Machinery,
    Event,

    /// <summary>What a person said or did.</summary>
    Word,
}

/// <summary>One entry of the incident log as one line for people. All of it is plain text.</summary>
/// <param name="Script">What ran or would run, to unfold.</param>
/// <param name="Parts">Evidence, to unfold.</param>
public sealed record EntryLine(
    string Icon,
    string Text,
    Weight Weight = Weight.Event,
    string? Script = null,
    ImmutableArray<Evidence> Parts = default
)
{
    public bool Unfolds => Script is not null || !Parts.IsDefaultOrEmpty;

    /// <param name="incident">As it is now: it knows the names behind fingerprints and run numbers.</param>
    public static EntryLine Of(LogEntry logged, Incident incident) =>
        logged.Entry switch
        {
            Entry.Opened e => new(
                Icons.Material.Outlined.Flag,
                $"Opened as {e.Severity}, {e.Subsystem}: {e.Reason}",
                logged.By.IsIdentifiedPerson ? Weight.Word : Weight.Event
            ),
            Entry.AlertsFired e => new(
                Icons.Material.Outlined.NotificationsActive,
                $"{(e.Effects ? "An effect fires" : "Firing")}{(e.Silence is { } silence ? $" under silence {silence}" : "")}: {Named(e.Alerts.Select(a => a.Alert.Summary))}"
            ),
            Entry.AlertsEnded e => new(
                Icons.Material.Outlined.NotificationsOff,
                $"{(e.Reason == Entry.AlertsEnded.Expired ? "No longer sent" : "Ended")}: {Named(e.Fingerprints.Select(f => NameOf(f, incident)))}"
            ),
            Entry.Paged e => new(Icons.Material.Outlined.Campaign, $"Paged {string.Join(", ", e.To)}: {e.Reason}"),
            Entry.PageDelivered e => new(
                Icons.Material.Outlined.MarkChatRead,
                $"Page delivered by {e.Channel}",
                Weight.Machinery
            ),
            Entry.PageFailed e => new(
                Icons.Material.Outlined.SmsFailed,
                $"Page failed on {e.Channel}{(e.Permanent ? " for good" : ", trying again")}: {e.Error}"
            ),
            // The fact that a reminder follows stands beside it: a missed update, a span of stability.
            Entry.Reminded e => new(
                Icons.Material.Outlined.Alarm,
                e.Text,
                e.Reason is "update-missed" or "stable" ? Weight.Machinery : Weight.Event
            ),
            Entry.DeadlineMissed e => new(
                Icons.Material.Outlined.TimerOff,
                $"Missed: {e.Deadline}, due {ClockText.Since(incident.DetectedAt, e.DueAt)}"
            ),
            Entry.AckExpired e => new(
                Icons.Material.Outlined.PersonOff,
                $"The acknowledgement of {e.AcknowledgedBy} expired"
            ),
            Entry.Escalated e => new(
                Icons.Material.Outlined.Stairs,
                $"Escalation at T+{Elapsed.Words(e.Elapsed)}: {e.Action} ({e.Outcome})",
                e.Outcome == "paged" ? Weight.Event : Weight.Machinery
            ),
            Entry.Acknowledged e => new(
                Icons.Material.Outlined.HowToReg,
                $"{e.Name} acknowledged{(e.Typed is { } typed ? $" as «{typed}»" : "")}",
                Weight.Word
            ),
            Entry.Noted e => new(Icons.Material.Outlined.ChatBubbleOutline, e.Text, Weight.Word),
            Entry.Updated e => new(Icons.Material.Outlined.RecordVoiceOver, e.Text, Weight.Word),
            Entry.Classified e => new(Icons.Material.Outlined.Category, $"Classified as {e.Subsystem}", Weight.Word),
            Entry.SeverityChanged e => new(
                e.To.IsWorseThan(e.From)
                    ? Icons.Material.Outlined.KeyboardDoubleArrowUp
                    : Icons.Material.Outlined.KeyboardDoubleArrowDown,
                $"{e.From} → {e.To}: {e.Reason}",
                Weight.Word
            ),
            Entry.HandedOver e => new(Icons.Material.Outlined.SwapHoriz, $"Handed over to {e.To}", Weight.Word),
            Entry.StepFrozen e => new(
                Icons.Material.Outlined.Pause,
                $"{e.Step} waits for /confirm ({e.Effect}{On(e.Hosts)})",
                Weight.Word,
                e.Script
            ),
            Entry.StepRequested e => new(
                Icons.Material.Outlined.PlayArrow,
                $"{e.Step} is to run{On(e.Hosts)} ({e.Reason})",
                e.Reason == StepReason.Diagnostics ? Weight.Machinery : Weight.Word,
                e.Script
            ),
            Entry.StepStarted e => new(
                Icons.Material.Outlined.PlayArrow,
                $"{StepOf(e.Run, incident)} started",
                Weight.Machinery
            ),
            Entry.StepOutput e => new(
                Icons.Material.Outlined.Terminal,
                $"{StepOf(e.Run, incident)} on {e.Host}: {e.Text.TrimEnd()}",
                Weight.Machinery
            ),
            Entry.StepFinished e => Finished(e, incident),
            Entry.Mitigated e => new(Icons.Material.Outlined.Healing, $"Mitigated: {e.Text}", Weight.Word),
            Entry.MitigationFailed e => new(
                Icons.Material.Outlined.HeartBroken,
                $"The mitigation did not hold: {e.Reason}"
            ),
            Entry.StabilityReached e => new(
                Icons.Material.Outlined.Straighten,
                $"Stable for as long as the runbook asks, since {ClockText.Since(incident.DetectedAt, e.Since)}"
            ),
            Entry.GateTicked e => new(
                Icons.Material.Outlined.TaskAlt,
                $"Vouches for {e.Gate}: {e.Reason}",
                Weight.Word
            ),
            Entry.GateObserved e => new(
                e.Met ? Icons.Material.Outlined.CheckCircle : Icons.Material.Outlined.Circle,
                $"{e.Gate} {(e.Met ? "holds" : "does not hold")}: {e.Evidence}"
            ),
            Entry.Resolved { Override: { } why } e => new(
                Icons.Material.Outlined.GppMaybe,
                $"Resolved over unmet gates ({string.Join(", ", e.UnmetGates)}): {why}",
                Weight.Word
            ),
            Entry.Resolved => new(Icons.Material.Outlined.Verified, "Resolved: every gate held", Weight.Word),
            Entry.Reopened e => new(Icons.Material.Outlined.Replay, $"Reopened: {e.Reason}", Weight.Word),
            Entry.PolicyMoved e => new(
                Icons.Material.Outlined.MenuBook,
                $"Ruled from here by runbooks {e.PolicyHash[..Math.Min(8, e.PolicyHash.Length)]}",
                Weight.Word
            ),
            Entry.Deployed e => new(
                Icons.Material.Outlined.RocketLaunch,
                $"{e.Service ?? "The platform"} was deployed, {e.Version}, at {e.DeployedAt:HH:mm:ss} UTC"
            ),
            Entry.CallsCompared e => new(
                Icons.Material.Outlined.Troubleshoot,
                $"Calls: {e.Comparison.Headline}",
                Script: string.Join('\n', e.Comparison.Lines)
            ),
            Entry.ImpactMeasured e => new(
                Icons.Material.Outlined.Summarize,
                $"Impact: customers {e.Impact.CustomersText}, calls lost {e.Impact.LostText}, revenue {e.Impact.RevenueText}",
                Script: string.Join('\n', e.Impact.Method)
            ),
            Entry.PostmortemWritten e => new(Icons.Material.Outlined.Description, $"Post-mortem written: {e.Path}"),
            Entry.SmokeMeasured { Calls: null } => new(
                Icons.Material.Outlined.PhoneDisabled,
                "The smoke test's calls were not measured: no call records reach the responder",
                Weight.Machinery
            ),
            Entry.SmokeMeasured e => new(Icons.Material.Outlined.Phone, $"Smoke test measured: {Gates.Words(e)}"),
            Entry.StartCorrected e => new(
                Icons.Material.Outlined.History,
                $"It began at {e.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: {e.Reason}",
                Weight.Word
            ),
            Entry.MarkedAsDrill e => new(Icons.Material.Outlined.FitnessCenter, $"A drill: {e.Reason}", Weight.Word),
            Entry.PostmortemEdited => new(Icons.Material.Outlined.EditNote, "Wrote the post-mortem anew", Weight.Word),
            Entry.ActionAdded e => new(
                Icons.Material.Outlined.AssignmentInd,
                $"Action {e.Number}: {e.Owner} - {e.What}{(e.Due is { } due ? $", due {due:yyyy-MM-dd}" : "")}",
                Weight.Word
            ),
            Entry.ActionChanged e => new(
                Icons.Material.Outlined.AssignmentTurnedIn,
                $"Action {e.Number} {(e.Done ? "is done" : e.Due is { } due ? $"is open, due {due:yyyy-MM-dd}" : "is open")}",
                Weight.Word
            ),
            Entry.CommandRefused e => new(Icons.Material.Outlined.Block, $"Refused, {e.Code}: {e.Text}", Weight.Word),
            _ => new(Icons.Material.Outlined.Notes, logged.Entry.GetType().Name),
        };

    private static EntryLine Finished(Entry.StepFinished e, Incident incident)
    {
        var took = e.Parts.IsEmpty ? TimeSpan.Zero : e.Parts.Max(p => p.Duration);
        var icon = e.Verdict switch
        {
            Verdict.Pass => Icons.Material.Filled.Check,
            Verdict.Fail => Icons.Material.Filled.Close,
            Verdict.Timeout => Icons.Material.Outlined.HourglassDisabled,
            _ => Icons.Material.Outlined.QuestionMark,
        };
        var text = $"{e.Step}: {WordOf(e.Verdict)}{On([.. e.Parts.Select(p => p.Host)])}, {DurationOf(took)}";
        return new(icon, text, Script: incident.Runs.GetValueOrDefault(e.Run)?.Script, Parts: e.Parts);
    }

    public static string WordOf(Verdict verdict) =>
        verdict switch
        {
            Verdict.Pass => "passed",
            Verdict.Fail => "failed",
            Verdict.Timeout => "timed out",
            Verdict.Lost => "lost: nobody saw it end",
            _ => "ended, verdict unknown",
        };

    public static string DurationOf(TimeSpan took) =>
        took < TimeSpan.FromSeconds(1) ? $"{took.TotalMilliseconds:0} ms"
        : took < TimeSpan.FromMinutes(1) ? $"{took.TotalSeconds:0.0} s"
        : Elapsed.Words(took);

    private static string On(ImmutableArray<string> hosts) =>
        hosts.Length switch
        {
            0 => "",
            <= 3 => " on " + string.Join(", ", hosts.Distinct()),
            _ => $" on {hosts.Distinct().Count()} hosts",
        };

    /// <summary>A storm names its first three.</summary>
    private static string Named(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(" · ", all.Take(3)) + (all.Count > 3 ? $" and {all.Count - 3} more" : "");
    }

    private static string NameOf(string fingerprint, Incident incident) =>
        incident.Alerts.TryGetValue(fingerprint, out var alert) ? alert.Alert.Summary : fingerprint;

    private static string StepOf(int run, Incident incident) =>
        incident.Runs.TryGetValue(run, out var step) ? step.Step : $"run {run}";
}
