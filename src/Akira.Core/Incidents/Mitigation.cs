using System.Collections.Immutable;
using Akira.Core.Runbooks;
using Akira.Core.Runbooks.Reading;

namespace Akira.Core.Incidents;

/// <param name="Text">The option as the runbook writes it.</param>
/// <param name="Fact">What speaks for it or against it now.</param>
/// <param name="Speaks">Whether the facts speak for it (true), against it (false), or leave it open.</param>
/// <param name="Steps">The runbooks' steps for it, in their order.</param>
public sealed record MitigationOption(string Text, string Fact, bool? Speaks, ImmutableArray<ReadyStep> Steps);

/// <param name="Effect"><c>disruptive</c> or <c>destructive</c>.</param>
/// <param name="Say">What to type.</param>
/// <param name="First">What must be said before it: a destructive step's targets are named. Null: nothing.</param>
public sealed record ReadyStep(string Name, string Effect, string Say, string? First);

/// <summary>What the probes know of the platform's database, alive or dead. Bytes are of its write-ahead log.</summary>
/// <param name="StandbyBehind">What the primary had written when it was last seen and no standby has replayed.</param>
/// <param name="WalToReplay">What the primary would replay after a crash.</param>
/// <param name="WalEnd">Up to where the primary had written when it was last seen.</param>
public sealed record PlatformFacts(long? StandbyBehind, long? WalToReplay, long? WalEnd)
{
    public static PlatformFacts None { get; } = new(null, null, null);
}

/// <summary>Restore first: the runbook's options in the runbook's order, with the facts for each and its steps ready to run.</summary>
public static class Mitigation
{
    private static readonly TimeSpan SoonAfter = TimeSpan.FromHours(1);

    /// <param name="log">The incident's whole log: what steps printed is evidence here.</param>
    public static ImmutableArray<MitigationOption> Of(
        Incident incident,
        IReadOnlyList<LogEntry> log,
        Policy policy,
        PlatformFacts facts
    ) => [.. policy.MitigationOrder.Select(text => Option(text, incident, log, policy, facts))];

    private static MitigationOption Option(
        string text,
        Incident incident,
        IReadOnlyList<LogEntry> log,
        Policy policy,
        PlatformFacts facts
    ) =>
        Has(text, "roll back") || Has(text, "rollback") ? RollBack(text, incident, log, policy)
        : Has(text, "restart") ? Restart(text, incident, log, policy)
        : Has(text, "fail over") || Has(text, "failover") ? FailOver(text, incident, log, policy, facts)
        : Has(text, "escalate") ? Escalate(text, incident, policy)
        : new(text, "", null, []);

    private static MitigationOption RollBack(string text, Incident incident, IReadOnlyList<LogEntry> log, Policy policy)
    {
        if (incident.LastDeploy is not { } deploy)
            return new(text, "no deploy is known in the day before", false, []);
        var before = incident.DetectedAt - deploy.DeployedAt;
        var service = deploy.Service is null ? null : policy.Platform.Service(deploy.Service);
        var touches = service is null
            ? (bool?)null
            : Policy.AreSame(service.Subsystem, incident.Subsystem)
                || incident.FailingServices.Any(f => policy.Platform.DependenciesOf(f).Contains(service));
        var fact =
            $"{deploy.Service ?? "deploy"} {deploy.Version}, "
            + (
                before >= TimeSpan.Zero
                    ? $"{Elapsed.Words(before)} before detection"
                    : $"{incident.SinceDetection(deploy.DeployedAt)}, after detection"
            )
            + (
                touches is null ? ""
                : touches.Value ? $"; it touched {service!.Subsystem}, which fails"
                : $"; it touched {service!.Subsystem}, not {incident.Subsystem}"
            );
        var version = Comparison(log)?.Narrowed.FirstOrDefault(s => s.Dimension == "config version");
        if (version is not null)
            fact += $"; calls under configuration {version.Value} are the ones that fail";
        return new(
            text,
            fact,
            version is not null ? true
                : before < TimeSpan.Zero || touches == false ? false
                : touches == true && before <= SoonAfter ? true
                : null,
            Ready(Rollbacks(policy).Where(s => service?.Host is not { } host || s.Hosts.Contains(host)))
        );
    }

