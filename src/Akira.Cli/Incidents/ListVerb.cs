using System.Globalization;
using System.Text.Json;
using Akira.Cli.CommandLine;
using Akira.Cli.Http;

namespace Akira.Cli.Incidents;

internal sealed class ListVerb : Verb
{
    public ListVerb()
        : base("list", "All incidents, the newest first", "akira incidents list", "akira incidents list --json")
    {
        var json = JsonOption();
        Add(json);
        SetAction(
            (parsed, cancel) =>
                ResponderClient.Ask(
                    client => client.Get("/api/incidents", cancel),
                    JsonValueKind.Array,
                    answer =>
                        Screen.List(
                            answer,
                            parsed.GetValue(json),
                            "No incidents.",
                            ["INCIDENT", "SEV", "STATE", "BY", "SINCE (UTC)", "WHAT"],
                            Row,
                            cut: true
                        ),
                    cancel
                )
        );
    }

    private static IReadOnlyList<string> Row(JsonElement incident) =>
        [
            incident.Text("id") ?? "",
            incident.Text("severity") ?? "",
            incident.Text("state") ?? "",
            incident.Text("acknowledgedBy") ?? "-",
            incident.Time("detectedAt")?.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "",
            $"{incident.Text("subsystem")}: {incident.Text("title")}",
        ];
}
