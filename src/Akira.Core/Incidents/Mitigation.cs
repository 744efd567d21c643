using System.Collections.Immutable;
using Akira.Core.Runbooks;

namespace Akira.Core.Incidents;

/// <param name="Text">The option as the runbook writes it.</param>
/// <param name="Fact">What speaks for it or against it now.</param>
public sealed record MitigationOption(string Text, string Fact);

/// <summary>Restore first: the runbook's options in the runbook's order, with the facts for each.</summary>
public static class Mitigation
{
    public static ImmutableArray<MitigationOption> Of(Incident incident, Policy policy) =>
        [.. policy.MitigationOrder.Select(text => new MitigationOption(text, Fact(text, incident)))];

    private static string Fact(string text, Incident incident)
    {
        if (Has(text, "roll back") || Has(text, "rollback"))
            return incident.LastDeploy is not { } deploy
                ? "no deploy is known in the day before"
                : $"{deploy.Service ?? "deploy"} {deploy.Version}, "
                    + (
                        deploy.DeployedAt <= incident.DetectedAt
                            ? $"{Elapsed.Words(incident.DetectedAt - deploy.DeployedAt)} before detection"
                            : $"{incident.SinceDetection(deploy.DeployedAt)}, after detection"
                    );
        if (Has(text, "restart"))
            return incident.FailingServices.ToList() switch
            {
                [] => "no alert names a failing service",
                [var one] => $"only {one} is failing",
                var many => $"{many.Count} services are failing, not one alone: {string.Join(", ", many)}",
            };
        if (Has(text, "fail over") || Has(text, "failover"))
            return incident.Subsystem.Equals("database", StringComparison.OrdinalIgnoreCase)
                ? "the database is affected; the time to recover its primary is unknown"
                : $"the database is not the affected subsystem ({incident.Subsystem})";
        if (Has(text, "escalate"))
            return incident.Escalated.Count(e => e.Elapsed > TimeSpan.Zero) is > 0 and var rows
                ? $"{rows} rows of the escalation matrix are behind us"
                : "nobody beyond the first page has been called";
        return "";
    }

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
