using System.Globalization;
using System.Text;
using NATS.Client.Core;

namespace Akira.Voice.Stream;

/// <summary>
/// Takes messages from a durable consumer, many at a time: all that is there, at once; or the first that comes. It is one subscription
/// for as long as it lives, so a message that arrives after its request has ended is in the next answer, not lost until it is sent again.
/// </summary>
public sealed class Pull : IAsyncDisposable
{
    private static readonly TimeSpan Expires = TimeSpan.FromSeconds(5);

    private readonly NatsConnection _nats;
    private readonly INatsSub<byte[]> _answers;
    private readonly string _inbox;
    private readonly string _next;
    private readonly TimeProvider _time;
    private long _request;

    private Pull(NatsConnection nats, INatsSub<byte[]> answers, string inbox, string consumer, TimeProvider time) =>
        (_nats, _answers, _inbox, _next, _time) = (
            nats,
            answers,
            inbox,
            $"$JS.API.CONSUMER.MSG.NEXT.{CdrStream.Name}.{consumer}",
            time
        );

    public static async Task<Pull> Begin(
        NatsConnection nats,
        string consumer,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        var inbox = OwnInbox.Of(nats);
        var answers = await nats.SubscribeCoreAsync<byte[]>(
            inbox + ".*",
            serializer: NatsRawSerializer<byte[]>.Default,
            opts: new NatsSubOpts { ChannelOpts = new NatsSubChannelOpts { Capacity = 200_000 } },
            cancellationToken: cancel
        );
        return new(nats, answers, inbox, consumer, time);
    }

    /// <param name="batch">Messages, at most.</param>
    /// <param name="bytes">Of them, at most; more than the largest message.</param>
    /// <returns>Empty when none came in five seconds.</returns>
    /// <exception cref="TimeoutException">Nothing answers.</exception>
    /// <exception cref="NatsException">There is no such consumer, or no stream.</exception>
    public async Task<List<Delivery>> Next(int batch, int bytes, CancellationToken cancel)
    {
        var messages = await Ask($$"""{"batch":{{batch}},"max_bytes":{{bytes}},"no_wait":true}""", batch, cancel);
        return messages.Count > 0
            ? messages
            : await Ask(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"batch":1,"max_bytes":{{bytes}},"expires":{{(long)Expires.TotalNanoseconds}}}"""
                ),
                1,
                cancel
            );
    }

    public ValueTask DisposeAsync() => _answers.DisposeAsync();

    private async Task<List<Delivery>> Ask(string request, int most, CancellationToken cancel)
    {
        var number = (++_request).ToString(CultureInfo.InvariantCulture);
        await _nats
            .PublishAsync(
                _next,
                Encoding.ASCII.GetBytes(request),
                replyTo: $"{_inbox}.{number}",
                serializer: NatsRawSerializer<byte[]>.Default,
                cancellationToken: cancel
            )
            .AsTask()
            .WaitAsync(Expires, _time, cancel);
        var messages = new List<Delivery>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var limit = _time.CreateTimer(_ => patience.Cancel(), null, Expires * 2, Timeout.InfiniteTimeSpan);
        try
        {
            while (messages.Count < most)
            {
                var answer = await _answers.Msgs.ReadAsync(patience.Token);
                if (answer.HasNoResponders)
                    throw new NatsException("JetStream does not answer");
                if (answer.ReplyTo?.StartsWith("$JS.ACK.", StringComparison.Ordinal) == true)
                    messages.Add(new(Read(answer), answer.ReplyTo));
                else if (answer.Subject.AsSpan(_inbox.Length + 1).SequenceEqual(number))
                    return Ended(answer, messages);
            }
        }
        catch (OperationCanceledException) when (messages.Count > 0) { } // some came: they are not lost for it
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException("the stream does not answer");
        }
        return messages;
    }

    /// <summary>404 none there, 408 none came, 409 more would be too much; or the consumer is gone.</summary>
    private static List<Delivery> Ended(NatsMsg<byte[]> answer, List<Delivery> messages)
    {
        var why = answer.Headers?.MessageText ?? "";
        return messages.Count == 0 && why.Contains("Consumer", StringComparison.Ordinal)
            ? throw new NatsException(why)
            : messages;
    }

    // $JS.ACK.stream.consumer.delivered.seq.consumer-seq.nanoseconds.pending; newer servers put domain and account before the stream
    private static Message Read(NatsMsg<byte[]> answer)
    {
        var reply = answer.ReplyTo.AsSpan();
        Span<Range> parts = stackalloc Range[16];
        var at = reply.Split(parts, '.') > 9 ? 6 : 4;
        return new(
            Number(reply[parts[at + 1]]),
            DateTimeOffset.UnixEpoch.AddTicks(Number(reply[parts[at + 3]]) / 100),
            answer.Subject,
            answer.Data ?? [],
            reply[parts[at]] is not "1"
        );
    }

    private static long Number(ReadOnlySpan<char> text) => long.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>A message of the stream.</summary>
/// <param name="Again">Whether it was delivered before.</param>
public readonly record struct Message(
    long Seq,
    DateTimeOffset PublishedAt,
    string Subject,
    ReadOnlyMemory<byte> Payload,
    bool Again
);

/// <param name="Reply">Where its acknowledgement goes.</param>
public readonly record struct Delivery(Message Message, string Reply)
{
    private static readonly byte[] Ack = "+ACK"u8.ToArray();
    private static readonly byte[] Nak = "-NAK"u8.ToArray();

    /// <summary>Tells the stream that the message is done with, or, when it is not, to send it again at once.</summary>
    /// <exception cref="NatsException">NATS is away: the message comes again.</exception>
    public ValueTask Settle(NatsConnection nats, bool done) =>
        nats.PublishAsync(Reply, done ? Ack : Nak, serializer: NatsRawSerializer<byte[]>.Default);
}
