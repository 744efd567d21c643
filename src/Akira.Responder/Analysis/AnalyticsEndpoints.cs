using Akira.Core.Incidents;
using Akira.Responder.Access;
using Akira.Responder.Incidents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Responder.Analysis;

/// <summary>The figures of the incidents that were detected from one time to another; real ones and drills apart.</summary>
internal sealed record AnalyticsReport(DateTimeOffset From, DateTimeOffset To, GroupsShown Real, GroupsShown Drills)
{
    public const int UsualDays = 90;

    public static AnalyticsReport Of(Desk desk, DateTimeOffset from, DateTimeOffset to)
    {
        var sorts = desk.Log.Times(from, to).ToLookup(i => i.IsDrill);
        return new(
            from,
            to,
            GroupsShown.Of(Analytics.Of([.. sorts[false]])),
            GroupsShown.Of(Analytics.Of([.. sorts[true]]))
        );
    }
}

internal sealed record GroupsShown(GroupShown All, GroupShown[] BySeverity, GroupShown[] BySubsystem)
{
    public static GroupsShown Of(Analytics a) =>
        new(GroupShown.Of(a.All), [.. a.BySeverity.Select(GroupShown.Of)], [.. a.BySubsystem.Select(GroupShown.Of)]);
}

internal sealed record GroupShown(
    string Name,
    int Incidents,
    SpreadShown Mttd,
    SpreadShown Mtta,
    SpreadShown Mttm,
    SpreadShown Mttr,
    int AcksMissed,
    int UpdatesMissed,
    int Escalations,
    int Overridden
)
{
    public static GroupShown Of(IncidentGroup g) =>
        new(
            g.Name,
            g.Incidents,
            SpreadShown.Of(g.ToDetect),
            SpreadShown.Of(g.ToAcknowledge),
            SpreadShown.Of(g.ToMitigate),
            SpreadShown.Of(g.ToResolve),
            g.AcksMissed,
            g.UpdatesMissed,
            g.Escalations,
            g.Overridden
        );
}

/// <param name="N">How many incidents it rests on.</param>
internal sealed record SpreadShown(int N, double? MeanSeconds, double? MedianSeconds)
{
    public static SpreadShown Of(Spread s) => new(s.N, s.Mean?.TotalSeconds, s.Median?.TotalSeconds);
}

internal static class AnalyticsEndpoints
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/api/analytics", Show)
            .RequireAuthorization(Policies.Viewer)
            .WithTags("Analytics")
            .WithSummary("MTTD, MTTA, MTTM and MTTR by severity and subsystem; drills apart")
            .Produces<AnalyticsReport>();

    private static IResult Show(Desk desk, DateTimeOffset? from, DateTimeOffset? to, int? days)
    {
        if (days is < 1 or > 3650)
            return Problem.BadField("days", "must be from 1 to 3650");
        var until = to ?? desk.Clock.GetUtcNow();
        var since = from ?? until.AddDays(-(days ?? AnalyticsReport.UsualDays));
        return since >= until
            ? Problem.BadField("from", "must be before to")
            : TypedResults.Ok(AnalyticsReport.Of(desk, since, until));
    }
}
