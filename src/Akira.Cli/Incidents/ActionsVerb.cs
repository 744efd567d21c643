using System.CommandLine;
using System.Text.Json;
using Akira.Cli.CommandLine;
using Akira.Cli.Http;

namespace Akira.Cli.Incidents;

internal sealed class ActionsVerb : Verb
{
    public ActionsVerb()
        : base(
            "actions",
            "Action items of all post-mortems that are not done",
            "akira incidents actions",
            "akira incidents actions --all --json"
        )
    {
        var all = new Option<bool>("--all") { Description = "Those that are done, too" };
        var json = JsonOption();
        Add(all);
        Add(json);
        SetAction(
            (parsed, cancel) =>
                ResponderClient.Ask(
                    client => client.Get(parsed.GetValue(all) ? "/api/actions" : "/api/actions?state=open", cancel),
                    JsonValueKind.Array,
                    answer =>
                        Screen.List(
                            answer,
                            parsed.GetValue(json),
                            "Nothing is to be done.",
                            ["ACTION", "DUE", "OWNER", "WHAT"],
                            Row
                        ),
                    cancel
                )
        );
    }

    private static IReadOnlyList<string> Row(JsonElement action) =>
        [
            action.Text("id") ?? "",
            action.Text("doneAt") is not null
                ? "done"
                : (action.Text("due") ?? "-") + (action.GetProperty("overdue").GetBoolean() ? " late" : ""),
            action.Text("owner") ?? "",
            action.Text("what") ?? "",
        ];
}
