using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Akira.Core.Incidents;
using Akira.Core.OnCall;
using Akira.Core.Runbooks;

namespace Akira.Core.Chat;

/// <summary>What questions are answered with: plain text, a line for each thing.</summary>
public static class Answers
{
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
        return string.Join(
            '\n',
            lines.Concat(
                covers
                    .Where(c => c.Until > now)
                    .Select(c => $"{c.Name} covers from {Local(c.From, zone)} to {Local(c.Until, zone)}, says {c.By}")
            )
        );
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
    public static string Status(IReadOnlyCollection<Incident> open, DateTimeOffset now) =>
        open.Count == 0
            ? "No incident is open."
            : string.Join('\n', open.OrderBy(i => i.Severity).ThenBy(i => i.Number).Select(i => Line(i, now)));

    public static string Help() => string.Join('\n', ChatVerb.All.Select(v => $"{v.Usage}  -  {v.What}"));

    private static string Line(Incident incident, DateTimeOffset now)
    {
        var with = incident.AcknowledgedBy is { } holder ? $", with {holder}" : "";
        var state = incident.State.ToString().ToLowerInvariant();
        return $"{incident.Id} {incident.Severity} {state}{with}, {incident.SinceDetection(now)}, {incident.Subsystem}: {incident.Title}";
    }

    private static string When(TimeSpan left) =>
        left >= TimeSpan.Zero ? $"in {Elapsed.Words(left)}" : $"since {Elapsed.Words(-left)}";
}
