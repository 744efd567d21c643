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
            "Say a line of chat, to an incident or to none",
            "akira do INC-7 \"ACK anna\"",
            "akira do 7 \"/update calls flow again through trunk 2\"",
            "akira do 7 /gates",
            "akira do \"/handover bruno for 8h\""
        )
    {
        var id = IncidentArgument();
        id.Description += "; without it, as in the chat";
        var words = new Argument<string[]>("COMMAND")
        {
            Description = "What you would type in the chat; /help lists it all",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var json = JsonOption();
        Add(id);
        Add(words);
        Add(json);
        Validators.Add(given =>
        {
            if (given.GetValue(id) is { } first && !IsCommand(first) && given.GetValue(words) is not { Length: > 0 })
                given.AddError("Required argument 'COMMAND' missing for command: 'do'.");
        });
        SetAction(
            (parsed, cancel) =>
            {
                var first = parsed.GetRequiredValue(id);
                var said = string.Join(' ', parsed.GetValue(words) ?? []);
                return ResponderClient.Ask(
                    client =>
                        client.Post(
                            IsCommand(first)
                                ? "/api/commands"
                                : $"/api/incidents/{Uri.EscapeDataString(first)}/commands",
                            new JsonObject { ["text"] = IsCommand(first) ? $"{first} {said}" : said },
                            cancel
                        ),
                    JsonValueKind.Object,
                    answer => Reply.Print(answer, parsed.GetValue(json)),
                    cancel
                );
            }
        );
    }

    /// <summary>No incident is named so: the line says itself which one it is about, or the responder asks.</summary>
    private static bool IsCommand(string word) =>
        word.StartsWith('/') || word.Split(' ')[0].Equals("ack", StringComparison.OrdinalIgnoreCase);
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
