using System.Globalization;
using System.Text.Json;
using Akira.Cli.CommandLine;
using Akira.Cli.Http;
using Akira.Core.Incidents;

namespace Akira.Cli.Incidents;

/// <summary>An incident as a page of text. Times count from detection, T+0, as the runbook does.</summary>
internal static class IncidentPage
{
    public static void Print(JsonElement incident)
    {
        var detected = incident.Time("detectedAt");
        Screen.Say(Line(incident, "id", "severity", "state", "subsystem"));
        Screen.Say(Screen.Clean(incident.Text("title") ?? ""));
        Screen.Say(
            $"Detected {detected?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC (T+0)"
        );

        Section(
            "Due",
            incident
                .Items("deadlines")
                .Select(d => Row(Since(detected, d.Time("dueAt")), d.Text("kind"), d.Text("who")))
        );
        Section(
            "Gates",
            incident
                .Items("gates")
                .Select(g => Row(g.Text("met") == "true" ? "holds" : "unmet", g.Text("name"), g.Text("evidence")))
        );
        if (incident.Text("state") is "open" or "acknowledged")
            Section("Restore service, in this order", incident.Items("mitigationOptions").SelectMany(Advice));
        Section("Alerts", incident.Items("alerts").Select(a => Row(AlertState(a), AlertName(a))));
        Section("Runbooks", incident.Items("runbooks").Select(r => Row(r.Text("target") ?? r.Words())));
        Section(
            "Calls",
            (
                incident.Items("log").LastOrDefault(e => e.Text("kind") == "calls-compared")
                    is { ValueKind: JsonValueKind.Object } calls
                    ? calls.Items("lines")
                    : []
            ).Select(l => Row(l.Words()))
        );
        Section("Log", incident.Items("log").Select(e => LogRow(e, detected)));
    }

    /// <summary><c>T+3 min  acknowledged  anna  ACK anna</c>.</summary>
    public static IReadOnlyList<string> LogRow(JsonElement entry, DateTimeOffset? detected) =>
        Row(Since(detected, entry.Time("at")), entry.Text("kind"), By(entry), entry.Text("text"));

    private static IEnumerable<IReadOnlyList<string>> Advice(JsonElement option)
    {
        var speaks = option.Text("speaks");
        yield return Row(
            speaks switch
            {
                "true" => "yes",
                "false" => "no",
                _ => "?",
            },
            $"{option.Text("text")} ({option.Text("fact")})"
        );
        if (speaks == "false")
            yield break;
        foreach (var step in option.Items("steps"))
        {
            if (step.Text("first") is { Length: > 0 } first)
                yield return Row("", first);
            yield return Row("", $"{step.Text("say")}  ({step.Text("effect")})");
        }
    }

    private static void Section(string heading, IEnumerable<IReadOnlyList<string>> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
            return;
        Screen.Say("");
        Screen.Say(heading);
        Screen.Rows(all.Select(IReadOnlyList<string> (row) => ["", .. row]));
    }

    private static string Line(JsonElement incident, params IEnumerable<string> members) =>
        string.Join("  ", members.Select(m => Screen.Clean(incident.Text(m) ?? "-")));

    private static string Since(DateTimeOffset? detected, DateTimeOffset? at) =>
        detected is { } zero && at is { } then ? "T+" + Elapsed.Words(then > zero ? then - zero : default) : "";

    // A person's name, or the whole actor when the responder tells more.
    private static string By(JsonElement entry) => entry.Member("by")?.Text("name") ?? entry.Text("by") ?? "";

    private static string AlertState(JsonElement alert) => alert.Time("endedAt") is null ? "firing" : "ended";

    private static string AlertName(JsonElement alert)
    {
        var labels = alert.Member("labels") ?? alert.Member("alert")?.Member("labels");
        return labels is { ValueKind: JsonValueKind.Object } all
            ? string.Join(
                ' ',
                all.EnumerateObject()
                    .Select(l => l.Name == "alertname" ? l.Value.Words() : $"{l.Name}={l.Value.Words()}")
            )
            : alert.Text("name") ?? alert.Text("fingerprint") ?? "";
    }

    private static IReadOnlyList<string> Row(params IEnumerable<string?> cells) => [.. cells.Select(c => c ?? "")];
}
