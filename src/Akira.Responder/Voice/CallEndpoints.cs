using Akira.Core.Voice;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Akira.Responder.Voice;

/// <summary><c>POST /api/calls</c>, <c>GET /api/kpis</c> and <c>GET /api/kpis/history</c>.</summary>
public static class CallEndpoints
{
    /// <summary>Bytes a post may have; a batch of some ten thousand records.</summary>
    public const int LargestBatch = 8 << 20;

    private const int FaultsShown = 20;
    private static readonly TimeSpan LongestHistory = TimeSpan.FromDays(7);

    /// <summary>Needs <see cref="CallIntake"/>, <see cref="CallSpool"/>, <see cref="KpiHistory"/> and a <see cref="TimeProvider"/> in the container.</summary>
    public static (RouteHandlerBuilder Calls, RouteGroupBuilder Kpis) MapCalls(this IEndpointRouteBuilder app)
    {
        var calls = app.MapPost("/api/calls", Post)
            .WithName("PostCalls")
            .WithSummary("Call records as NDJSON, one a line; all are kept, or none")
            .Accepts<CallRecord>("application/x-ndjson")
            .Produces<CallIntake.Receipt>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage);
        var kpis = app.MapGroup("/api/kpis");
        kpis.MapGet(
                "",
                (CallIntake intake, TimeProvider time, string? kind, string? name) =>
                    TypedResults.Ok(intake.Kpis(time.GetUtcNow(), kind, name))
            )
            .WithName("GetKpis")
            .WithSummary("ASR, NER, SEER, SER, ISA, PDD and ACD over 1, 5, 15 and 60 minutes");
        kpis.MapGet("/history", History)
            .WithName("GetKpiHistory")
            .WithSummary("The figures of one scope, by minute: the last hour, or from and to, a week at most")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return (calls, kpis);
    }

    private static async Task<IResult> Post(
        HttpRequest request,
        CallIntake intake,
        CallSpool spool,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        if (await ReadBody(request, cancel) is not { } body)
            return TypedResults.Problem(
                $"The batch is larger than {LargestBatch >> 20} MB; send it in parts.",
                statusCode: StatusCodes.Status413PayloadTooLarge
            );

        var batch = CallRecords.Read(body);
        if (!batch.Faults.IsEmpty)
            return TypedResults.Problem(
                $"{batch.Faults[0]}. Nothing of this batch was kept.",
                title: "Not all lines are call records",
                statusCode: StatusCodes.Status400BadRequest,
                extensions: [new("code", "bad-record"), new("errors", batch.Faults.Take(FaultsShown))]
            );

        var now = time.GetUtcNow();
        try
        {
            await spool.Append(batch.Records, now, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return TypedResults.Problem(
                $"The records could not be written: {e.Message} Nothing of this batch was kept; send it again later.",
                title: "No room for call records",
                statusCode: StatusCodes.Status507InsufficientStorage,
                extensions: [new("code", "disk")]
            );
        }
        return TypedResults.Ok(intake.Add(batch.Records, now));
    }

    private static Results<Ok<List<KpiPast>>, ProblemHttpResult> History(
        KpiHistory history,
        TimeProvider time,
        string? kind,
        string? name,
        DateTimeOffset? from,
        DateTimeOffset? to
    )
    {
        var end = to ?? time.GetUtcNow();
        var start = from ?? end - TimeSpan.FromHours(1);
        if (start >= end || end - start > LongestHistory)
            return TypedResults.Problem(
                "from must be before to, and at most a week before it.",
                statusCode: StatusCodes.Status400BadRequest,
                extensions: [new("code", "bad-range"), new("field", "from")]
            );
        var scope = new Scope(kind ?? Scope.Platform.Kind, name ?? "");
        return TypedResults.Ok(
            history
                .Read(scope, start, end)
                .Select(m => new KpiPast(
                    m.At,
                    m.Minute.Counts.Attempts,
                    m.Minute.Counts.Seizures,
                    m.Minute.Counts.Answered,
                    m.Minute.Counts.Delivered,
                    m.Minute.Counts.Judged,
                    m.Minute.PddP50,
                    m.Minute.PddP95
                ))
                .ToList()
        );
    }

    private static async Task<byte[]?> ReadBody(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > LargestBatch)
            return null;
        using var body = new MemoryStream();
        var block = new byte[64 << 10];
        for (int read; (read = await request.Body.ReadAsync(block, cancel)) > 0; )
        {
            if (body.Length + read > LargestBatch)
                return null;
            body.Write(block, 0, read);
        }
        return body.ToArray();
    }
}

/// <summary>A minute of one scope that had calls. ASR over any stretch is Σ answered / Σ seizures, NER is Σ delivered / Σ judged.</summary>
/// <param name="Judged">Seizures without those given up too early to tell.</param>
/// <param name="PddP50">Seconds; null when nothing rang.</param>
/// <param name="PddP95">The same.</param>
public sealed record KpiPast(
    DateTimeOffset At,
    int Attempts,
    int Seizures,
    int Answered,
    int Delivered,
    int Judged,
    double? PddP50,
    double? PddP95
);
