using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Akira.Core.Incidents;
using Akira.Responder.Access;
using Akira.Responder.Http;
using Akira.Responder.Log;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Akira.Responder.Incidents;

/// <param name="Text">A line of the chat grammar.</param>
internal sealed record Said(string? Text);

/// <param name="Incident">What it was about; null when it was about none.</param>
/// <param name="Reply">For the one who asked.</param>
/// <param name="Log">What was recorded.</param>
internal sealed record Told(string? Incident, string Reply, JsonObject[] Log);

internal static class IncidentEndpoints
{
    private const int MostListed = 500;

    public static void Map(IEndpointRouteBuilder app)
    {
        var incidents = app.MapGroup("/api").RequireAuthorization(Policies.Viewer).WithTags("Incidents");
        incidents.MapGet("/incidents", List).WithSummary("Incidents, the newest first").Produces<IncidentSummary[]>();
        incidents.MapGet("/incidents/{id}", Show).WithSummary("One incident, with its log").Produces<IncidentPage>();
        incidents
            .MapGet("/incidents/{id}/log", Log)
            .WithSummary("Its log: JSON, or Server-Sent Events when those are asked for")
            .Produces<JsonObject[]>();
        incidents
            .MapPost("/incidents/{id}/commands", (HttpContext context, Desk desk, string id) => Say(context, desk, id))
            .RequireAuthorization(Policies.Responder)
            .WithSummary("A line of the chat grammar, about this incident")
            .Accepts<Said>("application/json")
            .Produces<Told>();
        incidents
            .MapPost("/commands", (HttpContext context, Desk desk) => Say(context, desk, null))
            .RequireAuthorization(Policies.Responder)
            .WithSummary("A line of the chat grammar")
            .Accepts<Said>("application/json")
            .Produces<Told>();
    }

    /// <param name="state"><c>open</c> (whatever is not resolved) or <c>resolved</c>; both when missing.</param>
    /// <param name="before">An incident's id: the list goes on below it.</param>
    private static IResult List(Store store, string? state, string? before, int? limit)
    {
        if (state is not (null or "open" or "resolved"))
            return Problem.BadField("state", "must be open or resolved");
        var below = int.MaxValue;
        if (before is not null && !Incident.TryParseId(before, out below))
            return Problem.BadField("before", "must be an incident's id, such as INC-7");
        if (limit is < 1 or > MostListed)
            return Problem.BadField("limit", $"must be from 1 to {MostListed}");
        var rows = IncidentRows.List(store, state is null ? null : state == "open", below, limit ?? 100);
        return TypedResults.Ok(rows.Select(IncidentSummary.Of).ToArray());
    }

    private static IResult Show(Desk desk, string id) =>
        LogOf(desk, id) is { Count: > 0 } log
            ? TypedResults.Ok(IncidentPage.Of(log, desk.PolicyOf, desk.Facts(), desk.Clock.GetUtcNow()))
            : NotFound(id);

    private static IResult Log(HttpContext context, Desk desk, IHostApplicationLifetime life, string id, int? after)
    {
        if (LogOf(desk, id) is not { Count: > 0 } log)
            return NotFound(id);
        var seen = int.TryParse(context.Request.Headers["Last-Event-ID"], out var last) ? last : after ?? 0;
        if (
            !context.Request.Headers.Accept.Any(a => a?.Contains("text/event-stream", StringComparison.Ordinal) == true)
        )
            return TypedResults.Ok(log.Where(e => e.Seq > seen).Select(LogLine.Of).ToArray());
        return TypedResults.ServerSentEvents(Follow(desk, log[0].IncidentNumber, seen, life.ApplicationStopping));
    }

    private static async IAsyncEnumerable<SseItem<JsonObject>> Follow(
        Desk desk,
        int number,
        int seen,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken cancel = default
    )
    {
        // A responder that stops does not wait for its listeners to leave.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancel);
        while (true)
        {
            var position = desk.Log.Position;
            foreach (var entry in desk.Log.Of(number, seen))
            {
                seen = entry.Seq;
                yield return new SseItem<JsonObject>(LogLine.Of(entry), EntryJson.KindOf(entry.Entry))
                {
                    EventId = entry.Seq.ToString(System.Globalization.CultureInfo.InvariantCulture),
                };
            }
            try
            {
                await desk.Log.WaitPast(position, over.Token);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }
        }
    }

    private static async Task<IResult> Say(HttpContext context, Desk desk, string? id)
    {
        var (said, problem) = await JsonBody.Read(context, WireJson.Default.Said);
        if (problem is not null)
            return problem;
        if (said!.Text is not { } text)
            return Problem.BadField("text", "is missing: {\"text\": \"ACK anna\"}");
        int? number = null;
        if (id is not null)
        {
            if (!Incident.TryParseId(id, out var named))
                return NotFound(id);
            number = named;
        }
        var answer = await desk.Say(text, number, Caller.Of(context), context.RequestAborted);
        return answer.Refusal is { } refusal
            ? Problem.Refused(refusal)
            : TypedResults.Ok(
                new Told(
                    answer.Incident is { } n ? Incident.IdOf(n) : null,
                    answer.Reply,
                    [.. answer.Entries.Select(LogLine.Of)]
                )
            );
    }

    private static IReadOnlyList<LogEntry>? LogOf(Desk desk, string id) =>
        Incident.TryParseId(id, out var number) ? desk.Log.Of(number) : null;

    private static Problem NotFound(string id) =>
        Problem.Of(
            StatusCodes.Status404NotFound,
            "no-incident",
            $"There is no incident {(id.Length <= 32 ? id : "of that name")}."
        );
}
