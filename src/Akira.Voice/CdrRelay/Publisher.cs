using System.Globalization;
using System.Text.Json;
using Akira.Voice.Stream;
using NATS.Client.Core;

namespace Akira.Voice.CdrRelay;

/// <summary>
/// Sends what is spooled to the stream, many events at a time, and trims the spool as far as the stream has answered for all. When
/// an answer is missing or bad it begins again there: the stream knows the ids of the last two minutes, the worker all others.
/// </summary>
internal sealed class Publisher(Spool spool, NatsConnection nats, TimeProvider time)
{
    private const int Window = 4096;
    private const string IdHeader = "Nats-Msg-Id";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    public long Published { get; private set; }

    /// <summary>What keeps it from publishing; null when nothing does.</summary>
    public string? Trouble { get; private set; }

    public async Task Run(CancellationToken cancel)
    {
        var pause = TimeSpan.FromMilliseconds(100);
        while (!cancel.IsCancellationRequested)
        {
            var before = spool.Acked;
            try
            {
                await PublishFrom(before, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) // whatever it is, what waits on disk is to be published
            {
                Trouble = e is OperationCanceledException or TimeoutException ? "NATS does not answer" : e.Message;
                pause = spool.Acked > before ? TimeSpan.FromMilliseconds(100) : Longer(pause);
                try
                {
                    await Task.Delay(pause, time, cancel);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    /// <summary>Returns only by an exception.</summary>
    private async Task PublishFrom(long position, CancellationToken cancel)
    {
        await CdrStream.Ensure(nats.JetStream(), CdrStream.Limits.Usual, cancel).WaitAsync(Patience, time, cancel);
        var inbox = OwnInbox.Of(nats);
        await using var answers = await nats.SubscribeCoreAsync<NatsMemoryOwner<byte>>(
            inbox + ".*",
            serializer: NatsRawSerializer<NatsMemoryOwner<byte>>.Default,
            opts: new NatsSubOpts { ChannelOpts = new NatsSubChannelOpts { Capacity = Window * 2 } },
            cancellationToken: cancel
        );
        var flight = new Flight(Window, position);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var receiving = Receive(answers, flight, stop.Token);
        try
        {
            var block = new byte[256 << 10];
            while (true)
            {
                var lines = spool.Read(position, block);
                if (lines.IsEmpty)
                {
                    Settle(flight);
                    await Task.Delay(TimeSpan.FromMilliseconds(flight.IsEmpty ? 20 : 2), time, cancel);
                }
                for (int length; !lines.IsEmpty; lines = lines[length..])
                {
                    length = lines.Span.IndexOf((byte)'\n') + 1;
                    while (flight.IsFull)
                    {
                        Settle(flight);
                        if (receiving.IsCompleted)
                            await receiving;
                        if (flight.IsFull)
                            await Task.Delay(TimeSpan.FromMilliseconds(1), time, cancel);
                    }
                    position += length;
                    await Publish(
                        Outgoing.From(lines[..(length - 1)]),
                        $"{inbox}.{flight.Add(position).ToString(CultureInfo.InvariantCulture)}",
                        cancel
                    );
                }
                if (receiving.IsCompleted)
                    await receiving;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await receiving.ContinueWith(_ => { }, CancellationToken.None, default, TaskScheduler.Default);
            if (flight.Frontier > spool.Acked)
                spool.Trim(flight.Frontier);
        }
    }

    private async Task Publish(Outgoing outgoing, string reply, CancellationToken cancel)
    {
        var headers = outgoing.Id is null ? null : new NatsHeaders { [IdHeader] = outgoing.Id };
        var sending = nats.PublishAsync(
            outgoing.Subject,
            outgoing.Payload,
            headers,
            reply,
            NatsRawSerializer<ReadOnlyMemory<byte>>.Default,
            cancellationToken: cancel
        );
        if (!sending.IsCompletedSuccessfully)
            await sending.AsTask().WaitAsync(Patience, time, cancel);
    }

    /// <summary>Trims the spool as far as everything is answered for.</summary>
    /// <exception cref="TimeoutException">The oldest event has waited too long for its answer.</exception>
    private void Settle(Flight flight)
    {
        if (flight.Failure is { } failure)
            throw new NatsException(failure);
        if (flight.Frontier > spool.Acked)
        {
            spool.Trim(flight.Frontier);
            (Published, Trouble, _lastAnswer) = (Published + flight.TakeCount(), null, time.GetTimestamp());
        }
        else if (flight.IsEmpty)
            _lastAnswer = time.GetTimestamp();
        else if (time.GetElapsedTime(_lastAnswer) > Patience)
        {
            _lastAnswer = time.GetTimestamp();
            throw new TimeoutException();
        }
    }

    private long _lastAnswer = time.GetTimestamp();

    private static async Task Receive(INatsSub<NatsMemoryOwner<byte>> answers, Flight flight, CancellationToken cancel)
    {
        await foreach (var answer in answers.Msgs.ReadAllAsync(cancel))
        {
            using var data = answer.Data;
            var number = long.Parse(
                answer.Subject.AsSpan(answer.Subject.LastIndexOf('.') + 1),
                CultureInfo.InvariantCulture
            );
            if (answer.HasNoResponders)
                flight.Fail("no stream takes call records");
            else if (Refusal(data.Span) is { } refusal)
                flight.Fail(refusal);
            else
                flight.Answered(number);
        }
    }

    /// <returns>Null when the stream has the event.</returns>
    private static string? Refusal(ReadOnlySpan<byte> answer)
    {
        var reader = new Utf8JsonReader(answer);
        while (reader.Read())
            if (
                reader.TokenType == JsonTokenType.PropertyName
                && reader.ValueTextEquals("description"u8)
                && reader.Read()
            )
                return reader.GetString();
        return null;
    }
}
