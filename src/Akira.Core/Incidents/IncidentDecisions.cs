using System.Collections.Immutable;
using System.Diagnostics;
using Akira.Core.Runbooks;
using static Akira.Core.Incidents.Decision;

namespace Akira.Core.Incidents;

/// <summary>The rules: what each command comes to, given the incident, the policy it runs under, and the time.</summary>
public static partial class IncidentDecisions
{
    /// <param name="incident">Null: there is none yet; only <see cref="Command.Open"/> and <see cref="Command.FireAlerts"/> make one.</param>
    /// <param name="policy">The one the incident began under; for <see cref="Command.MovePolicy"/> the one to move to.</param>
    public static Decision Decide(Incident? incident, Command command, Actor by, Policy policy, DateTimeOffset now)
    {
        if (incident is null)
            return command switch
            {
                Command.Open open => Open(open, policy),
                Command.FireAlerts { Alerts.IsEmpty: false } fire => OpenFor(fire, policy),
                _ => Refuse("no-incident", "There is no such incident. /status lists the open ones."),
            };
        if (incident.State == IncidentState.Resolved && !MayFollowResolution(command))
            return Refuse(
                "resolved",
                $"{incident.Id} was resolved {incident.SinceDetection(incident.ResolvedAt!.Value)}. /reopen <reason> opens it again."
            );
        return command switch
        {
            Command.Open => Refuse("already-open", $"{incident.Id} is open already."),
            Command.Acknowledge ack => Acknowledge(incident, ack, by, policy, now),
            Command.Note note => Accept("Noted.", new Entry.Noted(note.Text, HostNames.In(note.Text, policy.Platform))),
            Command.Update update => Update(incident, update, policy),
            Command.Classify classify => Classify(incident, classify, policy),
            Command.ChangeSeverity change => ChangeSeverity(incident, change, policy, now),
            Command.HandOver handOver => HandOver(incident, handOver, policy),
            Command.Mitigate mitigate => Mitigate(incident, mitigate, policy),
            Command.Tick tick => Tick(incident, tick, policy, now),
            Command.Resolve resolve => Resolve(incident, resolve, policy, now),
            Command.Reopen reopen => Reopen(incident, reopen, policy),
            Command.MovePolicy => incident.PolicyHash == policy.Hash
                ? Accept("The runbooks have not changed since.")
                : Accept(
                    $"{incident.Id} is now ruled by the runbooks as they are.",
                    new Entry.PolicyMoved(policy.Hash)
                ),
            Command.Run run => Run(incident, run, by, policy, now),
            Command.Confirm confirm => Confirm(incident, confirm, by, policy, now),
            Command.Diagnose => Diagnose(incident, policy),
            Command.StartStep start => Accept("", new Entry.StepStarted(start.Number)),
            Command.ReportOutput output => ReportOutput(incident, output),
            Command.FinishStep finish => FinishStep(incident, finish),
            Command.FireAlerts fire => Fire(incident, fire, policy, now),
            Command.EndAlerts end => End(incident, end),
            Command.MeetDeadlines => MeetDeadlines(incident, policy, now),
            Command.ReportDelivery report => ReportDelivery(incident, report),
            Command.MeasureSmoke smoke => Accept(
                "",
                new Entry.SmokeMeasured(smoke.Number, smoke.Calls, smoke.Answered, smoke.PddP95)
            ),
            Command.ObserveGate observe => ObserveGate(incident, observe),
            Command.RecordDeploy deploy => RecordDeploy(incident, deploy),
            Command.RecordComparison compared => Accept("", new Entry.CallsCompared(compared.Comparison)),
            Command.RecordImpact { Impact: { } impact } => Accept("", new Entry.ImpactMeasured(impact)),
            Command.RecordImpact => Accept(""),
            Command.CorrectStart correct => CorrectStart(incident, correct),
            Command.MarkAsDrill mark => incident.IsDrill
                ? Accept($"{incident.Id} is a drill already.")
                : Accept($"{incident.Id} counts among the drills.", new Entry.MarkedAsDrill(mark.Reason)),
            Command.EditPostmortem edit => EditPostmortem(incident, edit),
            Command.AddAction add => AddAction(incident, add),
            Command.FinishAction finish => FinishAction(incident, finish),
            Command.RecordRefusal refused => Accept("", new Entry.CommandRefused(refused.Text, refused.Code)),
            Command.RecordPostmortem written => Accept("", new Entry.PostmortemWritten(written.Path)),
            _ => throw new UnreachableException(),
        };
    }

