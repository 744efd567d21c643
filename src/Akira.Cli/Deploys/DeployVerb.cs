using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Akira.Cli.CommandLine;
using Akira.Cli.Http;

namespace Akira.Cli.Deploys;

internal sealed class DeployVerb : Verb
{
    public DeployVerb()
        : base("deploy", "Deploys, which an incident may follow", "akira deploy record 2026.11.3") =>
        Add(new RecordVerb());
}

internal sealed class RecordVerb : Verb
{
    public RecordVerb()
        : base(
            "record",
            "Tell the responder that a deploy happened",
            "akira deploy record 2026.11.3 --service akira-backend"
        )
    {
        var version = new Argument<string>("VERSION") { Description = "What was deployed" };
        var service = TextOption("--service", "S", "Where, by its name in platform.md; without it: the whole platform");
        var json = JsonOption();
        Add(version);
        Add(service);
        Add(json);
        SetAction(
            (parsed, cancel) =>
                ResponderClient.Ask(
                    client =>
                        client.Post(
                            "/api/deploys",
                            new JsonObject
                            {
                                ["version"] = parsed.GetRequiredValue(version),
                                ["service"] = parsed.GetValue(service),
                            },
                            cancel
                        ),
                    JsonValueKind.Object,
                    answer =>
                    {
                        if (parsed.GetValue(json))
                            Screen.Json(answer);
                        else
                            Screen.Say($"Recorded: {Screen.Clean(parsed.GetRequiredValue(version))}.");
                    },
                    cancel
                )
        );
    }
}
