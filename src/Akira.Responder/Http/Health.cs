using System.Collections.Immutable;
using Akira.Responder.Log;
using Akira.Responder.Runbooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Responder.Http;

/// <param name="Status"><c>ok</c>, or what is wrong.</param>
/// <param name="Findings">Of the checker, when the runbooks on disk cannot be obeyed and the last good ones rule.</param>
internal sealed record Health(string Status, ImmutableArray<string> Findings)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => TypedResults.Ok(new Health("ok", [])))
            .AllowAnonymous()
            .WithSummary("Whether the process answers");
        app.MapGet("/readyz", Ready)
            .AllowAnonymous()
            .WithSummary("Whether it can do its work: 503 when it cannot record");
    }

    private static IResult Ready(Store store, PolicyState policies, TimeProvider time)
    {
        if (!store.ProveWritable(time.GetUtcNow()))
            return Problem.Of(
                StatusCodes.Status503ServiceUnavailable,
                "store-failed",
                "The log cannot be written: is the disk full?"
            );
        return policies.IsBroken
            ? TypedResults.Ok(
                new Health(
                    "the runbooks on disk are broken: the last good ones rule",
                    [.. policies.Findings.Where(f => f.IsError).Select(f => f.ToString())]
                )
            )
            : TypedResults.Ok(new Health("ok", []));
    }
}