    private static bool MayFollowResolution(Command command) =>
        command
            is Command.Reopen
                or Command.Note
                or Command.FinishStep
                or Command.MeasureSmoke
                or Command.ReportDelivery
                or Command.RecordImpact
                or Command.RecordComparison
                or Command.RecordPostmortem
                or Command.EditPostmortem
                or Command.CorrectStart
                or Command.MarkAsDrill
                or Command.AddAction
                or Command.FinishAction
                or Command.EndAlerts;

    private static Decision Open(Command.Open open, Policy policy) =>
        Accept(
            $"Opened as {open.Severity}.",
            Opening(open.Severity, open.Title, open.Subsystem, open.Reason, [], policy)
        );

    /// <summary>What opens every incident: the facts, the first row of the matrix, and who is told.</summary>
    private static ImmutableArray<Entry> Opening(
        Severity severity,
        string title,
        string subsystem,
        string reason,
        ImmutableArray<Entry> facts,
        Policy policy
    )
    {
        var rule = policy.For(severity);
        var text =
            $"{severity} {rule.Name}, {subsystem}: {title}. Acknowledge within {Elapsed.Words(rule.AckTarget)}: ACK <name>";
        return
        [
            new Entry.Opened(severity, title, subsystem, reason, policy.Hash),
            .. facts,
            .. policy
                .Escalation.Where(row => row.Elapsed == TimeSpan.Zero && row.Actions.ContainsKey(severity))
                .SelectMany(row => Escalate(row.Actions[severity], severity, row.Elapsed, policy)),
            rule.Pages
                ? Page(["primary", .. rule.AlsoPages], "opened", text, policy)
                : new Entry.Reminded("opened", text),
        ];
    }

    private static Decision Acknowledge(
        Incident incident,
        Command.Acknowledge ack,
        Actor by,
        Policy policy,
        DateTimeOffset now
    )
    {
        // Updates are due from somebody who exists: a slip of the hand counts for the one who typed it.
        var known = policy.Platform.Person(ack.Name);
        var slip = known is null && !policy.Platform.OnCall.IsEmpty && by.IsIdentifiedPerson;
        var taker = slip ? by.Name : known?.Name ?? ack.Name;
        return incident.AcknowledgedBy switch
        {
            null => Accept(
                $"{incident.Id} acknowledged by {taker} at {incident.SinceDetection(now)}."
                    + (slip ? $" The on-call table has no {ack.Name}, so it is with who wrote it." : ""),
                new Entry.Acknowledged(taker, slip ? ack.Name : null)
            ),
            var holder when holder.Equals(taker, StringComparison.OrdinalIgnoreCase) => Accept(
                $"{incident.Id} is already with {holder}."
            ),
            var holder => Refuse(
                "already-acknowledged",
                $"{incident.Id} is with {holder}. /handover {taker} moves it."
            ),
        };
    }

    private static Decision Update(Incident incident, Command.Update update, Policy policy) =>
        Accept(
            policy.For(incident.Severity).UpdateEvery is { } cadence
                ? $"Update recorded. The next one is due in {Elapsed.Words(cadence)}."
                : "Update recorded.",
            new Entry.Updated(update.Text, HostNames.In(update.Text, policy.Platform))
        );

