using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Akira.Cli.CommandLine;
using Akira.Cli.Http;
using Akira.Cli.Incidents;

namespace Akira.Cli.Silences;

internal sealed class SilencesVerb : Verb
{
    public SilencesVerb()
        : base(
            "silences",
            "List, set or end silences (alone: list)",
            "akira silences",
            "akira silences set \"database for 2h base backup\"",
            "akira silences end 3"
        )
    {
        var list = new ListVerb();
        Add(list);
        Add(new SetVerb());
        Add(new EndVerb());
        foreach (var option in list.Options)
            Add(option);
        Action = list.Action;
    }

    private sealed class ListVerb : Verb
    {
        public ListVerb()
            : base("list", "What is silenced, by whom and until when", "akira silences list --json")
        {
            var json = JsonOption();
            Add(json);
            SetAction(
                (parsed, cancel) =>
                    ResponderClient.Ask(
                        client => client.Get("/api/silences", cancel),
                        JsonValueKind.Array,
                        answer =>
                            Screen.List(
                                answer,
                                parsed.GetValue(json),
                                "Nothing is silenced.",
                                ["NO", "UNTIL (UTC)", "FIRING", "BY", "WHAT"],
                                Row
                            ),
                        cancel
                    )
            );
        }

        private static IReadOnlyList<string> Row(JsonElement silence) =>
            [
                silence.GetProperty("number").ToString(),
                silence.Time("until")?.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "",
                silence.GetProperty("holds").GetBoolean()
                    ? silence.GetProperty("firing").GetArrayLength().ToString(CultureInfo.InvariantCulture)
                    : "to come",
                silence.Text("by") ?? "",
                $"{silence.Text("what")}: {silence.Text("reason")}",
            ];
    }

    private sealed class SetVerb : Verb
    {
        public SetVerb()
            : base(
                "set",
                "No page for such alerts for a while; SEV1 only when it is named",
                "akira silences set \"database for 2h base backup\"",
                "akira silences set 'alertname=~\"Disk.*\" for 1 day disks are on their way'",
                "akira silences set \"SEV1 signaling for 30m the switch is replaced\""
            )
        {
            var words = new Argument<string[]>("WHAT for DURATION REASON")
            {
                Description = "As after /silence in the chat",
                Arity = ArgumentArity.OneOrMore,
            };
            Say(this, words, parsed => $"/silence {string.Join(' ', parsed.GetRequiredValue(words))}");
        }
    }

    private sealed class EndVerb : Verb
    {
        public EndVerb()
            : base("end", "End a silence now: what still fires is news", "akira silences end 3")
        {
            var number = new Argument<int>("NO") { Description = "Its number, as akira silences lists it" };
            Say(this, number, parsed => $"/unsilence {parsed.GetRequiredValue(number)}");
        }
    }

    private static void Say(Verb verb, Argument argument, Func<ParseResult, string> line)
    {
        var json = JsonOption();
        verb.Add(argument);
        verb.Add(json);
        verb.SetAction(
            (parsed, cancel) =>
                ResponderClient.Ask(
                    client => client.Post("/api/commands", new JsonObject { ["text"] = line(parsed) }, cancel),
                    JsonValueKind.Object,
                    answer => Reply.Print(answer, parsed.GetValue(json)),
                    cancel
                )
        );
    }
}
