using System.Diagnostics.Metrics;
using Akira.Core.Voice;

namespace Akira.Responder.Voice;

/// <summary>
/// The figures of calls for <c>/metrics</c>. Platform and trunks over every published window; customers and prefixes, of
/// which there may be many, over five minutes. A figure that rests on too few calls is not there.
/// </summary>
public sealed class KpiMetrics : IDisposable
{
    private readonly Meter _meter = new(Telemetry.MeterName);
    private readonly CallIntake _intake;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private (DateTimeOffset At, KpiReport Report)? _last;

    public KpiMetrics(CallIntake intake, TimeProvider time)
    {
        (_intake, _time) = (intake, time);
        _meter.CreateObservableGauge(
            "akira.kpi.ratio",
            () => Ratios(m => m.Judged),
            description: "ASR, NER, SEER, SER, ISA and unallocated, 0 to 1"
        );
        _meter.CreateObservableGauge(
            "akira.kpi.ratio.upper",
            () => Ratios(m => m.IsSufficient ? m.Upper : null),
            description: "The ratio is below this with 99 %: what rules compare"
        );
        _meter.CreateObservableGauge(
            "akira.kpi.ratio.lower",
            () => Ratios(m => m.IsSufficient ? m.Lower : null),
            description: "The ratio is above this with 99 %"
        );
        _meter.CreateObservableGauge(
            "akira.kpi.duration",
            Durations,
            "s",
            "Post-dial delay p50 and p95, and mean talk time"
        );
        _meter.CreateObservableGauge(
            "akira.kpi.calls",
            Counts,
            description: "Attempts, seizures and answered calls of the window"
        );
        _meter.CreateObservableGauge("akira.calls.in.progress", InProgress, description: "Answered and not ended");
        _meter.CreateObservableCounter(
            "akira.call.records",
            Records,
            description: "Call records by what became of them"
        );
        _meter.CreateObservableGauge(
            "akira.cdr.gaps",
            Gaps,
            description: "Numbers that a node gave its records and that have not come"
        );
        _meter.CreateObservableGauge(
            "akira.calls.lag",
            () => Report().LagSeconds is { } lag ? [new(lag)] : Array.Empty<Measurement<double>>(),
            "s",
            "How old the last record was when it came"
        );
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> Ratios(Func<Measure, double?> value) =>
        from window in Windows()
        from figure in Names
        let measured = value(window.Kpis.Named(figure)!.Value)
        where measured is not null
        select Of(measured.Value, window, figure);

    private static readonly string[] Names = ["asr", "ner", "seer", "ser", "isa", "unallocated"];

    private IEnumerable<Measurement<double>> Durations() =>
        from window in Windows()
        from figure in (string[])["pdd.p50", "pdd.p95", "acd"]
        let measured = window.Kpis.Named(figure)!.Value.Judged
        where measured is not null
        select Of(measured.Value, window, figure);

    private IEnumerable<Measurement<double>> Counts() =>
        from window in Windows()
        from figure in new[]
        {
            (Name: "attempts", Value: window.Kpis.Attempts),
            (Name: "seizures", Value: window.Kpis.Seizures),
            (Name: "answered", Value: window.Kpis.Answered),
        }
        select Of(figure.Value, window, figure.Name);

    private IEnumerable<Measurement<int>> InProgress() =>
        Report().Scopes.Select(s => new Measurement<int>(s.InProgress, new("kind", s.Kind), new("name", s.Name)));

    private IEnumerable<Measurement<long>> Records()
    {
        var report = Report();
        yield return new(report.Counted, new KeyValuePair<string, object?>("what", "counted"));
        yield return new(report.Duplicates, new KeyValuePair<string, object?>("what", "duplicate"));
        yield return new(report.OutOfTime, new KeyValuePair<string, object?>("what", "out_of_time"));
        yield return new(report.Unscoped, new KeyValuePair<string, object?>("what", "unscoped"));
        yield return new(report.Unreadable, new KeyValuePair<string, object?>("what", "unreadable"));
        yield return new(report.Lost, new KeyValuePair<string, object?>("what", "lost"));
    }

    private IEnumerable<Measurement<double>> Gaps() =>
        from sample in _intake.Gaps(_time.GetUtcNow())
        where sample is { Value: not null, Labels.IsEmpty: false }
        select new Measurement<double>(
            sample.Value!.Value,
            new KeyValuePair<string, object?>("node", sample.Labels["node"])
        );

    private IEnumerable<(KpiScope Scope, Kpis Kpis)> Windows() =>
        from scope in Report().Scopes
        from kpis in scope.Windows
        where scope.Kind is "platform" or "trunk" || kpis.WindowMinutes == 5
        select (scope, kpis);

    private static Measurement<double> Of(double value, (KpiScope Scope, Kpis Kpis) of, string figure) =>
        new(
            value,
            new("figure", figure),
            new("kind", of.Scope.Kind),
            new("name", of.Scope.Name),
            new("window", FormattableString.Invariant($"{of.Kpis.WindowMinutes}m"))
        );

    /// <summary>One look for all the instruments of a scrape.</summary>
    private KpiReport Report()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (_last is not { } last || now - last.At > TimeSpan.FromSeconds(1))
                _last = last = (now, _intake.Kpis(now));
            return last.Report;
        }
    }
}
