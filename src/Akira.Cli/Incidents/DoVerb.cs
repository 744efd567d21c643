using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Akira.Cli.CommandLine;
using Akira.Cli.Http;

namespace Akira.Cli.Incidents;

/// <summary>Any line of the chat grammar, from the shell.</summary>
internal sealed class DoVerb : Verb
{
    public DoVerb()
        : base(
            "do",
            "Say a line of chat to an incident",
            "akira do INC-7 \"ACK anna\"",
            "akira do 7 \"/update calls flow again through trunk 2\"",
            "akira do 7 /gates"
        )
    {
        var id = IncidentArgument();
        var words = new Argument<string[]>("COMMAND")
        {
            Description = "What you would type in the chat; /help lists it all",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = JsonOption();
        Add(id);
        Add(words);
        Add(json);
        SetAction(
            (parsed, cancel) =>
                ResponderClient.Ask(
                    client =>
                        client.Post(
                            $"/api/incidents/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/commands",
                            new JsonObject { ["text"] = string.Join(' ', parsed.GetRequiredValue(words)) },
                            cancel
                        ),
                    JsonValueKind.Object,
                    answer => Reply.Print(answer, parsed.GetValue(json)),
                    cancel
                )
        );
    }
}

/// <summary>The responder's answer to a line of chat.</summary>
internal static class Reply
{
    public static void Print(JsonElement answer, bool asJson)
    {
        if (asJson)
            Screen.Json(answer);
        else
            foreach (var line in (answer.Text("reply") ?? answer.Words()).Split('\n'))
                Screen.Say(Screen.Clean(line));
    }
}
