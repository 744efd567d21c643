using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Responder.Log;

namespace Akira.Responder.Incidents;

/// <summary>One incident of the list.</summary>
internal sealed record IncidentSummary(
    string Id,
    string Severity,
    IncidentState State,
    string Title,
    string Subsystem,
    DateTimeOffset DetectedAt,
    DateTimeOffset? AcknowledgedAt,
    string? AcknowledgedBy,
    DateTimeOffset? MitigatedAt,
    DateTimeOffset? ResolvedAt
)
{
    public static IncidentSummary Of(IncidentRow row) =>
        new(
            Incident.IdOf(row.Number),
            row.Severity.ToString(),
            row.State,
            row.Title,
            row.Subsystem,
            row.DetectedAt,
            row.AcknowledgedAt,
            row.AcknowledgedBy,
            row.MitigatedAt,
            row.ResolvedAt
        );
}

/// <summary>An incident with all that its log and its policy make of it.</summary>
internal sealed record IncidentPage(
    string Id,
    string Severity,
    IncidentState State,
    string Title,
    string Subsystem,
    DateTimeOffset DetectedAt,
    DateTimeOffset? AcknowledgedAt,
    string? AcknowledgedBy,
    DateTimeOffset? MitigatedAt,
    DateTimeOffset? ResolvedAt,
    ImmutableArray<IncidentPage.DueItem> Deadlines,
    ImmutableArray<IncidentPage.GateItem> Gates,
    ImmutableArray<RunbookLink> Runbooks,
    ImmutableArray<IncidentPage.AlertItem> Alerts,
    ImmutableArray<ChecklistItem> Checklist,
    ImmutableArray<MitigationOption> MitigationOptions,
    ImmutableArray<StepRun> Runs,
    ImmutableArray<ActionItem> Actions,
    string PolicyHash,
    JsonObject[] Log
)
{
    public static IncidentPage Of(
        IReadOnlyList<LogEntry> log,
        Func<string, Policy> policyOf,
        PlatformFacts facts,
        DateTimeOffset now
    )
    {
        var i = Incident.Fold(log)!;
        var policy = policyOf(i.PolicyHash);
        return new IncidentPage(
            i.Id,
            i.Severity.ToString(),
            i.State,
            i.Title,
            i.Subsystem,
            i.DetectedAt,
            i.AcknowledgedAt,
            i.AcknowledgedBy,
            i.MitigatedAt,
            i.ResolvedAt,
            [.. Core.Incidents.Deadlines.Of(i, policy).Select(d => new DueItem(d.Kind, d.DueAt, d.Who))],
            // Of a resolved incident: the gates as they stood when it was resolved.
            [
                .. Core
                    .Incidents.Gates.Of(i, policy, i.ResolvedAt ?? now)
                    .Select(g => new GateItem(g.Gate.Name, g.Met, g.Evidence, g.Gate.Text, g.Tickable)),
            ],
            Diagnostics.RunbooksFor(i, policy),
            [
                .. i
                    .Alerts.Values.OrderBy(a => a.FiredAt)
                    .ThenBy(a => a.Alert.Fingerprint, StringComparer.Ordinal)
                    .Select(AlertItem.Of),
            ],
            Core.Incidents.Checklist.Of(i, policy),
            Mitigation.Of(i, log, policy, facts),
            [.. i.Runs.Values],
            i.Actions,
            i.PolicyHash,
            [.. log.Select(LogLine.Of)]
        );
    }

    internal sealed record DueItem(string Kind, DateTimeOffset DueAt, string Who);

    internal sealed record GateItem(string Name, bool Met, string Evidence, string Text, bool Tickable);

    internal sealed record AlertItem(
        string Fingerprint,
        string Name,
        string Severity,
        string? Service,
        bool Effect,
        LabelSet Labels,
        LabelSet Annotations,
        DateTimeOffset StartsAt,
        DateTimeOffset FiredAt,
        DateTimeOffset? EndedAt,
        string? GeneratorUrl
    )
    {
        public static AlertItem Of(IncidentAlert a) =>
            new(
                a.Alert.Fingerprint,
                a.Alert.Name,
                a.Severity.ToString(),
                a.Service,
                a.Effect,
                a.Alert.Labels,
                a.Alert.Annotations,
                a.Alert.StartsAt,
                a.FiredAt,
                a.EndedAt,
                a.Alert.GeneratorUrl
            );
    }
}

/// <summary>An entry as the API shows it: its place, who and when, a line for people, and its own members.</summary>
internal static class LogLine
{
    public static JsonObject Of(LogEntry logged)
    {
        var own = JsonSerializer.SerializeToNode(logged.Entry, EntryJson.Default.Entry)!.AsObject();
        var line = new JsonObject
        {
            ["seq"] = logged.Seq,
            ["at"] = logged.At.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ["kind"] = EntryJson.KindOf(logged.Entry),
            ["by"] = logged.By.Name,
            ["via"] = logged.By.Via,
            ["text"] = own["text"]?.GetValue<string>() ?? Words(logged),
        };
        foreach (var (name, value) in own)
            if (!line.ContainsKey(name))
                line[name] = value?.DeepClone();
        if (logged.Entry is Entry.CallsCompared compared)
            line["lines"] = new JsonArray([.. compared.Comparison.Lines.Select(l => JsonValue.Create(l))]);
        return line;
    }

    private static string Words(LogEntry logged) =>
        logged.Entry switch
        {
            Entry.PageDelivered e => $"entry {e.Page} delivered by {e.Channel}",
            Entry.PageFailed e =>
                $"entry {e.Page} not delivered by {e.Channel}{(e.Permanent ? "" : " yet")}: {e.Error}",
            Entry.StepFrozen e => $"step {e.Step} ({e.Effect}) waits for its code",
            Entry.StepRequested e => $"step {e.Step} requested ({e.Reason})",
            Entry.StepStarted e => $"run {e.Run} started",
            Entry.GateObserved e => $"gate {e.Gate} {(e.Met ? "holds" : "does not hold")}: {e.Evidence}",
            Entry.PostmortemWritten e => $"post-mortem written to {e.Path}",
            Entry.SmokeMeasured { Calls: null } =>
                "no call records reach the responder: the smoke test's calls were not measured",
            Entry.ActionAdded e =>
                $"action {e.Number}: {e.Owner} - {e.What}{(e.Due is { } due ? $", due {due:yyyy-MM-dd}" : "")}",
            Entry.ActionChanged e => $"action {e.Number} is {(e.Done ? "done" : "open")}",
            _ => Postmortem.Describe(logged) ?? EntryJson.KindOf(logged.Entry),
        };
}
