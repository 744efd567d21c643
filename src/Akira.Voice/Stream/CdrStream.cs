using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Akira.Voice.Stream;

/// <summary>The stream of call records, and the durable consumer that writes them to PostgreSQL.</summary>
public static class CdrStream
{
    public const string Name = "AKIRA_CDR";
    public const string Subjects = "akira.cdr.*";
    public const string Worker = "cdr_worker";

    /// <summary>Messages that the workers may have in hand together.</summary>
    internal const int MostInHand = 100_000;

    private const int NotFound = 404;

    /// <summary>
    /// What a stream is made with. It keeps records that were written to PostgreSQL too, so that a window of them can be
    /// replayed; when a limit is reached the oldest go first, whether they were written or not.
    /// </summary>
    public sealed record Limits(long MaxBytes, TimeSpan MaxAge)
    {
        public static readonly Limits Usual = new(1L << 30, TimeSpan.FromDays(7));
    }

    /// <summary>The stream as it is; made when there is none. One that others made is left as they made it.</summary>
    public static async Task<INatsJSStream> Ensure(INatsJSContext nats, Limits limits, CancellationToken cancel)
    {
        try
        {
            return await nats.GetStreamAsync(Name, cancellationToken: cancel);
        }
        catch (NatsJSApiException e) when (e.Error.Code == NotFound)
        {
            var config = new StreamConfig(Name, [Subjects])
            {
                Storage = StreamConfigStorage.File,
                MaxBytes = limits.MaxBytes,
                MaxAge = limits.MaxAge,
                Discard = StreamConfigDiscard.Old,
                DuplicateWindow = TimeSpan.FromMinutes(2),
            };
            return await nats.CreateStreamAsync(config, cancel);
        }
    }

    /// <summary>The durable consumer that all workers share.</summary>
    public static async Task<INatsJSConsumer> EnsureWorker(INatsJSContext nats, CancellationToken cancel) =>
        await nats.CreateOrUpdateConsumerAsync(
            Name,
            new ConsumerConfig(Worker)
            {
                AckPolicy = ConsumerConfigAckPolicy.Explicit,
                // Longer than the longest transaction; in nanoseconds on the wire, which the client sees to.
                AckWait = TimeSpan.FromSeconds(30),
                MaxAckPending = MostInHand,
                MaxDeliver = -1,
            },
            cancel
        );

    /// <summary>
    /// A durable consumer of one reader's own, made when it is missing. The server forgets it when nobody has read for as long as
    /// <paramref name="reach"/>, so what is to be caught up with is never more.
    /// </summary>
    /// <param name="reach">How far back the first message is that a new one gives.</param>
    /// <exception cref="NatsJSApiException">There is no stream, or the user may not.</exception>
    public static async Task EnsureReader(
        INatsJSContext nats,
        string name,
        DateTimeOffset now,
        TimeSpan reach,
        CancellationToken cancel
    )
    {
        try
        {
            await nats.GetConsumerAsync(Name, name, cancel);
        }
        catch (NatsJSApiException e) when (e.Error.Code == NotFound)
        {
            await nats.CreateOrUpdateConsumerAsync(
                Name,
                new ConsumerConfig(name)
                {
                    DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartTime,
                    OptStartTime = now - reach,
                    InactiveThreshold = reach,
                    AckPolicy = ConsumerConfigAckPolicy.Explicit,
                    AckWait = TimeSpan.FromSeconds(30),
                    MaxAckPending = MostInHand,
                },
                cancel
            );
        }
    }

    public static NatsJSContext JetStream(this INatsConnection connection) => new(connection);
}
