using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Akira.Core.Incidents;
using Akira.Core.OnCall;
using Akira.Core.Runbooks;
using Akira.Core.Silences;

namespace Akira.Core.Chat;

/// <summary>What questions are answered with: plain text, a line for each thing.</summary>
public static class Answers
{
    /// <summary>Of covers; more than that is a calendar, and no message holds it.</summary>
    private const int MostCovers = 5;

    public static string Gates(Incident incident, Policy policy, DateTimeOffset now)
    {
        var gates = Incidents.Gates.Of(incident, policy, now);
        if (gates.IsEmpty)
            return "The runbook names no gate: /resolve closes the incident.";
        var lines = gates.Select((g, i) => $"{i + 1}. {(g.Met ? "met" : "NOT met")}  {g.Gate.Name}: {g.Evidence}");
        return $"{incident.Id}: {gates.Count(g => g.Met)} of {gates.Length} gates are met\n{string.Join('\n', lines)}";
    }

    /// <summary>The mitigation order with the facts for each option, and what to type.</summary>
    public static string Advice(Incident incident, ImmutableArray<MitigationOption> options) =>
        options.IsEmpty
            ? "The runbook has no mitigation order."
            : $"{incident.Id}: restore first, in this order\n"
                + string.Join(
                    '\n',
                    options.Select(
                        (o, i) =>
                            $"{i + 1}. {Word(o.Speaks)}{o.Text}\n   {o.Fact}"
                            + string.Concat(
                                o.Speaks == false
                                    ? []
                                    : o.Steps.Select(s =>
                                        (s.First is { } first ? $"\n   {first}" : "") + $"\n   {s.Say}  ({s.Effect})"
                                    )
                            )
                    )
                );

    private static string Word(bool? speaks) =>
        speaks switch
        {
            true => "YES  ",
            false => "no   ",
            null => "?    ",
        };

    /// <param name="platform">With the roles as they are now.</param>
    /// <param name="covers">Those that hold or are to come.</param>
    public static string OnCall(Platform platform, ImmutableArray<Cover> covers, DateTimeOffset now)
    {
        if (platform.OnCall.IsEmpty)
            return "The platform's on-call table is empty.";
        var lines = platform.OnCall.Select(p => $"{p.Name} ({p.Role})");
        if (platform.Rotation is { } rotation)
            lines = lines.Append(
                $"{rotation.ShiftAt(now).Secondary} takes over at {Local(rotation.ShiftAt(now).Until, rotation.Zone)}"
            );
        var zone = platform.Rotation?.Zone ?? TimeZoneInfo.Utc;
        var standing = covers.Where(c => c.Until > now).OrderBy(c => c.From).ToList();
        lines = lines.Concat(
            standing
                .Take(MostCovers)
                .Select(c =>
                    $"{c.Name} covers{(c.Role == Roster.Secondary ? " as secondary" : "")} from {Local(c.From, zone)} to {Local(c.Until, zone)}, says {c.By}"
                )
        );
        if (standing.Count > MostCovers)
            lines = lines.Append($"and {standing.Count - MostCovers} more covers after that: the console lists them");
        return string.Join('\n', lines);
    }

    private static string Local(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
        + $" {zone.Id}";

    public static string Status(Incident incident, Policy policy, DateTimeOffset now)
    {
        var text = new StringBuilder(Line(incident, now));
        if (incident.FiringCount > 0)
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n{incident.FiringCount} of {incident.Alerts.Count} alerts fire"
            );
        foreach (var deadline in Deadlines.Of(incident, policy))
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n{deadline.Kind} ({deadline.Who}) {When(deadline.DueAt - now)}"
            );
        foreach (var link in Diagnostics.RunbooksFor(incident, policy))
            text.Append(CultureInfo.InvariantCulture, $"\nrunbook: {link.Target}");
        return text.ToString();
    }

    /// <param name="open">All that are not resolved.</param>
    public static string Status(IReadOnlyCollection<Incident> open, Silencing silencing, DateTimeOffset now)
    {
        var lines = open.OrderBy(i => i.Severity).ThenBy(i => i.Number).Select(i => Line(i, now));
        if (open.Count == 0)
            lines = ["No incident is open."];
        if (silencing.Standing.Values.Count(s => s.HoldsAt(now)) is var holding and > 0)
            lines = lines.Append(
                $"{Many(holding, "silence holds", "silences hold")}, {Many(silencing.Alerts.Count, "alert fires", "alerts fire")} under them: /silences"
            );
        return string.Join('\n', lines);
    }

    public static string Silences(Silencing silencing, DateTimeOffset now) =>
        silencing.Standing.IsEmpty
            ? "Nothing is silenced."
            : string.Join('\n', silencing.Standing.Values.OrderBy(s => s.Until).Select(s => Line(s, silencing, now)));

    public static string Help() => string.Join('\n', ChatVerb.All.Select(v => $"{v.Usage}  -  {v.What}"));

    private static string Line(Silence silence, Silencing silencing, DateTimeOffset now)
    {
        var firing = silencing.Alerts.Values.Count(a => a.Silence == silence.Number);
        var when = silence.HoldsAt(now)
            ? $"until {silence.Until:yyyy-MM-dd HH:mm} UTC, {Many(firing, "alert fires", "alerts fire")} under it"
            : $"from {silence.From:yyyy-MM-dd HH:mm} to {silence.Until:yyyy-MM-dd HH:mm} UTC";
        return $"{silence.Number}. {silence.Scope} {when}; {silence.By}: {silence.Reason}";
    }

    private static string Many(int count, string one, string more) => $"{count} {(count == 1 ? one : more)}";

    private static string Line(Incident incident, DateTimeOffset now)
    {
        var with = incident.AcknowledgedBy is { } holder ? $", with {holder}" : "";
        var state = incident.State.ToString().ToLowerInvariant();
        return $"{incident.Id} {incident.Severity} {state}{with}, {incident.SinceDetection(now)}, {incident.Subsystem}: {incident.Title}";
    }

    private static string When(TimeSpan left) =>
        left >= TimeSpan.Zero ? $"in {Elapsed.Words(left)}" : $"since {Elapsed.Words(-left)}";
}
