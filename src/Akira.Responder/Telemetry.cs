using System.Diagnostics.Metrics;
using Akira.Core.Incidents;
using Akira.Responder.Log;

namespace Akira.Responder;

/// <summary>What the responder counts about itself; <c>/metrics</c> shows it.</summary>
public sealed class Telemetry : IDisposable
{
    public const string MeterName = "Akira.Responder";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _alerts;
    private readonly Counter<long> _entries;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _pages;
    private readonly Histogram<double> _deadlineLag;

    public Telemetry()
    {
        _alerts = _meter.CreateCounter<long>("akira.alerts", description: "Alerts received, by what they were");
        _entries = _meter.CreateCounter<long>("akira.entries", description: "Entries of the incident log, by kind");
        _refusals = _meter.CreateCounter<long>("akira.refusals", description: "Commands refused, by the reason's code");
        _pages = _meter.CreateCounter<long>("akira.pages", description: "Pages and reminders handed to a channel");
        _deadlineLag = _meter.CreateHistogram<double>("akira.deadline.lag", "s", "How late deadlines were met");
    }

    /// <param name="what"><c>resent</c> or <c>silenced</c>.</param>
    public void Alerts(string what, int count)
    {
        if (count > 0)
            _alerts.Add(count, new KeyValuePair<string, object?>("what", what));
    }

    public void Recorded(IEnumerable<LogEntry> entries)
    {
        foreach (var kind in entries.GroupBy(e => e.Entry.GetType()))
            _entries.Add(kind.Count(), new KeyValuePair<string, object?>("kind", EntryJson.KindOf(kind.First().Entry)));
    }

    public void Refused(string code) => _refusals.Add(1, new KeyValuePair<string, object?>("code", code));

    /// <param name="outcome"><c>delivered</c>, <c>retried</c> or <c>failed</c>.</param>
    public void Page(string channel, string outcome) =>
        _pages.Add(
            1,
            new KeyValuePair<string, object?>("channel", channel),
            new KeyValuePair<string, object?>("outcome", outcome)
        );

    public void DeadlineMet(TimeSpan lag) => _deadlineLag.Record(lag.TotalSeconds);

    public void Dispose() => _meter.Dispose();
}
