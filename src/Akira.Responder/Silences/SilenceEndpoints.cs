using System.Text.Json;
using System.Text.Json.Nodes;
using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Core.Silences;
using Akira.Responder.Access;
using Akira.Responder.Http;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Responder.Silences;

/// <param name="What">As in the chat: <c>SEV2 database host=~"db-.*"</c>.</param>
/// <param name="From">Missing: now.</param>
internal sealed record PostedSilence(string? What, DateTimeOffset? From, DateTimeOffset? Until, string? Reason);

/// <param name="Incident">The open incident in which it fires without a word; null: none.</param>
internal sealed record KeptAlert(
    string Name,
    string Severity,
    string Subsystem,
    string Summary,
    DateTimeOffset Since,
    string? Incident
);

/// <param name="Holds">Whether it has begun.</param>
/// <param name="Window">The maintenance window whose time it is; null: a person set it.</param>
/// <param name="Alerts">How many it has kept back so far.</param>
/// <param name="Firing">Those that fire now.</param>
internal sealed record SilenceView(
    int Number,
    string What,
    DateTimeOffset From,
    DateTimeOffset Until,
    bool Holds,
    string By,
    string Reason,
    string? Window,
    int Alerts,
    KeptAlert[] Firing
)
{
    public static SilenceView[] All(Silencing silencing, DateTimeOffset now) =>
        [.. silencing.Standing.Values.Select(s => Of(s, silencing, now))];

    public static SilenceView Of(Silence silence, Silencing silencing, DateTimeOffset now) =>
        new(
            silence.Number,
            silence.Scope.ToString(),
            silence.From,
            silence.Until,
            silence.HoldsAt(now),
            silence.By,
            silence.Reason,
            silence.Window,
            silence.Alerts,
            [
                .. silencing
                    .Alerts.Values.Where(a => a.Silence == silence.Number)
                    .OrderBy(a => a.Alert.Severity)
                    .ThenBy(a => a.Since)
                    .Select(a => new KeptAlert(
                        a.Alert.Alert.Name,
                        a.Alert.Severity.ToString(),
                        a.Alert.Subsystem,
                        a.Alert.Alert.Summary,
                        a.Since,
                        a.Incident is { } n ? Incident.IdOf(n) : null
                    )),
            ]
        );
}

internal static class SilenceEndpoints
{
    private const int MostLogged = 1000;

    public static void Map(IEndpointRouteBuilder app)
    {
        var silences = app.MapGroup("/api/silences").RequireAuthorization(Policies.Viewer).WithTags("Silences");
        silences
            .MapGet("", (Desk desk) => TypedResults.Ok(SilenceView.All(desk.Board.Silencing, desk.Clock.GetUtcNow())))
            .WithSummary("What is silenced, by whom, why, until when, and which alerts that keeps back now");
        silences
            .MapGet("/log", Log)
            .WithSummary("The log of silences, the newest entry first")
            .Produces<JsonObject[]>();
        silences
            .MapPost("", Set)
            .RequireAuthorization(Policies.Responder)
            .WithSummary("Alerts of a kind open no page from one time to another")
            .Accepts<PostedSilence>("application/json")
            .Produces<SilenceView>(StatusCodes.Status201Created);
        silences
            .MapDelete("/{number:int}", End)
            .RequireAuthorization(Policies.Responder)
            .WithSummary("It is over now: what still fires is news")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static IResult Log(Store store, int? limit)
    {
        if (limit is < 1 or > MostLogged)
            return Problem.BadField("limit", $"must be from 1 to {MostLogged}");
        return TypedResults.Ok(SilenceRows.Latest(store, limit ?? 100).Select(Line).ToArray());
    }

    private static async Task<IResult> Set(HttpContext context, Desk desk)
    {
        var (posted, problem) = await JsonBody.Read(context, WireJson.Default.PostedSilence);
        if (problem is not null)
            return problem;
        if (posted!.What is not { Length: > 0 } what)
            return Problem.BadField("what", $"is missing: {ScopeGrammar.Example}");
        if (posted.Until is not { } until)
            return Problem.BadField("until", "is missing: 2026-03-01T08:00:00Z");
        var scope = ScopeGrammar.Read(
            what,
            word => Triage.SeverityOf(word, desk.Policy),
            desk.Policy.AllSubsystems,
            out var error
        );
        if (scope is null)
            return Problem.BadField("what", $"cannot be read. {error}");
        var (decision, silencing) = await desk.Silence(
            (silencing, policy, now) =>
            {
                var from = posted.From is { } said ? Micros.Round(said) : now;
                return SilenceDecisions.Set(
                    silencing,
                    scope,
                    from,
                    Micros.Round(until) - from,
                    posted.Reason ?? "",
                    Caller.Of(context),
                    policy,
                    now
                );
            },
            Caller.Of(context),
            context.RequestAborted
        );
        if (decision.Refusal is { } refusal)
            return Problem.Refused(refusal);
        var number = ((SilenceEntry.Set)decision.Entries[0]).Number;
        return TypedResults.Created(
            $"/api/silences/{number}",
            SilenceView.Of(silencing.Standing[number], silencing, desk.Clock.GetUtcNow())
        );
    }

    private static async Task<IResult> End(HttpContext context, Desk desk, int number)
    {
        var by = Caller.Of(context);
        var (decision, _) = await desk.Silence(
            (silencing, _, _) => SilenceDecisions.End(silencing, number, by),
            by,
            context.RequestAborted
        );
        return decision.Refusal switch
        {
            null => TypedResults.NoContent(),
            { Code: "no-silence" } missing => Problem.Of(StatusCodes.Status404NotFound, missing.Code, missing.Sentence),
            var refusal => Problem.Refused(refusal),
        };
    }

    private static JsonObject Line(LoggedSilence logged)
    {
        var line = JsonSerializer.SerializeToNode(logged.Entry, SilenceJson.Default.SilenceEntry)!.AsObject();
        line.Insert(0, "seq", logged.Seq);
        line.Insert(1, "at", logged.At);
        line.Insert(2, "by", logged.By.Name);
        line.Insert(3, "via", logged.By.Via);
        return line;
    }
}
