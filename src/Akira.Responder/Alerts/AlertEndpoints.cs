using Akira.Core.Alerts;
using Akira.Responder.Access;
using Akira.Responder.Deadlines;
using Akira.Responder.DeadMan;
using Akira.Responder.Http;
using Akira.Responder.Incidents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Responder.Alerts;

/// <summary>Where alerts come in. They are on the disk before 200 goes out.</summary>
internal static class AlertEndpoints
{
    /// <summary>A webhook tells of a change once, and of what stays hours later: it is not a re-send each minute.</summary>
    private static readonly TimeSpan WebhookHolds = Leases.Longest;

    public static void Map(IEndpointRouteBuilder app)
    {
        var alerts = app.MapGroup("").RequireAuthorization(Policies.AlertIntake).WithTags("Alerts");
        alerts
            .MapPost("/api/v2/alerts", PostAlerts)
            .WithSummary("Alertmanager's own API: Prometheus can send here directly")
            .Accepts<PostedAlert[]>("application/json")
            .Produces(StatusCodes.Status200OK);
        alerts
            .MapPost(
                "/webhooks/alertmanager",
                (HttpContext context, Desk desk, Leases leases, Watchdogs watchdogs, Telemetry telemetry) =>
                    PostWebhook(context, desk, leases, watchdogs, telemetry, "4")
            )
            .WithSummary("Alertmanager's webhook, version 4")
            .Accepts<PostedWebhook>("application/json")
            .Produces(StatusCodes.Status200OK);
        alerts
            .MapPost(
                "/webhooks/grafana",
                (HttpContext context, Desk desk, Leases leases, Watchdogs watchdogs, Telemetry telemetry) =>
                    PostWebhook(context, desk, leases, watchdogs, telemetry, null)
            )
            .WithSummary("Grafana's webhook contact point")
            .Accepts<PostedWebhook>("application/json")
            .Produces(StatusCodes.Status200OK);
    }

    private static async Task<IResult> PostAlerts(
        HttpContext context,
        Desk desk,
        Leases leases,
        Watchdogs watchdogs,
        Telemetry telemetry
    )
    {
        var (posted, problem) = await JsonBody.Read(context, WireJson.Default.PostedAlertArray);
        return problem
            ?? await Receive(posted!, "", desk, leases, watchdogs, telemetry, held: null, context.RequestAborted);
    }

    private static async Task<IResult> PostWebhook(
        HttpContext context,
        Desk desk,
        Leases leases,
        Watchdogs watchdogs,
        Telemetry telemetry,
        string? version
    )
    {
        var (webhook, problem) = await JsonBody.Read(context, WireJson.Default.PostedWebhook);
        if (problem is not null)
            return problem;
        if (version is not null && webhook!.Version != version)
            return Problem.BadField("version", $"must be \"{version}\"");
        return webhook!.Alerts is { } posted
            ? await Receive(posted, "alerts", desk, leases, watchdogs, telemetry, WebhookHolds, context.RequestAborted)
            : Problem.BadField("alerts", "is missing");
    }

    private static async Task<IResult> Receive(
        PostedAlert[] posted,
        string field,
        Desk desk,
        Leases leases,
        Watchdogs watchdogs,
        Telemetry telemetry,
        TimeSpan? held,
        CancellationToken cancel
    )
    {
        var now = desk.Clock.GetUtcNow();
        var scaled = desk.Clock as ScaledTime;
        var world = scaled is null ? now : scaled.World;
        var news = new List<Alert>();
        for (var i = 0; i < posted.Length; i++)
        {
            if (posted[i] is not { } alert)
                return Problem.BadField($"{field}[{i}]", "is null: an alert belongs here");
            if (alert.Check(world) is var (member, what))
                return Problem.BadField($"{field}[{i}].{member}", what);
        }
        Func<DateTimeOffset, DateTimeOffset> toOurClock = scaled is null ? t => t : scaled.FromWorld;
        var renewed = 0;
        foreach (var alert in posted)
        {
            // Most of what comes in is re-sent: that must not even cost an Alert.
            var end = alert.EndOn(toOurClock, now, held);
            if ((end is null || end > now) && leases.TryRenew(alert.Fingerprint, end, now))
                renewed++;
            else
                news.Add(alert.ToAlert(toOurClock, now, end));
        }
        telemetry.Alerts("resent", renewed);
        await desk.Receive(watchdogs.Without(news), cancel);
        return TypedResults.Ok();
    }
}
