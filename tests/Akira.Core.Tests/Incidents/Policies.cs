using System.Collections.Immutable;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;

namespace Akira.Core.Tests.Incidents;

/// <summary>A small policy in code, so that a rule's test shows the very values it depends on.</summary>
internal static class Policies
{
    public static readonly Severity Sev1 = new(1);
    public static readonly Severity Sev2 = new(2);
    public static readonly Severity Sev3 = new(3);

    public static Policy Small { get; } =
        new(
            Hash: "small",
            Severities:
            [
                new(Sev1, "Outage", "nothing works", Minutes(15), "immediate", true, ["massimo"], Minutes(15), []),
                new(Sev2, "Degraded", "some works", Minutes(30), "immediate", true, [], Minutes(30), []),
                new(Sev3, "Minor", "hardly felt", TimeSpan.FromHours(4), "stand-up", false, [], null, []),
            ],
            Subsystems: ["signaling", "database", "CDR pipeline", "management app", "certificate", "Vault"],
            Kickoff: ["Acknowledge the alert", "Classify the subsystem", "Post an update"],
            RunbookIndex: [new("PostgreSQL failover of the database", "dr.md#postgresql-primary-failover")],
            MitigationOrder: ["Roll back", "Restart the failed service", "Fail over", "Escalate"],
            Escalation:
            [
                Row(0, (Sev1, Cell("Ack and open incident"))),
                Row(
                    15,
                    (
                        Sev1,
                        Cell(
                            "Page secondary and massimo if not mitigated",
                            ["secondary", "massimo"],
                            EscalationUnless.Mitigated
                        )
                    )
                ),
                Row(
                    30,
                    (Sev1, Cell("Page francesco, prepare rollback", ["francesco"], reminders: ["prepare rollback"])),
                    (Sev2, Cell("Page secondary if not acknowledged", ["secondary"], EscalationUnless.Acknowledged))
                ),
                Row(60, (Sev1, Cell("Keep the bridge active"))),
            ],
            Gates:
            [
                new("symptom", "The symptom is gone", GateKind.Symptom, null, []),
                new("smoke", "The smoke test passes", GateKind.Smoke, null, []),
                new("cdr", "CDR ingestion is monotonic", GateKind.CdrMonotonic, null, []),
                new("stable", "Stable for 30 minutes", GateKind.Stable, Minutes(30), []),
                new(
                    "timestamps",
                    "Detection, ack, mitigation",
                    GateKind.Timestamps,
                    null,
                    ["detection", "ack", "mitigation", "resolution"]
                ),
                new("customers-told", "Customers were told", GateKind.Manual, null, []),
            ],
            PostmortemTemplate: """
            # Postmortem - <incident_id> - <date>
            ## Summary
            [A line.]
            ## Impact
            - Duration: <X> min
            - Calls lost: <N>
            - Revenue impact: <amount or unknown>
            ## Timeline
            - T+0: <event>
            - T+resolved: <event>
            ## Action Items
            - [ ] <owner> - <action> - <due date>
            """,
            Caveats: [],
            Stability: Minutes(30),
            GuardedSeverities: [Sev1, Sev2],
            ConfirmerMustDiffer: false,
            Runbooks:
            [
                new(
                    "incident-response.md",
                    "Incident response",
                    "",
                    [
                        Section("Diagnostics", "diagnostics", []),
                        Section(
                            "Global Snapshot",
                            "global-snapshot",
                            ["diagnostics"],
                            Read("snapshot", "curl -fsS -I https://mgmt/healthz || true")
                        ),
                        Section(
                            "SEV1 Outage",
                            "sev1-outage",
                            ["diagnostics"],
                            Read("signaling-status", "systemctl status kamailio", "sip-01")
                        ),
                        Section(
                            "SEV2 Degraded",
                            "sev2-degraded",
                            ["diagnostics"],
                            Read("smoke", "./run_scenario.sh smoke.xml", "sipp-01")
                        ),
                        Section(
                            "Kamailio Down",
                            "kamailio-down",
                            ["common-scenarios"],
                            Read("kamailio-logs", "journalctl -u kamailio", "sip-01"),
                            Step("kamailio-restart", "systemctl restart kamailio", Effect.Disruptive, "sip-01")
                        ),
                        Section("Wipe", "wipe", [], Step("wipe", "dropdb akira", Effect.Destructive, "db-1")),
                        Section(
                            "Replay",
                            "replay",
                            [],
                            Read("idempotency-check", "akira cdr status --consumer cdr_worker --since 02:00"),
                            Step(
                                "cdr-replay",
                                "akira cdr replay --consumer cdr_worker --since 02:00",
                                Effect.Disruptive
                            )
                        ),
                    ]
                ),
            ],
            Platform: new(
                Hosts:
                [
                    new("sip-01", "10.0.0.1", "root", "sip"),
                    new("db-1", "10.0.0.2", "root", "db"),
                    new("db-10", "10.0.0.3", "root", "db"),
                    new("sipp-01", "10.0.0.4", "root", "sipp"),
                ],
                Services:
                [
                    new("postgresql", "database", "db-1", "postgresql", [], null),
                    new("kamailio", "signaling", "sip-01", "kamailio", [], null),
                    new("cdr-worker", "CDR pipeline", null, null, ["postgresql"], null),
                    new("backend", "management app", null, null, ["cdr-worker"], null),
                ],
                OnCall:
                [
                    new("anna", "1", "", "primary"),
                    new("bruno", "2", "", "secondary"),
                    new("massimo", "3", "", "lead"),
                    new("francesco", "4", "", "cto"),
                ]
            )
        );

    private static TimeSpan Minutes(int minutes) => TimeSpan.FromMinutes(minutes);

    private static EscalationRow Row(int minutes, params (Severity, EscalationAction)[] cells) =>
        new(Minutes(minutes), cells.ToImmutableSortedDictionary(c => c.Item1, c => c.Item2));

    private static EscalationAction Cell(
        string text,
        ImmutableArray<string>? pages = null,
        EscalationUnless unless = EscalationUnless.Never,
        ImmutableArray<string>? reminders = null
    ) => new(text, pages ?? [], unless, reminders ?? (pages is null ? [text] : []));

    private static Section Section(
        string heading,
        string anchor,
        ImmutableArray<string> parents,
        params ImmutableArray<Step> steps
    ) => new(heading, anchor, 3, new Place("incident-response.md", 1, 1), parents, steps);

    private static Step Read(string name, string script, string? host = null) => Step(name, script, Effect.Read, host);

    private static Step Step(string name, string script, Effect effect, string? host = null) =>
        new(name, script, [new StepPart(host, "root", script)], effect, TimeSpan.FromSeconds(30), null, false, default);
}
