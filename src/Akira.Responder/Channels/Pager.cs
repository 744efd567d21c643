using System.Collections.Immutable;
using System.Diagnostics;
using Akira.Core.Incidents;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Channels;

/// <summary>
/// Hands pages and reminders to one channel, the most urgent first, one call at a time. What came of a call is on record
/// before the next one begins, and the cursor stays before the oldest message that is not out: whatever happens to the
/// responder, at most the call in flight is ever repeated, and none is lost. See docs/adr/0004.
/// </summary>
/// <param name="consoleUrl">Where people reach the console; null: not known.</param>
/// <param name="standsInFor">
/// The channel whose pages it takes when they are not out a minute later, or never will be; null: it delivers all itself.
/// </param>
public sealed partial class Pager(
    IChannel channel,
    Desk desk,
    Telemetry telemetry,
    Uri? consoleUrl,
    ILogger<Pager> logger,
    string? standsInFor = null
) : Follower($"pager:{channel.Name}", desk, logger)
{
    private const int MostSentOneByOne = 2;
    private const int MostFaults = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What a call gets that a page of the worst severity waits for.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Outbox _outbox = new();
    private long _read;
    private int _failures;
    private Urgency _failedAt;
    private Pause _pause;

    protected override bool Wants(Entry entry) =>
        entry is Entry.Paged || (entry is Entry.Reminded && standsInFor is null);

    protected override async Task Work(CancellationToken stoppingToken)
    {
        _read = Position;
        while (!stoppingToken.IsCancellationRequested)
        {
            Read();
            await MoveTo(_outbox.Oldest - 1 ?? _read, stoppingToken);
            if (Next() is { IsEmpty: false } batch)
                await Send(batch, stoppingToken);
            else
                await Pause(stoppingToken);
        }
    }

    /// <summary>Takes what the log asks for by now.</summary>
    private void Read()
    {
        while (Desk.Log.ReadAfter(_read) is [.., var last] entries)
        {
            foreach (var entry in entries)
                Take(entry);
            _read = last.Position;
        }
    }

    private void Take(LogEntry entry)
    {
        switch (entry.Entry)
        {
            case Entry.PageDelivered other when other.Channel == standsInFor:
                if (_outbox.TryFind(entry.IncidentNumber, other.Page, out var done))
                    _outbox.Remove(done);
                break;
            case Entry.PageFailed { Permanent: true } other when other.Channel == standsInFor:
                if (_outbox.TryFind(entry.IncidentNumber, other.Page, out var failed))
                    failed.Others = default;
                break;
            case var asked when Wants(asked):
                var incident = Desk.Find(entry.IncidentNumber)!;
                if (!incident.SettledPages.Contains((entry.Seq, channel.Name)))
                    _outbox.Add(
                        new Waiting(entry.IncidentNumber, entry.Position, MessageOf(entry, incident))
                        {
                            Others = standsInFor is null
                                ? default
                                : For(Shorter(entry.At + Patience - Desk.Clock.GetUtcNow(), Patience)),
                        }
                    );
                break;
        }
    }

    /// <summary>What may go out now: one message, or, when more of its kind wait, as many as the channel takes in one.</summary>
    private ImmutableArray<Waiting> Next()
    {
        if (_outbox.All.FirstOrDefault(w => WaitOf(w) <= TimeSpan.Zero) is not { } first)
            return [];
        var alike = _outbox
            .All.Where(w => w.Urgency == first.Urgency && WaitOf(w) <= TimeSpan.Zero)
            .Take(Math.Max(channel.MostTogether, MostSentOneByOne + 1))
            .ToImmutableArray();
        return alike.Length > MostSentOneByOne && channel.MostTogether > 1 ? alike : [first];
    }

    private TimeSpan WaitOf(Waiting waiting)
    {
        var own = Longer(channel.Wait(waiting.Message), waiting.Others.Left(Desk.Clock));
        // After a failure the channel is left alone; only what is more urgent still tries its luck.
        return _failures == 0 || waiting.Urgency < _failedAt ? own : Longer(own, _pause.Left(Desk.Clock));
    }

    private async Task Send(ImmutableArray<Waiting> batch, CancellationToken cancel)
    {
        var delivery = await Deliver(batch, cancel);
        foreach (var _ in batch)
            telemetry.Page(channel.Name, Outcome(delivery));
        if (delivery is Delivery.Transient failed)
        {
            (_failures, _failedAt) = (_failures + 1, batch[0].Urgency);
            _pause = For(failed.RetryAfter ?? BackOffAfter(_failures));
            // The log says once that a message is late, not at each try.
            var late = batch.Where(w => !w.IsReported).ToList();
            if (late.Count > 0)
                await Report(late, delivery, Position, cancel);
            late.ForEach(w => w.IsReported = true);
            return;
        }
        _failures = 0;
        foreach (var waiting in batch)
            _outbox.Remove(waiting);
        await Report(batch, delivery, _outbox.Oldest - 1 ?? _read, cancel);
    }

    private async Task<Delivery> Deliver(ImmutableArray<Waiting> batch, CancellationToken cancel)
    {
        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            var delivery =
                batch.Length == 1
                    ? channel.Deliver(batch[0].Message, call.Token)
                    : channel.DeliverTogether([.. batch.Select(w => w.Message)], call.Token);
            if (batch[0].Urgency > Urgency.Worst && !delivery.IsCompleted)
                await GiveWay(delivery, call, cancel);
            return await delivery;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Delivery.Transient("it took long, and a more urgent page was waiting", TimeSpan.Zero);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogThrew(e, channel.Name);
            return ++batch[0].Faults < MostFaults
                ? new Delivery.Transient(e.Message)
                : new Delivery.Permanent(e.Message);
        }
    }

    /// <summary>Ends with the call, which is cut short when a page of the worst severity waits behind it.</summary>
    private async Task GiveWay(Task delivery, CancellationTokenSource call, CancellationToken cancel)
    {
        using var looking = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        while (!delivery.IsCompleted)
        {
            if (_outbox.All.FirstOrDefault() is { Urgency: Urgency.Worst })
            {
                await Task.WhenAny(delivery, Task.Delay(Grace, Desk.Clock, looking.Token));
                if (!delivery.IsCompleted)
                    await call.CancelAsync();
                break;
            }
            await Task.WhenAny(delivery, Desk.Log.WaitPast(_read, looking.Token));
            Read();
        }
        await looking.CancelAsync();
    }

    private async Task Pause(CancellationToken cancel)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var news = Desk.Log.WaitPast(_read, awake.Token);
        if (_outbox.IsEmpty)
        {
            await news;
            return;
        }
        var wait = _outbox.All.Min(WaitOf);
        if (wait > TimeSpan.Zero)
            await Task.WhenAny(news, Task.Delay(wait, Desk.Clock, awake.Token));
        await awake.CancelAsync();
    }

    private Task Report(IEnumerable<Waiting> batch, Delivery delivery, long cursor, CancellationToken cancel) =>
        Record(
            cursor,
            [
                .. batch.Select(w =>
                    (
                        w.Incident,
                        new Command.ReportDelivery(
                            w.Message.Seq,
                            channel.Name,
                            ErrorOf(delivery),
                            delivery is Delivery.Permanent,
                            (delivery as Delivery.Delivered)?.Receipt,
                            delivery is Delivery.Delivered ? standsInFor : null
                        )
                    )
                ),
            ],
            cancel
        );

    private Message MessageOf(LogEntry entry, Incident incident)
    {
        var url = consoleUrl is null ? null : new Uri(consoleUrl, $"incidents/{incident.Id}").ToString();
        var (kind, to, reason, text) = entry.Entry switch
        {
            Entry.Paged p => ("page", p.To, p.Reason, p.Text),
            Entry.Reminded r => ("reminder", [], r.Reason, r.Text),
            _ => throw new UnreachableException(),
        };
        return new(incident.Id, incident.Severity, kind, to, reason, text, entry.At, entry.Seq, url);
    }

    private static string? ErrorOf(Delivery delivery) =>
        delivery switch
        {
            Delivery.Transient failed => failed.Error,
            Delivery.Permanent failed => failed.Error,
            _ => null,
        };

    private static string Outcome(Delivery delivery) =>
        delivery switch
        {
            Delivery.Delivered => "delivered",
            Delivery.Permanent => "failed",
            _ => "retried",
        };

    private Pause For(TimeSpan lasting) => new(Desk.Clock.GetTimestamp(), lasting);

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    [LoggerMessage(LogLevel.Error, "The channel {Channel} threw, which it never should")]
    private partial void LogThrew(Exception e, string channel);
}
