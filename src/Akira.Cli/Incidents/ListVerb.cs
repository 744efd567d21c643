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
                    answer => Print(answer, parsed.GetValue(json)),
                    cancel
                )
        );
    }

    private static void Print(JsonElement answer, bool asJson)
    {
        if (asJson)
        {
            Screen.Json(answer);
            return;
        }
        var incidents = answer.EnumerateArray().ToList();
        if (incidents.Count == 0)
            Screen.Say("No incidents.");
        else
            Screen.Table(
                ["INCIDENT", "SEVERITY", "STATE", "DETECTED (UTC)", "BY", "SUBSYSTEM", "TITLE"],
                incidents.Select(
                    IReadOnlyList<string> (i) =>
                        [
                            i.Text("id") ?? "",
                            i.Text("severity") ?? "",
                            i.Text("state") ?? "",
                            i.Time("detectedAt")?.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "",
                            i.Text("acknowledgedBy") ?? "-",
                            i.Text("subsystem") ?? "",
                            i.Text("title") ?? "",
                        ]
                )
            );
    }
}
