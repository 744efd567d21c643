using System.Collections.Immutable;
using Akira.Core.OnCall;
using Akira.Responder.Access;
using Akira.Responder.Http;
using Akira.Responder.Incidents;
using Akira.Responder.Runbooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Responder.OnCall;

/// <param name="Role">As it is now.</param>
internal sealed record OnCallPerson(string Name, string Role);

/// <param name="Until">When the turn ends; null: there is no rotation.</param>
/// <param name="Shifts">Of the next two weeks, the one that holds now first.</param>
internal sealed record OnCallNow(OnCallPerson[] People, DateTimeOffset? Until, Cover[] Covers, Shift[] Shifts);

/// <param name="Role"><c>primary</c>, as without it, or <c>secondary</c>.</param>
internal sealed record PostedCover(string? Name, DateTimeOffset? From, DateTimeOffset? Until, string? Role = null);

/// <param name="Covers">What was added.</param>
/// <param name="Ended">How many covers of the same events are no longer meant.</param>
/// <param name="Until">Events after this were not looked at; so are those of one that is repeated.</param>
internal sealed record Imported(Cover[] Covers, int Ended, DateTimeOffset Until, string Said);

internal static class OnCallEndpoints
{
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(14);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api").WithTags("On call");
        group
            .MapGet("/oncall", Now)
            .RequireAuthorization(Policies.Viewer)
            .WithSummary("Who has which role now, and who covers for whom")
            .Produces<OnCallNow>();
        group
            .MapPost("/oncall/covers", Add)
            .RequireAuthorization(Policies.Responder)
            .WithSummary("Somebody is primary, or secondary, from one time to another")
            .Accepts<PostedCover>("application/json")
            .Produces<Cover>();
        group
            .MapDelete("/oncall/covers/{id:long}", End)
            .RequireAuthorization(Policies.Responder)
            .WithSummary("A cover is over now, or never begins")
            .Produces(StatusCodes.Status204NoContent);
        group
            .MapGet("/oncall.ics", (Desk desk, PolicyState policies) => Feed(desk, policies))
            .RequireAuthorization(Policies.Viewer)
            .WithSummary("The shifts of the next 90 days, as a calendar")
            .Produces<string>(contentType: "text/calendar");
        group
            .MapPost("/oncall.ics", Import)
            .RequireAuthorization(Policies.Responder)
            .WithSummary("A calendar: each event whose title is a name of the on-call table is a cover")
            .Accepts<string>("text/calendar")
            .Produces<Imported>();
    }

    private static IResult Now(Desk desk, PolicyState policies)
    {
        var now = desk.Clock.GetUtcNow();
        var platform = desk.Policy.Platform.OnDuty(now, policies.Covers.All);
        return TypedResults.Ok(
            new OnCallNow(
                [.. platform.OnCall.Select(p => new OnCallPerson(p.Name, p.Role))],
                platform.Rotation?.ShiftAt(now).Until,
                [.. policies.Covers.All.Where(c => c.Until > now)],
                [.. desk.Policy.Platform.Shifts(policies.Covers.All, now, Ahead)]
            )
        );
    }

    private static async Task<IResult> Add(HttpContext context, Desk desk, PolicyState policies)
    {
        var (posted, problem) = await JsonBody.Read(context, WireJson.Default.PostedCover);
        if (problem is not null)
            return problem;
        if (Named(posted!.Name, desk) is not { } name)
            return Problem.BadField("name", "must stand in the on-call table");
        var from = posted.From ?? desk.Clock.GetUtcNow();
        if (posted.Until is not { } until || until <= from || until - from > Longest)
            return Problem.BadField("until", "must be after from, and at most 31 days");
        if ((posted.Role ?? Roster.Primary) is not (Roster.Primary or Roster.Secondary))
            return Problem.BadField("role", "must be primary or secondary");
        var cover = new Cover(
            name,
            Log.Micros.Round(from),
            Log.Micros.Round(until),
            Caller.Of(context).Name,
            Role: posted.Role ?? Roster.Primary
        );
        return TypedResults.Ok(policies.Covers.Change([cover], [], desk.Clock.GetUtcNow())[0]);
    }

    private static IResult End(long id, Desk desk, PolicyState policies)
    {
        var now = desk.Clock.GetUtcNow();
        if (policies.Covers.All.FirstOrDefault(c => c.Id == id && c.Until > now) is not { } cover)
            return Problem.Of(
                StatusCodes.Status404NotFound,
                "no-cover",
                $"There is no cover {id}, or it is over. GET /api/oncall lists them."
            );
        policies.Covers.Change([], [cover], now);
        return TypedResults.NoContent();
    }

    private static IResult Feed(Desk desk, PolicyState policies) =>
        TypedResults.Text(
            OnCallCalendar.Write(desk.Policy.Platform, policies.Covers.All, desk.Clock.GetUtcNow()),
            "text/calendar"
        );

    private static async Task<IResult> Import(HttpContext context, Desk desk, PolicyState policies)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        var now = desk.Clock.GetUtcNow();
        if (OnCallCalendar.Read(text, now) is not { } calendar)
            return Problem.Of(StatusCodes.Status400BadRequest, "bad-input", "The body is no calendar (RFC 5545).");
        var stranger = calendar.Covers.FirstOrDefault(e => Named(e.Name, desk) is null);
        if (stranger is not null)
            return Problem.Of(
                StatusCodes.Status400BadRequest,
                "unknown-person",
                $"An event is titled «{Channels.Telegram.Html.Cut(stranger.Name, 60)}», and the on-call table has nobody of that name. Nothing was taken over."
            );
        var until = now + OnCallCalendar.Ahead;
        var read = calendar
            .Covers.Select(e => e with { Name = Named(e.Name, desk)!, By = Caller.Of(context).Name })
            .ToList();
        var known = policies.Covers.All.Where(c => c.Until > now).ToList();
        var added = read.Where(c => !known.Any(k => IsSame(k, c))).ToImmutableArray();
        var ended = known
            .Where(k =>
                k.Event is { } uid && calendar.Events.Contains(uid) && k.From < until && !read.Any(c => IsSame(k, c))
            )
            .ToImmutableArray();
        var covers = policies.Covers.Change(added, ended, now);
        return TypedResults.Ok(
            new Imported(
                [.. covers],
                ended.Length,
                until,
                $"{covers.Length} {(covers.Length == 1 ? "cover" : "covers")} added, {read.Count - covers.Length} were there, {ended.Length} ended. "
                    + $"What comes after {until:yyyy-MM-dd} was not taken over, not of repeated events either: import it again before."
            )
        );
    }

    private static bool IsSame(Cover one, Cover other) =>
        (one.Name, one.From, one.Until) == (other.Name, other.From, other.Until);

    private static string? Named(string? name, Desk desk) => desk.Policy.Platform.Person(name?.Trim() ?? "")?.Name;
}