    private static MitigationOption Restart(string text, Incident incident, IReadOnlyList<LogEntry> log, Policy policy)
    {
        var firing = incident.Alerts.Values.Where(a => a.EndedAt is null && a.Service is not null).ToList();
        var failing = incident.FailingServices.Order(StringComparer.Ordinal).ToList();
        // What only suffers from the others is not what has failed.
        var roots = failing
            .Where(f => firing.Any(a => a.Service == f && !a.Effect))
            .Where(f => !policy.Platform.DependenciesOf(f).Any(d => failing.Contains(d.Name)))
            .ToList();
        var fact = failing switch
        {
            [] => "no alert names a failing service",
            [var one] => $"only {one} is failing",
            _ when roots is [var root] =>
                $"{root} has failed, not one alone: {string.Join(", ", failing.Where(f => f != root))} depend on it",
            _ => $"{failing.Count} services are failing, not one alone: {string.Join(", ", failing)}",
        };
        bool? speaks =
            roots.Count == 1 ? true
            : failing.Count > 1 ? false
            : null;
        if (Comparison(log) is { } calls)
        {
            fact += $"; {calls.Headline}";
            // A restart here mends no carrier.
            if (
                calls.Narrowed.Concat(calls.Parts).Any(s => s.Dimension is "trunk" or "customer" or "prefix")
                && failing.Count == 0
            )
                speaks = false;
        }
        var services =
            roots.Count > 0
                ? roots.Select(policy.Platform.Service)
                : policy.Platform.Services.Where(s => Policy.AreSame(s.Subsystem, incident.Subsystem));
        var names = services.Where(s => s is not null).SelectMany(s => (string?[])[s!.Unit, s.Name]).ToList();
        var rollbacks = Rollbacks(policy);
        return new(
            text,
            fact,
            speaks,
            Ready(
                policy.Steps.Where(s =>
                    s is { IsRecovery: true, Effect: Effect.Disruptive }
                    && Has(s.Name, "restart")
                    && !rollbacks.Contains(s)
                    && names.Any(n => n is { Length: > 0 } && (Has(s.Name, n) || Has(s.Script, n)))
                )
            )
        );
    }

    private static MitigationOption FailOver(
        string text,
        Incident incident,
        IReadOnlyList<LogEntry> log,
        Policy policy,
        PlatformFacts facts
    )
    {
        if (!incident.Subsystem.Equals("database", StringComparison.OrdinalIgnoreCase))
            return new(text, $"the database is not the affected subsystem ({incident.Subsystem})", false, []);
        var limit = Durations.FirstIn(text);
        var host = policy
            .Platform.Services.FirstOrDefault(s =>
                Policy.AreSame(s.Subsystem, incident.Subsystem) && s.Host is not null
            )
            ?.Host;
        var estimate = PrimaryRecovery.Of(log, facts, host);
        var lag = facts.StandbyBehind switch
        {
            null => "what the standby lacks is unknown",
            0 => "the standby has all that the primary wrote",
            var behind => $"the standby lacks {PrimaryRecovery.Size(behind.Value)} of what the primary wrote",
        };
        return new(
            text,
            $"the database is affected; {estimate.Basis}; {lag}",
            estimate.Hopeless ? true
                : limit is { } most && estimate.Time is { } time ? time > most
                : null,
            Ready(
                policy
                    .RunbookIndex.Where(l => Has(l.When, "failover") || Has(l.When, "fail over"))
                    .SelectMany(l => Diagnostics.SectionSteps(l.Target, policy))
                    .Where(s =>
                        s.IsRecovery && s.Effect != Effect.Read && !Has(s.Name, "restart") && !Has(s.Name, "rebuild")
                    )
            )
        );
    }

    private static MitigationOption Escalate(string text, Incident incident, Policy policy)
    {
        var next = Deadlines
            .Of(incident, policy)
            .FirstOrDefault(d => d.Kind == DeadlineKind.Escalation && d.Row > TimeSpan.Zero);
        var fact = incident.Escalated.Count(e => e.Elapsed > TimeSpan.Zero) is > 0 and var rows
            ? $"{rows} rows of the escalation matrix are behind us"
            : "nobody beyond the first page has been called";
        return new(
            text,
            next is null ? fact : $"{fact}; next at T+{Elapsed.Words(next.Row!.Value)}: {next.Who}",
            null,
            []
        );
    }

    /// <summary>What is under the runbook of deploys, but the way back from a rollback.</summary>
    private static List<Step> Rollbacks(Policy policy) =>
        [
            .. policy
                .RunbookIndex.Where(l => Has(l.When, "deploy"))
                .SelectMany(l => Diagnostics.SectionSteps(l.Target, policy))
                .Where(s => s.IsRecovery && s.Effect != Effect.Read && !Has(s.Name, "undo")),
        ];

    private static ImmutableArray<ReadyStep> Ready(IEnumerable<Step> steps) =>
        [
            .. steps.Select(s => new ReadyStep(
                s.Name,
                s.Effect.ToString().ToLowerInvariant(),
                $"/run {s.Name}",
                s.Effect == Effect.Destructive ? $"/log about to run {s.Name} on {string.Join(" and ", s.Hosts)}" : null
            )),
        ];

    private static Voice.CallComparison? Comparison(IReadOnlyList<LogEntry> log) =>
        log.Select(e => e.Entry).OfType<Entry.CallsCompared>().LastOrDefault()?.Comparison;

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
