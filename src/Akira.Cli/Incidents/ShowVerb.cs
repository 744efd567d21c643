using System.Text.Json;
using Akira.Cli.CommandLine;
using Akira.Cli.Http;

namespace Akira.Cli.Incidents;

internal sealed class ShowVerb : Verb
{
    public ShowVerb()
        : base(
            "show",
            "One incident: where it stands, what is due, and its log",
            "akira incidents show INC-7",
            "akira incidents show 7 --json"
        )
    {
        var id = IncidentArgument();
        var json = JsonOption();
        Add(id);
        Add(json);
        SetAction(
            (parsed, cancel) =>
                ResponderClient.Ask(
                    client => client.Get($"/api/incidents/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", cancel),
                    JsonValueKind.Object,
                    answer =>
                    {
                        if (parsed.GetValue(json))
                            Screen.Json(answer);
                        else
                            IncidentPage.Print(answer);
                    },
                    cancel
                )
        );
    }
}