    private static Decision Classify(Incident incident, Command.Classify classify, Policy policy)
    {
        var subsystem = policy.SubsystemNamed(classify.Subsystem);
        if (!policy.Subsystems.IsEmpty && !policy.Subsystems.Contains(subsystem))
            return Refuse(
                "unknown-subsystem",
                $"The runbook has no subsystem «{subsystem}». It has {string.Join(", ", policy.Subsystems)}."
            );
        return subsystem == incident.Subsystem
            ? Accept($"{incident.Id} is already classified as {subsystem}.")
            : Accept($"{incident.Id} is classified as {subsystem}.", new Entry.Classified(subsystem));
    }

    private static Decision ChangeSeverity(
        Incident incident,
        Command.ChangeSeverity change,
        Policy policy,
        DateTimeOffset now
    )
    {
        if (!policy.Knows(change.Severity))
            return Refuse(
                "unknown-severity",
                $"The runbook has no {change.Severity}. It has {string.Join(", ", policy.Severities.Select(s => s.Severity))}."
            );
        if (change.Severity == incident.Severity)
            return Accept($"{incident.Id} is already {change.Severity}.");
        var entry = new Entry.SeverityChanged(incident.Severity, change.Severity, change.Reason);
        if (change.Severity.IsWorseThan(incident.Severity))
            return Accept(
                $"{incident.Id} raised to {change.Severity}.",
                [entry, .. TellOfRaise(entry, incident, policy)]
            );
        if (policy.GuardedSeverities.Contains(incident.Severity) && !IsStable(incident, policy, now))
            return Refuse(
                "not-stable",
                $"{incident.Severity} may be lowered after {Elapsed.Words(policy.Stability)} of stability; "
                    + (
                        incident.StableSince is { } since ? $"it has been stable for {Elapsed.Words(now - since)}."
                        : incident.FiringCount == 1 ? "1 alert still fires."
                        : incident.FiringCount > 1 ? $"{incident.FiringCount} alerts still fire."
                        : "it is not mitigated yet."
                    )
            );
        return Accept($"{incident.Id} lowered to {change.Severity}.", entry);
    }

    private static bool IsStable(Incident incident, Policy policy, DateTimeOffset now) =>
        incident.StableSince is { } since && now - since >= policy.Stability;

    private static ImmutableArray<Entry> TellOfRaise(Entry.SeverityChanged change, Incident incident, Policy policy)
    {
        var rule = policy.For(change.To);
        var text = $"Raised from {change.From} to {change.To}: {change.Reason} ({incident.Title})";
        return rule.Pages
            ? [Page(["primary", .. rule.AlsoPages], "raised", text, policy)]
            : [new Entry.Reminded("raised", text)];
    }

    private static Decision HandOver(Incident incident, Command.HandOver handOver, Policy policy)
    {
        var known = policy.Platform.Named(handOver.Name);
        if (known.IsEmpty && !policy.Platform.OnCall.IsEmpty)
            return Refuse(
                "unknown-person",
                $"{handOver.Name} is not in the on-call table. It has {string.Join(", ", policy.Platform.OnCall.Select(p => p.Name))}."
            );
        var to = known.IsEmpty ? handOver.Name : known[0].Name;
        return Accept(
            $"{incident.Id} is now with {to}.",
            new Entry.HandedOver(to),
            Page([to], "handed-over", $"Yours now: {incident.Severity} {incident.Title}", policy)
        );
    }

    private static Decision Mitigate(Incident incident, Command.Mitigate mitigate, Policy policy) =>
        Accept(
            $"{incident.Id} is mitigated. /gates shows what resolving still needs.",
            new Entry.Mitigated(mitigate.Text, HostNames.In(mitigate.Text, policy.Platform))
        );

    private static Decision Tick(Incident incident, Command.Tick tick, Policy policy, DateTimeOffset now)
    {
        var gates = Gates.Of(incident, policy, now);
        var gate = int.TryParse(tick.Gate, out var n)
            ? gates.ElementAtOrDefault(n - 1)
            : gates.FirstOrDefault(g => g.Gate.Name.Equals(tick.Gate, StringComparison.OrdinalIgnoreCase));
        if (gate is null)
            return Refuse(
                "unknown-gate",
                $"There is no gate «{tick.Gate}». There are {string.Join(", ", gates.Select(g => g.Gate.Name))}."
            );
        return gate.Tickable
            ? Accept($"Gate {gate.Gate.Name} ticked.", new Entry.GateTicked(gate.Gate.Name, tick.Reason))
            : Refuse(
                "gate-is-measured",
                $"Gate {gate.Gate.Name} is judged by evidence, not by hand: {gate.Evidence}.",
                gate.Gate.Text
            );
    }

