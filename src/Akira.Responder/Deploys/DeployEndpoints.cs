using Akira.Responder.Access;
using Akira.Responder.Http;
using Akira.Responder.Incidents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Responder.Deploys;

/// <param name="At">When it happened; null: now.</param>
internal sealed record PostedDeploy(string? Version, string? Service, DateTimeOffset? At);

internal static class DeployEndpoints
{
    private const int LongestText = 200;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/deploys", Post)
            .RequireAuthorization(Policies.Responder)
            .WithTags("Deploys")
            .WithSummary("Tells of a deploy: open incidents take note, and the next one looks back a day")
            .Accepts<PostedDeploy>("application/json")
            .Produces<Deploy>();

    private static async Task<IResult> Post(HttpContext context, Desk desk)
    {
        var (posted, problem) = await JsonBody.Read(context, WireJson.Default.PostedDeploy);
        if (problem is not null)
            return problem;
        var now = desk.Clock.GetUtcNow();
        if (posted!.Version?.Trim() is not { Length: > 0 and <= LongestText } version)
            return Problem.BadField("version", $"must have 1 to {LongestText} characters");
        if (posted.Service?.Length > LongestText)
            return Problem.BadField("service", $"must have at most {LongestText} characters");
        if (posted.At > now.AddHours(1) || posted.At?.Year < 2000)
            return Problem.BadField("at", $"is {posted.At:u}, and it is {now:u} here");
        var deploy = new Deploy(
            version,
            posted.Service?.Trim() is { Length: > 0 } service ? service : null,
            Log.Micros.Round(posted.At ?? now)
        );
        await desk.Record(deploy, Caller.Of(context), context.RequestAborted);
        return TypedResults.Ok(deploy);
    }
}
