using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Akira.Core.Alerts;

namespace Akira.Core.Voice;

/// <summary>
/// What changed: the calls of the last minutes beside those of the hour before them. Read from the records, never from
/// figures that were rounded on the way. See <see cref="CallComparing"/>.
/// </summary>
/// <param name="Figure">What is bad in it: <c>ner</c> (the network failed), <c>asr</c> (not answered) or <c>pdd</c> (no ringing within five seconds).</param>
/// <param name="From">The hour's begin.</param>
/// <param name="Split">Before it is «before», after it is «now».</param>
/// <param name="LagSeconds">How old the newest record was when it came: the pipeline's delay. Null: not known.</param>
/// <param name="Excess">Bad calls beyond the share that were bad before.</param>
/// <param name="Narrowed">The values that hold most of the excess together, the most telling first; empty when it is everywhere.</param>
/// <param name="Suspects">Single values ranked by their excess.</param>
/// <param name="Shape">Calls and bad calls of each minute of the hour.</param>
/// <param name="Failing">Up to three bad calls of now, from where the excess is.</param>
/// <param name="Good">One that went well there.</param>
public sealed record CallComparison(
    string Figure,
    DateTimeOffset From,
    DateTimeOffset Split,
    DateTimeOffset To,
    CallComparison.Side Before,
    CallComparison.Side Now,
    double? LagSeconds,
    double Excess,
    ImmutableArray<CallComparison.Suspect> Narrowed,
    ImmutableArray<CallComparison.Suspect> Suspects,
    ImmutableArray<CallComparison.Minute> Shape,
    ImmutableArray<CallComparison.Example> Failing,
    CallComparison.Example? Good
)
{
    /// <summary>Of the excess: what holds less is no part worth naming.</summary>
    private const double Some = 0.3;

    /// <summary>Calls; fewer may be chance.</summary>
    private const double EnoughExcess = 10;

    /// <summary>How bad the other calls are at most, beside a part's.</summary>
    private const double RestIsBetter = 0.6;

    /// <param name="Local">Failures whose response this platform made.</param>
    /// <param name="Remote">Failures whose response came from the other side.</param>
    public sealed record Side(int Calls, int Bad, int Local, int Remote)
    {
        [JsonIgnore]
        public Measure Share => Measure.Ratio(Bad, Calls);
    }

    /// <param name="Dimension"><c>trunk</c>, <c>customer</c>, <c>prefix</c>, <c>code</c>, <c>node</c> or <c>config version</c>.</param>
    public sealed record Suspect(
        string Dimension,
        string Value,
        int Bad,
        int Calls,
        int BadBefore,
        int CallsBefore,
        double Excess
    );

    public sealed record Minute(int Calls, int Bad);

    public sealed record Example(DateTimeOffset At, string CallId, int SipCode, string Route);

    /// <summary>
    /// Where no value holds most of the excess: the trunks, customers and whatever else each hold a good part of it, more than their calls
    /// explain. Two things that fail at once look so.
    /// </summary>
    [JsonIgnore]
    public ImmutableArray<Suspect> Parts =>
        !Narrowed.IsEmpty
            ? []
            :
            [
                .. Suspects.Where(s =>
                    s.Dimension != "code"
                    && s.Calls < Now.Calls
                    && s.Excess >= Math.Max(EnoughExcess, Some * Excess)
                    && (Excess - s.Excess) / (Now.Calls - s.Calls) < RestIsBetter * s.Excess / s.Calls
                ),
            ];

    /// <summary>One line: <c>84 of 212 calls bad (before: 2 %), most of it trunk carrier-milano and code 503</c>.</summary>
    [JsonIgnore]
    public string Headline =>
        FormattableString.Invariant(
            $"{Now.Bad} of {Now.Calls} calls {Words} in the last {Minutes(To - Split)} (before: {Percent(Before.Share.Value)})"
        )
        + (
            !Narrowed.IsEmpty ? ", most of it " + string.Join(" and ", Narrowed.Select(Name))
            : !Parts.IsEmpty ? ", no one part most of it: " + string.Join(", ", Parts.Select(Part))
            : ", everywhere alike"
        );

    /// <summary>What a person wants to know first, line by line.</summary>
    [JsonIgnore]
    public ImmutableArray<string> Lines
    {
        get
        {
            var lines = ImmutableArray.CreateBuilder<string>();
            var (now, before) = (Now.Share, Before.Share);
            lines.Add(
                FormattableString.Invariant(
                    $"is it real     {Now.Bad} of {Now.Calls} calls {Words}, {Percent(now.Lower)} to {Percent(now.Upper)}; before {Before.Bad} of {Before.Calls}"
                )
                    + (
                        LagSeconds is { } lag
                            ? $"; records come after {SampleUnits.Format(TimeSpan.FromSeconds(lag))}"
                            : ""
                    )
            );
            lines.Add(
                Narrowed.IsEmpty
                    ? "what changed   "
                        + (
                            Parts.IsEmpty
                                ? "no part of the traffic stands out"
                                : "no one part holds most of it: " + string.Join(", ", Parts.Select(Part))
                        )
                    : "what changed   "
                        + string.Join(" and ", Narrowed.Select(Name))
                        + FormattableString.Invariant(
                            $": {Narrowed[^1].Bad} of {Narrowed[^1].Calls} bad, {Math.Round(Narrowed[^1].Excess)} of the {Math.Round(Excess)} beyond the usual"
                        )
            );
            if (Now.Local + Now.Remote > 0)
                lines.Add(
                    FormattableString.Invariant(
                        $"whose fault    {Now.Remote} of the failures were answered by the far side, {Now.Local} by this platform"
                    )
                );
            lines.Add("shape          " + Spark + $"  bad calls a minute, {Clock(From)} to {Clock(To)} UTC");
            foreach (var suspect in Suspects)
                lines.Add(
                    FormattableString.Invariant(
                        $"  {suspect.Excess, 6:+0;-0}  {Name(suspect)}: {suspect.Bad} of {suspect.Calls}, before {suspect.BadBefore} of {suspect.CallsBefore}"
                    )
                );
            foreach (var example in Failing)
                lines.Add("bad call       " + Text(example));
            if (Good is not null)
                lines.Add("good call      " + Text(Good));
            return lines.ToImmutable();
        }
    }

    private string Words =>
        Figure switch
        {
            "asr" => "not answered",
            "pdd" => "slow to ring",
            _ => "failed",
        };

    /// <summary>Eighths of the worst minute's share.</summary>
    private string Spark
    {
        get
        {
            var worst = Math.Max(0.01, Shape.Max(m => m.Calls == 0 ? 0 : (double)m.Bad / m.Calls));
            return string.Concat(
                Shape.Select(m => m.Calls == 0 ? '·' : "▁▂▃▄▅▆▇█"[(int)Math.Round((double)m.Bad / m.Calls / worst * 7)])
            );
        }
    }

    private static string Name(Suspect suspect) => $"{suspect.Dimension} {suspect.Value}";

    private static string Part(Suspect suspect) =>
        FormattableString.Invariant($"{Name(suspect)} {Math.Round(suspect.Excess)}");

    private static string Text(Example e) =>
        $"{Clock(e.At)}  {e.SipCode.ToString(CultureInfo.InvariantCulture)}  {e.Route}  Call-ID {e.CallId}";

    private static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Minutes(TimeSpan time) => SampleUnits.Format(time);

    private static string Percent(double? share) => share is { } s ? SampleUnits.Format("ner", s) : "no calls";
}