    private static Decision Resolve(Incident incident, Command.Resolve resolve, Policy policy, DateTimeOffset now)
    {
        var unmet = Gates.Of(incident, policy, now).Where(g => !g.Met).ToImmutableArray();
        if (!unmet.IsEmpty && resolve.Override is null)
            return Refuse(
                "gates-unmet",
                $"{incident.Id} cannot be resolved yet: {unmet.Length} of {policy.Gates.Length} gates are not met.",
                [.. unmet.Select(g => $"{g.Gate.Name}: {g.Evidence}")]
            );
        // Nothing to override: the record shall not say that somebody did.
        var reason = unmet.IsEmpty ? null : resolve.Override;
        return Accept(
            $"{incident.Id} resolved after {Elapsed.Words(now - incident.DetectedAt)}.",
            new Entry.Resolved(reason, [.. unmet.Select(g => g.Gate.Name)]),
            new Entry.Reminded(
                "resolved",
                $"Resolved after {Elapsed.Words(now - incident.DetectedAt)}"
                    + (reason is null ? "" : $", overriding {unmet.Length} gates: {reason}")
            )
        );
    }

    private static Decision Reopen(Incident incident, Command.Reopen reopen, Policy policy)
    {
        if (incident.State != IncidentState.Resolved)
            return Accept($"{incident.Id} is open.");
        var rule = policy.For(incident.Severity);
        var text = $"Opened again: {reopen.Reason} ({incident.Title})";
        return Accept(
            $"{incident.Id} is open again.",
            new Entry.Reopened(reopen.Reason),
            rule.Pages
                ? Page(["primary", .. rule.AlsoPages], "reopened", text, policy)
                : new Entry.Reminded("reopened", text)
        );
    }

    private static Decision ReportDelivery(Incident incident, Command.ReportDelivery report) =>
        incident.SettledPages.Contains((report.Page, report.Channel))
            ? Accept("")
            : Accept(
                "",
                report.Error is null
                    ? new Entry.PageDelivered(report.Page, report.Channel, report.Receipt, report.InsteadOf)
                    : new Entry.PageFailed(report.Page, report.Channel, report.Error, report.Permanent)
            );

    private static Decision ObserveGate(Incident incident, Command.ObserveGate observe) =>
        incident.Observed.TryGetValue(observe.Gate, out var last) && last.Met == observe.Met
            ? Accept("")
            : Accept("", new Entry.GateObserved(observe.Gate, observe.Met, observe.Evidence));

    private static Decision RecordDeploy(Incident incident, Command.RecordDeploy deploy)
    {
        var entry = new Entry.Deployed(deploy.Version, deploy.Service, deploy.DeployedAt);
        return incident.LastDeploy == entry ? Accept("") : Accept($"Deploy {deploy.Version} recorded.", entry);
    }

    /// <summary>A page to people by name or role. A role that nobody has is kept: somebody must see the gap.</summary>
    private static Entry.Paged Page(IEnumerable<string> namesOrRoles, string reason, string text, Policy policy) =>
        new(
            [
                .. namesOrRoles
                    .SelectMany(n =>
                        policy.Platform.Named(n) is { IsEmpty: false } people ? people.Select(p => p.Name) : [n]
                    )
                    .Distinct(StringComparer.OrdinalIgnoreCase),
            ],
            reason,
            text
        );

    private static Incident Apply(Incident incident, Entry entry, DateTimeOffset now) =>
        Incident.Evolve(incident, new LogEntry(0, incident.Number, incident.Version + 1, now, Actor.Akira, entry));
}
