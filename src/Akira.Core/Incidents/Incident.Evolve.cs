using System.Collections.Immutable;

namespace Akira.Core.Incidents;

public sealed partial record Incident
{
    /// <summary>Folds one more entry. Total: an entry that makes no sense in this state changes only the version.</summary>
    public static Incident Evolve(Incident? incident, LogEntry logged)
    {
        if (incident is null)
            return Begin(logged);
        incident = incident with { Version = logged.Seq };
        var at = logged.At;
        return logged.Entry switch
        {
            Entry.AlertsFired fired => incident.WithFired(fired, at),
            Entry.AlertsEnded ended => incident.WithEnded(ended, at),
            Entry.Acknowledged ack => incident with
            {
                AcknowledgedAt = incident.AcknowledgedAt ?? at,
                AcknowledgedBy = ack.Name,
                MissedUpdates = 0,
            },
            Entry.AckExpired => incident with { AcknowledgedBy = null, AckClock = at },
            Entry.HandedOver handed => incident with
            {
                AcknowledgedAt = incident.AcknowledgedAt ?? at,
                AcknowledgedBy = handed.To,
            },
            Entry.DeadlineMissed { Deadline: DeadlineKind.Ack } => incident with { AckClock = at },
            Entry.DeadlineMissed { Deadline: DeadlineKind.Update } => incident with
            {
                UpdateClock = at,
                MissedUpdates = incident.MissedUpdates + 1,
            },
            Entry.Escalated row => incident with { Escalated = incident.Escalated.Add((row.Severity, row.Elapsed)) },
            Entry.Noted note => incident.WithNamed(note.Hosts, logged),
            Entry.Updated update => incident.WithNamed(update.Hosts, logged) with
            {
                UpdateClock = at,
                MissedUpdates = 0,
            },
            Entry.Classified classified => incident with { Subsystem = classified.Subsystem },
            Entry.SeverityChanged change => incident.WithSeverity(change, at),
            Entry.StepFrozen frozen => incident with { Frozen = new FrozenStep(frozen, logged.By) },
            Entry.StepRequested requested => incident with
            {
                Runs = incident.Runs.SetItem(requested.Run, RunOf(requested, at)),
                Frozen = requested.Reason == StepReason.Confirmed ? null : incident.Frozen,
            },
            Entry.StepStarted started => incident.WithRun(started.Run, run => run with { StartedAt = at }),
            Entry.StepFinished finished => incident.WithRun(
                finished.Run,
                run => run with { FinishedAt = at, Verdict = finished.Verdict }
            ),
            Entry.Mitigated mitigated => incident.WithNamed(mitigated.Hosts, logged) with
            {
                MitigatedAt = at,
                UpdateClock = at,
                MissedUpdates = 0,
                StableSince = incident.FiringCount > 0 ? null : incident.StableSince ?? at,
            },
            Entry.MitigationFailed => incident with { MitigatedAt = null },
            Entry.StabilityReached reached => incident with { StabilityAnnounced = reached.Since },
            Entry.GateTicked tick => incident with
            {
                Ticks = incident.Ticks.SetItem(tick.Gate, new GateTick(at, logged.By.Name, tick.Reason)),
            },
            Entry.SmokeMeasured smoke => incident.WithRun(smoke.Run, run => run with { Measured = smoke }),
            Entry.GateObserved observed => incident with
            {
                Observed = incident.Observed.SetItem(observed.Gate, observed),
            },
            Entry.PageDelivered page => incident.WithSettled(page.Page, page.Channel) with
            {
                Receipts =
                    page.Receipt is { } receipt && !incident.Receipts.ContainsKey(page.Channel)
                        ? incident.Receipts.Add(page.Channel, receipt)
                        : incident.Receipts,
            },
            Entry.PageFailed { Permanent: true } page => incident.WithSettled(page.Page, page.Channel),
            Entry.Deployed deployed => incident with { LastDeploy = deployed },
            Entry.Resolved resolved => incident with { ResolvedAt = at, Resolution = resolved, Frozen = null },
            Entry.Reopened => incident with
            {
                ResolvedAt = null,
                Resolution = null,
                MitigatedAt = null,
                AcknowledgedBy = null,
                AckClock = at,
                UpdateClock = at,
                EscalationClock = at,
                Escalated = [],
                MissedUpdates = 0,
                StableSince = null,
                StabilityAnnounced = null,
                Ticks = incident.Ticks.Clear(),
            },
            Entry.StartCorrected corrected => incident with { CorrectedStart = corrected.StartedAt },
            Entry.MarkedAsDrill => incident with { IsDrill = true },
            Entry.PostmortemEdited => incident with { PostmortemVersion = incident.PostmortemVersion + 1 },
            Entry.ActionAdded added => incident with
            {
                Actions = incident.Actions.Add(new(added.Number, added.Owner, added.What, added.Due, at, null)),
            },
            Entry.ActionChanged changed => incident with
            {
                Actions =
                [
                    .. incident.Actions.Select(a =>
                        a.Number == changed.Number
                            ? a with
                            {
                                Due = changed.Due,
                                DoneAt = changed.Done ? a.DoneAt ?? at : null,
                            }
                            : a
                    ),
                ],
            },
            Entry.PolicyMoved moved => incident with { PolicyHash = moved.PolicyHash },
            _ => incident,
        };
    }

