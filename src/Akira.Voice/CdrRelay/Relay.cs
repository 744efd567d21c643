using System.Net;
using System.Net.Sockets;
using Akira.Voice.Stream;

namespace Akira.Voice.CdrRelay;

/// <param name="Listen">Where the SIP server sends its events; a socket that systemd hands over goes before it.</param>
/// <param name="Folder">Of the spool.</param>
/// <param name="Metrics">Where <c>/metrics</c> answers, such as <c>http://127.0.0.1:9471</c>; null: nowhere.</param>
public sealed record RelayOptions(IPEndPoint Listen, string Folder, NatsLogin Nats, Uri? Metrics = null)
{
    public static readonly IPEndPoint UsualAddress = new(IPAddress.Loopback, 5070);
}

/// <summary>Takes events from the SIP server on this host, has them on disk, and brings them to the stream.</summary>
/// <param name="say">What an operator reads in the journal.</param>
public sealed class Relay(RelayOptions options, TimeProvider time, Action<string> say)
{
    private static readonly TimeSpan Report = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private volatile string? _diskTrouble;

    /// <summary>Runs until it is cancelled; then all that was received is on disk.</summary>
    /// <exception cref="IOException">The spool cannot be written.</exception>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public async Task Run(CancellationToken cancel)
    {
        using var spool = new Spool(options.Folder);
        using var socket = EventSocket.Open(options.Listen);
        var nats = options.Nats.Connect($"akira-cdr-relay@{Environment.MachineName}");
        var publisher = new Publisher(spool, nats, time);
        await using var metrics = await MetricsPage.Serve(
            options.Metrics,
            () => RelayMetrics.Text(State(spool, publisher, socket))
        );
        say(
            $"events are taken on {socket.LocalEndPoint}, kept in {options.Folder}; {spool.Waiting} bytes of before wait"
        );

        var receiver = new Thread(() => Receive(spool, socket, cancel)) { Name = "receiver" };
        var syncer = new Thread(() => Sync(spool, cancel)) { Name = "syncer" };
        receiver.Start();
        syncer.Start();
        await Task.WhenAll(publisher.Run(cancel), Tell(spool, publisher, socket, cancel));
        await Task.Run(receiver.Join, CancellationToken.None);
        await Task.Run(syncer.Join, CancellationToken.None);
        spool.Sync();
        // A client that cannot log in tries for ever, also while it is disposed of.
        await nats.DisposeAsync()
            .AsTask()
            .WaitAsync(Retry, time, CancellationToken.None)
            .ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private RelayState State(Spool spool, Publisher publisher, Socket socket) =>
        new(
            spool.Received,
            publisher.Published,
            spool.Waiting,
            spool.Free,
            EventSocket.Dropped(socket),
            _diskTrouble,
            publisher.Trouble
        );

    private void Receive(Spool spool, Socket socket, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
            try
            {
                spool.Receive(socket);
                _diskTrouble = null;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock) { }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The socket is left alone: the kernel keeps what comes, as long as it has room.
                if (_diskTrouble is null)
                    say($"ALERT: no room to keep events, they wait in the kernel: {e.Message}");
                _diskTrouble = e.Message;
                cancel.WaitHandle.WaitOne(Retry);
            }
    }

    private void Sync(Spool spool, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
            try
            {
                if (!spool.Sync())
                    cancel.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(5));
            }
            catch (IOException e)
            {
                say($"ALERT: the disk of the spool fails: {e.Message}");
                cancel.WaitHandle.WaitOne(Retry);
            }
    }

    private async Task Tell(Spool spool, Publisher publisher, Socket socket, CancellationToken cancel)
    {
        var (trouble, dropped) = (default(string), 0L);
        using var timer = new PeriodicTimer(Retry, time);
        var told = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                var state = State(spool, publisher, socket);
                if (state.StreamTrouble != trouble)
                    say(
                        (trouble = state.StreamTrouble) is null
                            ? "the stream takes events again"
                            : $"the stream takes no events, they are kept here: {trouble}"
                    );
                if (state.Dropped > dropped)
                    say($"ALERT: the kernel dropped {state.Dropped - dropped} events: its queue was full");
                dropped = state.Dropped;
                if (time.GetElapsedTime(told) < Report)
                    continue;
                told = time.GetTimestamp();
                say($"{state.Received} events taken, {state.Published} published, {state.Waiting} bytes wait");
            }
        }
        catch (OperationCanceledException) { }
    }
}
