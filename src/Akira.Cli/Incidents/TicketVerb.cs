using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Akira.Cli.CommandLine;
using Akira.Cli.Http;

namespace Akira.Cli.Incidents;

internal sealed class TicketVerb : Verb
{
    public TicketVerb()
        : base("ticket", "Open an incident by hand", "akira ticket \"SEV1 - no calls complete\" severity:critical")
    {
        var title = new Argument<string>("TITLE") { Description = "\"SEV1 - what is wrong\"" };
        var labels = new Argument<string[]>("LABELS")
        {
            Description = "severity:critical",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var json = JsonOption();
        Add(title);
        Add(labels);
        Add(json);
        SetAction(
            (parsed, cancel) =>
                ResponderClient.Ask(
                    client =>
                        client.Post(
                            "/api/commands",
                            new JsonObject
                            {
                                ["text"] = Line(parsed.GetRequiredValue(title), parsed.GetValue(labels) ?? []),
                            },
                            cancel
                        ),
                    JsonValueKind.Object,
                    answer => Reply.Print(answer, parsed.GetValue(json)),
                    cancel
                )
        );
    }

    // The title stands in double quotes in the chat: its own become single ones.
    private static string Line(string title, string[] labels) =>
        string.Join(' ', [$"/ticket \"{title.Replace('"', '\'')}\"", .. labels]);
}
