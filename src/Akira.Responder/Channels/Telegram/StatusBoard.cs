using Akira.Core.Incidents;
using Akira.Responder.Incidents;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Channels.Telegram;

/// <summary>
/// Keeps each incident's status message as the log has it. It edits the one that has been out of date longest, whenever
/// the quota has room for it: many entries in a row come to one edit. It remembers nothing that a restart needs.
/// </summary>
public sealed partial class StatusBoard(TelegramApi api, Desk desk, ILogger<StatusBoard> logger) : BackgroundService
{
    /// <summary>Entries often come in groups; a moment later they all are there.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);

    private readonly LinkedList<int> _stale = [];
    private readonly Dictionary<int, string> _shown = [];
    private long _position;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        _position = desk.Log.Position;
        foreach (var number in desk.Board.Incidents.Keys.Order())
            _stale.AddLast(number);
        while (!stoppingToken.IsCancellationRequested)
        {
            if (_stale.Count == 0)
                await desk.Log.WaitPast(_position, stoppingToken);
            await Task.Delay(Gathering, desk.Clock, stoppingToken);
            Follow();
            await api.Turn(api.Group, Urgency.Status, stoppingToken);
            Follow();
            if (_stale.First is not { } oldest)
                continue;
            _stale.Remove(oldest);
            if (!await Show(oldest.Value, stoppingToken))
                _stale.AddLast(oldest.Value);
        }
    }

    private void Follow()
    {
        while (desk.Log.ReadAfter(_position) is [.., var last] entries)
        {
            foreach (var number in entries.Where(e => Shows(e.Entry)).Select(e => e.IncidentNumber).Distinct())
                if (!_stale.Contains(number))
                    _stale.AddLast(number);
            _position = last.Position;
        }
    }

    /// <returns>False: it is worth another try.</returns>
    private async Task<bool> Show(int number, CancellationToken cancel)
    {
        if (
            desk.Find(number) is not { } incident
            || Place.Of(incident.Receipts.GetValueOrDefault(TelegramChannel.ChannelName)) is not { } place
        )
            return true;
        var html = Cards.Status(
            incident,
            desk.Log.Of(number),
            desk.PolicyOf(incident.PolicyHash),
            desk.Clock.GetUtcNow()
        );
        if (_shown.GetValueOrDefault(number) == html)
            return true;
        switch (await api.Edit(place, html, Cards.ButtonsOf(incident), cancel))
        {
            case Delivery.Delivered:
                _shown[number] = html;
                if (incident.State == IncidentState.Resolved)
                    _shown.Remove(number);
                return true;
            case Delivery.Permanent failed:
                LogNotShown(incident.Id, failed.Error);
                return true;
            default:
                return false;
        }
    }

    private static bool Shows(Entry entry) =>
        entry is not (Entry.StepOutput or Entry.StepStarted or Entry.PageFailed or Entry.Reminded);

    [LoggerMessage(LogLevel.Warning, "The status message of {Incident} cannot be edited: {Reason}")]
    private partial void LogNotShown(string incident, string reason);
}
