using System.Runtime.CompilerServices;
using Akira.Http;
using Akira.Voice.Backend.Access;
using Akira.Voice.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Akira.Voice.Backend.Calls;

/// <summary>
/// The same search as a file. It is read page after page, each a query of its own, and written as it is read: memory does not grow, and no
/// long query stands in the way of the worker's new partitions.
/// </summary>
internal static class CallExport
{
    private const int PageLength = 5000;

    public static void Map(IEndpointRouteBuilder app)
    {
        var calls = app.MapGroup("/api").RequireAuthorization(Policies.Viewer).WithTags("Calls");
        calls
            .MapGet(
                "/calls.csv",
                (HttpContext context, CallSearch search) =>
                    Export(context, search, "text/csv; charset=utf-8", Csv.Write)
            )
            .WithSummary("All calls of a search as CSV, the oldest first; from and to are needed");
        calls
            .MapGet(
                "/calls.parquet",
                (HttpContext context, CallSearch search) =>
                    Export(context, search, "application/vnd.apache.parquet", CallParquet.Write)
            )
            .WithSummary("The same as Parquet");
    }

    private static async Task<IResult> Export(
        HttpContext context,
        CallSearch search,
        string type,
        Func<IAsyncEnumerable<Call[]>, System.IO.Stream, CancellationToken, Task> write
    )
    {
        var (query, problem) = CallQuery.Read(context.Request.Query);
        if (query is null)
            return problem!;
        if (query.From is null)
            return Problem.BadField("from", "is needed: an export has a beginning");
        if (query.To is null)
            return Problem.BadField("to", "is needed: an export has an end");
        // The first page is read before anything is sent: with the database away there is a problem to show, not half a file.
        var first = await search.Page(query, null, PageLength, context.RequestAborted, newestFirst: false);
        context.Response.ContentType = type;
        var ending = context.Request.Path.Value!.EndsWith("csv", StringComparison.Ordinal) ? "csv" : "parquet";
        context.Response.Headers.ContentDisposition =
            $"attachment; filename=\"calls-{query.From:yyyyMMddTHHmm}-{query.To:yyyyMMddTHHmm}.{ending}\"";
        try
        {
            await write(
                Pages(search, query, first, context.RequestAborted),
                context.Response.Body,
                context.RequestAborted
            );
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
        {
            context.Abort(); // a connection that breaks off is no whole file, and nobody takes it for one
        }
        return Results.Empty;
    }

    private static async IAsyncEnumerable<Call[]> Pages(
        CallSearch search,
        CallQuery query,
        Page<Call> page,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        while (true)
        {
            yield return page.Items;
            if (page.Next is not { } next)
                yield break;
            page = await search.Page(query, Cursor.Parse(next), PageLength, cancel, newestFirst: false);
        }
    }
}
