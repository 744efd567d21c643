using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Akira.Responder.Demo;

/// <param name="Fault">One of <see cref="SyntheticCalls.Faults"/>.</param>
public sealed record FaultRequest(string Fault);

/// <summary>
/// The synthetic platform as something that can be asked and repaired over HTTP, so that the demo's runbooks run real
/// commands. Mapped in the demo only.
/// </summary>
public static class DemoEndpoints
{
    private const string ProblemType = "about:blank";

    /// <summary>What a runbook's steps reach, without a token: a machine of the platform would ask for none either.</summary>
    public static void MapDemoPlatform(this IEndpointRouteBuilder routes)
    {
        var platform = routes.MapGroup("/demo").ExcludeFromDescription();
        platform.MapGet("/platform", (DemoPlatform demo) => State(demo));
        platform.MapGet("/smoke", (DemoPlatform demo) => SmokeCall(demo));
        platform.MapPost("/heal", (DemoPlatform demo) => Heal(demo));
    }

    /// <summary><c>POST /api/demo/break</c> and <c>/api/demo/heal</c>, for the console and the CLI. The caller sets the role.</summary>
    public static RouteGroupBuilder MapDemoFaults(this IEndpointRouteBuilder routes)
    {
        var faults = routes.MapGroup("/api/demo").ExcludeFromDescription();
        faults.MapPost(
            "/break",
            Results<Ok<string>, ProblemHttpResult> (FaultRequest request, DemoPlatform demo) =>
                demo.Break(request.Fault)
                    ? TypedResults.Ok(SyntheticCalls.Faults[request.Fault])
                    : TypedResults.Problem(
                        $"There is no fault «{request.Fault}». There are {string.Join(", ", SyntheticCalls.Faults.Keys)}.",
                        statusCode: StatusCodes.Status400BadRequest,
                        title: "Unknown fault",
                        type: ProblemType,
                        extensions: new Dictionary<string, object?> { ["code"] = "unknown-fault", ["field"] = "fault" }
                    )
        );
        faults.MapPost("/heal", (DemoPlatform demo) => Heal(demo));
        return faults;
    }

    private static string State(DemoPlatform demo) =>
        demo.Fault switch
        {
            null => "synthetic platform: kamailio active, postgresql active, cdr-worker active\n",
            "signaling" => "synthetic platform: kamailio FAILED (exit 1), postgresql active, cdr-worker active\n",
            "cdr" => "synthetic platform: kamailio active, postgresql active, cdr-worker STALLED\n",
            var fault => string.Create(
                CultureInfo.InvariantCulture,
                $"synthetic platform: every service is active, but {SyntheticCalls.Faults[fault]}\n"
            ),
        };

    /// <summary>One call through the synthetic platform: what a SIPp smoke test would find.</summary>
    private static IResult SmokeCall(DemoPlatform demo) =>
        demo.Fault switch
        {
            null or "cdr" => Results.Text("synthetic smoke call: answered, rang after 1.1 s\n"),
            var fault => Results.Text(
                $"synthetic smoke call failed: {SyntheticCalls.Faults[fault]}\n",
                statusCode: StatusCodes.Status503ServiceUnavailable
            ),
        };

    private static string Heal(DemoPlatform demo)
    {
        var fault = demo.Fault;
        demo.Heal();
        return fault is null ? "synthetic platform: nothing was broken\n" : $"synthetic platform: {fault} repaired\n";
    }
}
