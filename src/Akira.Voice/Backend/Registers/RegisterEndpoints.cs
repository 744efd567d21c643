using System.Globalization;
using Akira.Http;
using Akira.Voice.Backend.Access;
using Akira.Voice.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Route = Akira.Voice.Management.Route;

namespace Akira.Voice.Backend.Registers;

/// <summary>The same addresses for each register.</summary>
internal static class RegisterEndpoints
{
    private const int LongestPage = 500;

    public static void Map(IEndpointRouteBuilder app)
    {
        Map<Customer>(app, "customers");
        Map<Trunk>(app, "trunks");
        Map<Route>(app, "routes");
        Map<Rate>(app, "rates");
        app.MapGet("/api/audit", ListAudit)
            .RequireAuthorization(Policies.Operator)
            .WithTags("Audit")
            .WithSummary("Who did what, the newest first")
            .Produces<Page<Audit>>();
    }

    private static void Map<T>(IEndpointRouteBuilder app, string name)
        where T : class, IEntry
    {
        var group = app.MapGroup($"/api/{name}").WithTags(name);
        group
            .MapGet("", List<T>)
            .RequireAuthorization(Policies.Viewer)
            .WithSummary($"All {name}; with archived=true those that were archived too")
            .Produces<T[]>();
        group
            .MapGet("/{id}", Show<T>)
            .RequireAuthorization(Policies.Viewer)
            .WithSummary("One, with its ETag")
            .Produces<T>();
        group
            .MapPost("", Create<T>)
            .RequireAuthorization(Policies.Operator)
            .WithSummary("Makes one")
            .Accepts<T>("application/json")
            .Produces<T>(StatusCodes.Status201Created);
        group
            .MapPut("/{id}", Change<T>)
            .RequireAuthorization(Policies.Operator)
            .WithSummary("Changes one; If-Match says which version was read")
            .Accepts<T>("application/json")
            .Produces<T>();
        group
            .MapPost("/{id}/archive", (HttpContext c, Register<T> r, string id) => Archive(c, r, id, true))
            .RequireAuthorization(Policies.Operator)
            .WithSummary("Takes one out of use; nothing is deleted")
            .Produces<T>();
        group
            .MapPost("/{id}/restore", (HttpContext c, Register<T> r, string id) => Archive(c, r, id, false))
            .RequireAuthorization(Policies.Operator)
            .WithSummary("Puts an archived one back into use")
            .Produces<T>();
    }

    private static async Task<IResult> List<T>(
        HttpContext context,
        Register<T> register,
        bool archived = false,
        string? q = null
    )
        where T : class, IEntry
    {
        var all = await register.List(archived, context.RequestAborted);
        if (q is { Length: > 0 })
            all.RemoveAll(e => !Has(e.Id) && !Has(register.Kind.Title(e)));
        return TypedResults.Ok(all.ToArray());

        bool Has(string text) => text.Contains(q, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<IResult> Show<T>(HttpContext context, Register<T> register, string id)
        where T : class, IEntry =>
        Answer(context, await register.Find(id, context.RequestAborted), register.NotFound(id));

    private static async Task<IResult> Create<T>(HttpContext context, Register<T> register)
        where T : class, IEntry
    {
        var (posted, bad) = await JsonBody.Read(context, register.Kind.Wire);
        if (bad is not null)
            return bad;
        var (made, problem) = await register.Create(posted!, Caller.NameOf(context), context.RequestAborted);
        if (made is null)
            return problem!;
        context.Response.Headers.ETag = TagOf(made);
        return TypedResults.Created($"{context.Request.Path}/{made.Id}", made);
    }

    private static async Task<IResult> Change<T>(HttpContext context, Register<T> register, string id)
        where T : class, IEntry
    {
        if (Version(context) is not { } version)
            return NoVersion;
        var (posted, bad) = await JsonBody.Read(context, register.Kind.Wire);
        if (bad is not null)
            return bad;
        var by = Caller.NameOf(context);
        var (now, problem) = await register.Update(id, posted, version, null, by, context.RequestAborted);
        return Answer(context, now, problem);
    }

    private static async Task<IResult> Archive<T>(HttpContext context, Register<T> register, string id, bool archived)
        where T : class, IEntry
    {
        if (Version(context) is not { } version)
            return NoVersion;
        var by = Caller.NameOf(context);
        var (now, problem) = await register.Update(id, null, version, archived, by, context.RequestAborted);
        return Answer(context, now, problem);
    }

    private static async Task<IResult> ListAudit(
        HttpContext context,
        AuditTrail trail,
        string? kind = null,
        string? id = null,
        long? after = null,
        int limit = 50
    ) =>
        limit is < 1 or > LongestPage
            ? Problem.BadField("limit", $"must be 1 to {LongestPage}")
            : TypedResults.Ok(await trail.List(kind, id, after, limit, context.RequestAborted));

    private static IResult Answer<T>(HttpContext context, T? entry, Problem? problem)
        where T : class, IEntry
    {
        if (entry is null)
            return problem!;
        context.Response.Headers.ETag = TagOf(entry);
        return TypedResults.Ok(entry);
    }

    private static string TagOf(IEntry entry) => string.Create(CultureInfo.InvariantCulture, $"\"{entry.Version}\"");

    private static int? Version(HttpContext context) =>
        int.TryParse(
            context.Request.Headers.IfMatch.ToString().Trim('"'),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var version
        )
            ? version
            : null;

    private static Problem NoVersion { get; } =
        Problem.Of(
            StatusCodes.Status428PreconditionRequired,
            "no-version",
            "Say which version you read, so that nobody's change is overwritten: If-Match: \"3\"."
        );
}
