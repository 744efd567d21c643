using Akira.Voice.Management;
using Parquet;
using Parquet.Schema;

namespace Akira.Voice.Backend.Calls;

/// <summary>A row group for some pages of calls.</summary>
internal static class CallParquet
{
    private const int GroupLength = 50_000;

    private static readonly DataField Uid = new DataField<string>("uid");
    private static readonly DataField At = new DataField<DateTime>("at");
    private static readonly DataField CallId = new DataField<string>("callId");
    private static readonly DataField Src = new DataField<string>("src");
    private static readonly DataField Dst = new DataField<string>("dst");
    private static readonly DataField Customer = new DataField<string>("customer");
    private static readonly DataField Trunk = new DataField<string>("trunk");
    private static readonly DataField Code = new DataField<int>("code", nullable: true);
    private static readonly DataField Origin = new DataField<string>("origin");
    private static readonly DataField Pdd = new DataField<double>("pdd", nullable: true);
    private static readonly DataField AnsweredAt = new DataField<DateTime>("answeredAt", nullable: true);
    private static readonly DataField EndedAt = new DataField<DateTime>("endedAt", nullable: true);
    private static readonly DataField Talk = new DataField<double>("talk", nullable: true);
    private static readonly DataField DisconnectBy = new DataField<string>("disconnectBy");

    private static readonly ParquetSchema Schema = new(
        Uid,
        At,
        CallId,
        Src,
        Dst,
        Customer,
        Trunk,
        Code,
        Origin,
        Pdd,
        AnsweredAt,
        EndedAt,
        Talk,
        DisconnectBy
    );

    public static async Task Write(IAsyncEnumerable<Call[]> pages, System.IO.Stream into, CancellationToken cancel)
    {
        await using var counted = new CountedStream(into);
        await using var writer = await ParquetWriter.CreateAsync(Schema, counted, cancellationToken: cancel);
        var group = new List<Call>(GroupLength);
        await foreach (var page in pages.WithCancellation(cancel))
        {
            group.AddRange(page);
            if (group.Count < GroupLength)
                continue;
            await Write(writer, group, cancel);
            group.Clear();
        }
        if (group.Count > 0)
            await Write(writer, group, cancel);
    }

    private static async Task Write(ParquetWriter writer, List<Call> calls, CancellationToken cancel)
    {
        using var group = writer.CreateRowGroup();
        await Text(Uid, c => c.Uid);
        await group.WriteAsync<DateTime>(At, calls.Select(c => c.At.UtcDateTime).ToArray(), cancellationToken: cancel);
        await Text(CallId, c => c.CallId);
        await Text(Src, c => c.Src);
        await Text(Dst, c => c.Dst);
        await Text(Customer, c => c.Customer);
        await Text(Trunk, c => c.Trunk);
        await Value(Code, c => c.Code);
        await Text(Origin, c => c.Origin);
        await Value(Pdd, c => c.Pdd);
        await Value(AnsweredAt, c => c.AnsweredAt?.UtcDateTime);
        await Value(EndedAt, c => c.EndedAt?.UtcDateTime);
        await Value(Talk, c => c.Talk);
        await Text(DisconnectBy, c => c.DisconnectBy);
        group.CompleteValidate();

        async Task Text(DataField field, Func<Call, string?> value) =>
            await group.WriteAsync(field, (IReadOnlyCollection<string>)calls.Select(value).ToArray()!);

        async Task Value<T>(DataField field, Func<Call, T?> value)
            where T : struct =>
            await group.WriteAsync<T>(field, calls.Select(value).ToArray(), cancellationToken: cancel);
    }
}
