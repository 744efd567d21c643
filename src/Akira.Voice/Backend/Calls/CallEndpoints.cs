using Akira.Http;
using Akira.Voice.Backend.Access;
using Akira.Voice.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Voice.Backend.Calls;

internal static class CallEndpoints
{
    private const int LongestUid = 128;

    public static void Map(IEndpointRouteBuilder app)
    {
        var calls = app.MapGroup("/api").RequireAuthorization(Policies.Viewer).WithTags("Calls");
        calls
            .MapGet("/calls", Search)
            .WithSummary("Calls, the newest first; number, callId, customer, trunk, code, from, to")
            .Produces<Page<Call>>();
        calls.MapGet("/calls/{uid}", Show).WithSummary("All that is known of a call").Produces<CallPage>();
    }

    private static async Task<IResult> Search(HttpContext context, CallSearch search, string? after, int limit = 50)
    {
        var (query, problem) = CallQuery.Read(context.Request.Query);
        if (query is null)
            return problem!;
        if (limit is < 1 or > CallQuery.LongestPage)
            return Problem.BadField("limit", $"must be 1 to {CallQuery.LongestPage}");
        var cursor = after is { Length: > 0 } ? Cursor.Parse(after) : null;
        if (after is { Length: > 0 } && cursor is null)
            return Problem.BadField("after", "must be the next of the page before");
        return TypedResults.Ok(await search.Page(query, cursor, limit, context.RequestAborted));
    }

    private static async Task<IResult> Show(HttpContext context, CallSearch search, string uid) =>
        uid.Length <= LongestUid
        && !uid.Contains('\0', StringComparison.Ordinal)
        && await search.Find(uid, context.RequestAborted) is { } call
            ? TypedResults.Ok(call)
            : Problem.Of(StatusCodes.Status404NotFound, "not-found", "There is no call of that identity.");
}