    /// <summary>Folds a whole log, in order.</summary>
    public static Incident? Fold(IEnumerable<LogEntry> log) => log.Aggregate((Incident?)null, Evolve);

    private static Incident Begin(LogEntry logged)
    {
        // A log begins with Opened: the decisions see to it, and the store refuses another first entry.
        var opened = (Entry.Opened)logged.Entry;
        return new Incident
        {
            Number = logged.IncidentNumber,
            Version = logged.Seq,
            Severity = opened.Severity,
            Title = opened.Title,
            Subsystem = opened.Subsystem,
            PolicyHash = opened.PolicyHash,
            DetectedAt = logged.At,
            AckClock = logged.At,
            UpdateClock = logged.At,
            EscalationClock = logged.At,
        };
    }

    private Incident WithFired(Entry.AlertsFired fired, DateTimeOffset at)
    {
        var alerts = Alerts.ToBuilder();
        var services = FiringByService.ToBuilder();
        var firing = FiringCount;
        foreach (var t in fired.Alerts)
        {
            if (alerts.TryGetValue(t.Alert.Fingerprint, out var known) && known.EndedAt is null)
                Count(services, known.Service, -1);
            else
                firing++;
            Count(services, t.Service, 1);
            alerts[t.Alert.Fingerprint] = new IncidentAlert(
                t.Alert,
                t.Severity,
                t.Service,
                fired.Effects,
                at,
                null,
                Silence: fired.Silence
            );
        }
        return this with
        {
            Alerts = alerts.ToImmutable(),
            FiringCount = firing,
            FiringByService = services.ToImmutable(),
            StableSince = null,
        };
    }

    private Incident WithEnded(Entry.AlertsEnded ended, DateTimeOffset at)
    {
        var alerts = Alerts.ToBuilder();
        var services = FiringByService.ToBuilder();
        var firing = FiringCount;
        foreach (var fingerprint in ended.Fingerprints)
        {
            if (!alerts.TryGetValue(fingerprint, out var known) || known.EndedAt is not null)
                continue;
            alerts[fingerprint] = known with { EndedAt = at, FellSilent = ended.Reason == Entry.AlertsEnded.Expired };
            Count(services, known.Service, -1);
            firing--;
        }
        return this with
        {
            Alerts = alerts.ToImmutable(),
            FiringCount = firing,
            FiringByService = services.ToImmutable(),
            StableSince = firing == 0 ? StableSince ?? at : null,
        };
    }

    private static void Count(ImmutableDictionary<string, int>.Builder services, string? service, int change)
    {
        if (service is null)
            return;
        var count = services.GetValueOrDefault(service) + change;
        if (count == 0)
            services.Remove(service);
        else
            services[service] = count;
    }

    /// <summary>A person who raises the severity says that it is worse than the log knew: stability starts anew.</summary>
    private Incident WithSeverity(Entry.SeverityChanged change, DateTimeOffset at) =>
        change.To.IsWorseThan(change.From)
            ? this with
            {
                Severity = change.To,
                AckClock = at,
                UpdateClock = at,
                StableSince = StableSince is null ? null : at,
            }
            : this with
            {
                Severity = change.To,
                LoweredAt = at,
            };

    private Incident WithNamed(ImmutableArray<string> hosts, LogEntry logged) =>
        hosts.IsDefaultOrEmpty || !logged.By.IsIdentifiedPerson
            ? this
            : this with
            {
                NamedHosts = NamedHosts.SetItems(
                    hosts.Select(h => KeyValuePair.Create((h, logged.By.Name), logged.At))
                ),
            };

    private Incident WithRun(int number, Func<StepRun, StepRun> change) =>
        Runs.TryGetValue(number, out var run) ? this with { Runs = Runs.SetItem(number, change(run)) } : this;

    private Incident WithSettled(int page, string channel) =>
        this with
        {
            SettledPages = SettledPages.Add((page, channel)),
        };

    private static StepRun RunOf(Entry.StepRequested r, DateTimeOffset at) =>
        new(r.Run, r.Step, r.Effect, r.Script, r.Hosts, r.Reason, at, null, null, null);
}
