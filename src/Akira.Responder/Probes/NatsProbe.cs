using System.Net.Sockets;
using Akira.Core.Runbooks;
using Akira.Core.Voice;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Akira.Responder.Probes;

/// <summary>
/// A NATS server, and where the address names them a stream and its consumer. Samples: <c>cdr.backlog</c>, records that the
/// consumer has not done with; <c>cdr.backlog_age</c>, seconds, how long the oldest of them has waited; <c>cdr.loss_in</c>,
/// seconds until the stream's limits would drop one of them.
/// </summary>
/// <remarks>
/// Taken from the stream's last sequence and the consumer's ack floor: <c>num_pending</c> forgets what was handed out and not
/// acknowledged.
/// </remarks>
public sealed class NatsProbe(ProbeTarget target, TimeProvider world) : IProbe, IAsyncDisposable
{
    private readonly StreamBacklog _backlog = new();
    private NatsConnection? _connection;

    public async Task<Reading> Look(CancellationToken cancel)
    {
        try
        {
            if (
                _connection is null
                && await Reaching.Knock(target.Endpoint, cancel) is not SocketError.Success and var error
            )
                return Reading.Of(false, Words.Of(error));
            // Connected anew after each failure: the client's own reconnecting would say "up" of what it remembers.
            _connection ??= new NatsConnection(
                new NatsOpts
                {
                    Url = $"nats://{target.Endpoint}",
                    Name = "akira probe",
                    MaxReconnectRetry = 0,
                }
            );
            await _connection.PingAsync(cancel);
            return target.Path.Split('/', StringSplitOptions.RemoveEmptyEntries) is [var stream, var consumer]
                ? await Pipeline(new NatsJSContext(_connection), stream, consumer, cancel)
                : Reading.Of(true, "it answers");
        }
        catch (NatsJSApiException e)
        {
            return Reading.Of(false, e.Error.Description ?? e.Message);
        }
        catch (Exception e) when (e is NatsException or OperationCanceledException)
        {
            await Disconnect();
            return Reading.Of(false, Words.Of(e, cancel));
        }
    }

    private async Task<Reading> Pipeline(
        NatsJSContext jetStream,
        string stream,
        string consumer,
        CancellationToken cancel
    )
    {
        // The consumer first: what comes in between makes the backlog one larger, not negative.
        var read = (await jetStream.GetConsumerAsync(stream, consumer, cancel)).Info.AckFloor.StreamSeq;
        var source = await jetStream.GetStreamAsync(stream, cancellationToken: cancel);
        var (state, config) = (source.Info.State, source.Info.Config);
        var first = Math.Max((ulong)state.FirstSeq, read + 1);
        var unread = (long)state.LastSeq - (long)read;
        DateTimeOffset? oldest = null;
        if (unread > 0 && first <= (ulong)state.LastSeq)
            oldest = (await source.GetAsync(new StreamMsgGetRequest { Seq = first }, cancel)).Message.Time;
        var now = world.GetUtcNow();
        var lossIn = _backlog.LossIn(
            new RecordStream(
                state.Messages,
                state.Bytes,
                Math.Max(0, unread),
                oldest,
                config.MaxMsgs > 0 ? config.MaxMsgs : null,
                config.MaxBytes > 0 ? config.MaxBytes : null,
                config.MaxAge > TimeSpan.Zero ? config.MaxAge : null
            ),
            now
        );
        return Reading.Of(
            true,
            $"{Math.Max(0, unread)} unread in {stream}",
            new Figure("cdr.backlog", Math.Max(0, unread)),
            new Figure("cdr.backlog_age", oldest is { } came ? Math.Max(0, (now - came).TotalSeconds) : 0),
            new Figure("cdr.loss_in", lossIn.TotalSeconds)
        );
    }

    private async Task Disconnect()
    {
        if (_connection is { } connection)
            await connection.DisposeAsync();
        _connection = null;
    }

    public async ValueTask DisposeAsync() => await Disconnect();
}
