using System.Diagnostics;
using Akira.Core.Incidents;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Channels;

/// <summary>
/// Hands pages and reminders to one channel, in the order of the log. Each is on record as delivered before the next
/// one goes out: whatever happens to the responder, at most one message is ever repeated.
/// </summary>
/// <param name="consoleUrl">Where people reach the console; null: not known.</param>
public sealed class Pager(IChannel channel, Desk desk, Telemetry telemetry, Uri? consoleUrl, ILogger<Pager> logger)
    : Follower($"pager:{channel.Name}", desk, logger)
{
    protected override bool Wants(Entry entry) => entry is Entry.Paged or Entry.Reminded;

    protected override async Task Act(LogEntry entry, CancellationToken cancel)
    {
        var incident = Desk.Find(entry.IncidentNumber)!;
        if (incident.SettledPages.Contains((entry.Seq, channel.Name)))
            return;
        var message = MessageOf(entry, incident);
        for (var tries = 1; ; tries++)
            switch (await channel.Deliver(message, cancel))
            {
                case Delivery.Delivered:
                    telemetry.Page(channel.Name, "delivered");
                    await Record(entry, Report(entry, error: null, permanent: false), cancel);
                    return;
                case Delivery.Permanent failed:
                    telemetry.Page(channel.Name, "failed");
                    await Record(entry, Report(entry, failed.Error, permanent: true), cancel);
                    return;
                case Delivery.Transient failed:
                    telemetry.Page(channel.Name, "retried");
                    // The log says once that it is late, not at each try.
                    if (tries == 1)
                        await Desk.Decide(
                            entry.IncidentNumber,
                            Report(entry, failed.Error, permanent: false),
                            Actor.Akira,
                            cancel
                        );
                    await BackOff(tries, cancel);
                    break;
            }
    }

    private Command.ReportDelivery Report(LogEntry entry, string? error, bool permanent) =>
        new(entry.Seq, channel.Name, error, permanent);

    private Message MessageOf(LogEntry entry, Incident incident)
    {
        var url = consoleUrl is null ? null : new Uri(consoleUrl, $"incidents/{incident.Id}").ToString();
        return entry.Entry switch
        {
            Entry.Paged p => new(
                incident.Id,
                incident.Severity,
                "page",
                p.To,
                p.Reason,
                p.Text,
                entry.At,
                entry.Seq,
                url
            ),
            Entry.Reminded r => new(
                incident.Id,
                incident.Severity,
                "reminder",
                [],
                r.Reason,
                r.Text,
                entry.At,
                entry.Seq,
                url
            ),
            _ => throw new UnreachableException(),
        };
    }
}
