using System.Collections.Concurrent;
using Akira.Core.Alerts;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Microsoft.Extensions.Hosting;

namespace Akira.Responder.DeadMan;

/// <summary>
/// An alert named <c>Watchdog</c> fires as long as those who watch are alive; Prometheus' own rules bring one. It is no
/// incident: its silence is. Each is expected once it was heard, and with a setting from the start.
/// </summary>
/// <param name="silence">How long none may be heard.</param>
/// <param name="expected">Whether one is expected before any was heard.</param>
public sealed class Watchdogs(Desk desk, TimeSpan silence, bool expected) : BackgroundService
{
    public const string AlertName = "Watchdog";

    private const string Unheard = "any";
    private const string SilentName = "WatchdogSilent";
    private const string Known = "watchdog:";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>How long one that fell silent while we were away is still missed.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);
    private static readonly TimeSpan KeptEach = TimeSpan.FromHours(1);

    /// <summary>When each was heard last, by who sends it.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _heard = new(StringComparer.Ordinal);

    /// <summary>When what is on disk of them was heard.</summary>
    private readonly Dictionary<string, DateTimeOffset> _kept = new(StringComparer.Ordinal);

    /// <summary>By fingerprint: who was said to be silent, until the end of that is on record.</summary>
    private readonly Dictionary<string, Alert> _said = new(StringComparer.Ordinal);

    /// <summary>Notes those that are watchdogs.</summary>
    /// <returns>The others.</returns>
    public IReadOnlyList<Alert> Without(IReadOnlyList<Alert> alerts)
    {
        if (!alerts.Any(a => a.Name == AlertName))
            return alerts;
        var now = desk.Clock.GetUtcNow();
        foreach (var alert in alerts.Where(a => a.Name == AlertName && a.IsFiringAt(now)))
        {
            _heard[SenderOf(alert)] = now;
            _heard.TryRemove(Unheard, out _);
        }
        return [.. alerts.Where(a => a.Name != AlertName)];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var now = desk.Clock.GetUtcNow();
        foreach (var (sender, seconds) in desk.Log.Cursors(Known))
            if (now - DateTimeOffset.FromUnixTimeSeconds(seconds) is var ago && ago < Remembered)
            {
                _kept[sender] = now - ago;
                _heard.TryAdd(sender, now);
            }
        if (expected && _heard.IsEmpty)
            _heard[Unheard] = now;
        // Whoever was silent when we stopped still has an incident; it must be heard, or stay missed.
        foreach (var alert in desk.Board.Incidents.Values.SelectMany(i => i.Alerts.Values).Where(IsSilent))
        {
            _said[alert.Alert.Fingerprint] = alert.Alert;
            _heard.TryAdd(alert.Alert.Labels.GetValueOrDefault("watchdog", Unheard), now - silence);
        }
        using var timer = new PeriodicTimer(Look, desk.Clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try
            {
                await Judge(stoppingToken);
            }
            catch (StoreFailure)
            {
                // The desk has said so; the next second tries again.
            }
    }

    private async Task Judge(CancellationToken cancel)
    {
        var now = desk.Clock.GetUtcNow();
        await Keep(cancel);
        // Silent ones are said again each second, as any sender repeats its alerts; that renews a lease and no more.
        var silent = _heard.Where(h => now - h.Value >= silence).Select(h => AlertOf(h.Key, h.Value)).ToList();
        foreach (var alert in silent)
            _said[alert.Fingerprint] = alert;
        var ended = _said.Keys.Except(silent.Select(a => a.Fingerprint)).ToList();
        if (_said.Count > 0)
            await desk.Receive([.. silent, .. ended.Select(f => _said[f] with { EndsAt = now })], cancel);
        ended.ForEach(f => _said.Remove(f));
    }

    /// <summary>Who was heard is known after a restart: a machine that takes us down with those who watch is missed when only we come back.</summary>
    private async Task Keep(CancellationToken cancel)
    {
        var news = _heard.Where(h => h.Key != Unheard && h.Value - _kept.GetValueOrDefault(h.Key) >= KeptEach).ToList();
        if (news.Count == 0)
            return;
        await desk.Ask(
            round =>
            {
                foreach (var (sender, at) in news)
                    round.MoveCursor(Known + sender, at.ToUnixTimeSeconds());
                return true;
            },
            cancel
        );
        foreach (var (sender, at) in news)
            _kept[sender] = at;
    }

    private static bool IsSilent(Core.Incidents.IncidentAlert alert) =>
        alert.EndedAt is null && alert.Alert.Name == SilentName;

    private Alert AlertOf(string sender, DateTimeOffset last)
    {
        var labels = LabelSet.Of(
            new Dictionary<string, string>
            {
                ["alertname"] = SilentName,
                ["watchdog"] = sender,
                ["severity"] = "critical",
                ["subsystem"] = "monitoring",
            }
        );
        var words =
            sender == Unheard
                ? $"No Watchdog alert has come for {Core.Incidents.Elapsed.Words(silence)}: nobody may be watching"
                : $"The Watchdog of {sender} has been silent for {Core.Incidents.Elapsed.Words(silence)}: what it watches is not watched";
        return new Alert(Fingerprint.Of(labels), labels, LabelSet.Of("summary", words), last + silence, null, null);
    }

    /// <summary>Of the labels that tell one Prometheus from another; without any there is one.</summary>
    private static string SenderOf(Alert alert) =>
        new[] { "prometheus", "cluster", "instance", "job" }
            .Select(l => alert.Labels.GetValueOrDefault(l))
            .FirstOrDefault(v => !string.IsNullOrEmpty(v))
        ?? "the monitoring";
}
