using System.Text;
using Akira.Core.Incidents;
using Akira.Core.Voice;
using Akira.Responder.Access;
using Akira.Responder.Http;
using Akira.Responder.Incidents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Responder.Postmortems;

/// <param name="Text">The whole document, in Markdown.</param>
/// <param name="Base">The version it was made from; 0: the one made from the log.</param>
internal sealed record PostedPaper(string? Text, int? Base);

/// <summary>An action item of some incident's post-mortem.</summary>
/// <param name="Id"><c>INC-7.2</c>.</param>
internal sealed record Ticket(
    string Id,
    string Incident,
    int Number,
    string Owner,
    string What,
    DateOnly? Due,
    bool Overdue,
    DateTimeOffset AddedAt,
    DateTimeOffset? DoneAt
);

internal static class PostmortemEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var papers = app.MapGroup("/api").RequireAuthorization(Policies.Viewer).WithTags("Post-mortems");
        papers
            .MapGet("/incidents/{id}/postmortem", Show)
            .WithSummary("Its post-mortem in Markdown; in HTML with format=html, or when that is asked for");
        papers
            .MapPut("/incidents/{id}/postmortem", Edit)
            .RequireAuthorization(Policies.Responder)
            .WithSummary("A new version of it; every one is kept")
            .Accepts<PostedPaper>("application/json")
            .Produces<PaperVersion[]>();
        papers
            .MapGet("/incidents/{id}/postmortem/versions", Versions)
            .WithSummary("The versions that people wrote")
            .Produces<PaperVersion[]>();
        papers
            .MapGet("/incidents/{id}/postmortem/{figure}.svg", Plot)
            .WithSummary("A figure of calls in its time: attempts, asr or pdd");
        papers
            .MapGet("/actions", Actions)
            .WithSummary("Action items of all post-mortems, the next due first")
            .Produces<Ticket[]>();
    }

    private static IResult Show(HttpContext context, Papers papers, string id, int? version, string? format)
    {
        if (format is not (null or "markdown" or "html"))
            return Problem.BadField("format", "must be markdown or html");
        if (Find(papers, id, version) is not { } paper)
            return NotFound(id, version);
        var html =
            format == "html"
            || format is null
                && context.Request.Headers.Accept.Any(a => a?.Contains("text/html", StringComparison.Ordinal) == true);
        context.Response.Headers["X-Akira-Version"] = paper.Version.ToString(
            System.Globalization.CultureInfo.InvariantCulture
        );
        return html
            ? TypedResults.Content(
                PaperHtml.Page(paper, papers, $"{context.Request.Scheme}://{context.Request.Host}/"),
                "text/html",
                Encoding.UTF8
            )
            : TypedResults.Content(paper.Markdown, "text/markdown", Encoding.UTF8);
    }

    private static async Task<IResult> Edit(HttpContext context, Desk desk, Papers papers, string id)
    {
        var (posted, problem) = await JsonBody.Read(context, WireJson.Default.PostedPaper);
        if (problem is not null)
            return problem;
        if (posted!.Text is not { } text)
            return Problem.BadField("text", "is missing: the whole document, in Markdown");
        if (posted.Base is not { } version)
            return Problem.BadField(
                "base",
                "is missing: the version that it was made from, 0 for the one made from the log"
            );
        if (!Incident.TryParseId(id, out var number) || papers.Of(number) is null)
            return NotFound(id, null);
        var edit = new Command.EditPostmortem(text.ReplaceLineEndings("\n"), version);
        return await desk.Decide(number, edit, Caller.Of(context), context.RequestAborted) switch
        {
            Decision.Refused refused => Problem.Refused(refused.Refusal),
            _ => TypedResults.Ok(VersionsOf(papers.Of(number)!)),
        };
    }

    private static IResult Versions(Papers papers, string id) =>
        Find(papers, id, null) is { } paper ? TypedResults.Ok(VersionsOf(paper)) : NotFound(id, null);

    private static PaperVersion[] VersionsOf(Paper paper) =>
        [
            .. paper.Versions.Select(
                (e, i) => new PaperVersion(i + 1, e.At, e.By.Name, ((Entry.PostmortemEdited)e.Entry).Text.Length)
            ),
        ];

    private static IResult Plot(Papers papers, string id, string figure) =>
        Find(papers, id, null) is not { } paper ? NotFound(id, null)
        : !CallPlot.Figures.Contains(figure)
            ? Problem.BadField("figure", $"must be one of {string.Join(", ", CallPlot.Figures)}")
        : TypedResults.Content(papers.Plot(paper, figure), "image/svg+xml", Encoding.UTF8);

    private static IResult Actions(Desk desk, string? state)
    {
        if (state is not (null or "open" or "done"))
            return Problem.BadField("state", "must be open or done");
        return TypedResults.Ok(
            Tickets(desk).Where(t => state is null || (t.DoneAt is null) == (state == "open")).ToArray()
        );
    }

    /// <summary>Open ones first, the next due before those that have time or no date.</summary>
    public static IEnumerable<Ticket> Tickets(Desk desk)
    {
        var now = desk.Clock.GetUtcNow();
        return desk
            .Log.WithActions()
            .Select(n => desk.Find(n)!)
            .SelectMany(i =>
                i.Actions.Select(a => new Ticket(
                    FormattableString.Invariant($"{i.Id}.{a.Number}"),
                    i.Id,
                    a.Number,
                    a.Owner,
                    a.What,
                    a.Due,
                    a.IsOverdue(now),
                    a.AddedAt,
                    a.DoneAt
                ))
            )
            .OrderBy(t => t.DoneAt is not null)
            .ThenBy(t => t.Due ?? DateOnly.MaxValue)
            .ThenBy(t => t.AddedAt);
    }

    private static Paper? Find(Papers papers, string id, int? version) =>
        Incident.TryParseId(id, out var number) ? papers.Of(number, version) : null;

    private static Problem NotFound(string id, int? version) =>
        Problem.Of(
            StatusCodes.Status404NotFound,
            "no-postmortem",
            (id.Length <= 32 ? id : "That incident")
                + (version is null ? " is no incident." : " is no incident, or its post-mortem has no such version.")
        );
}
