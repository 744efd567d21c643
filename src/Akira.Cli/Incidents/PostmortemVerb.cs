using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Akira.Cli.CommandLine;
using Akira.Cli.Http;

namespace Akira.Cli.Incidents;

internal sealed class PostmortemVerb : Verb
{
    public PostmortemVerb()
        : base(
            "postmortem",
            "An incident's post-mortem, in Markdown",
            "akira incidents postmortem INC-7 > INC-7.md",
            "akira incidents postmortem INC-7 --html > INC-7.html"
        )
    {
        var id = IncidentArgument();
        var html = new Option<bool>("--html") { Description = "In HTML, with the plots in it" };
        var version = new Option<int?>("--version-number")
        {
            Description = "An earlier version; 0: the one made from the log",
            HelpName = "N",
        };
        Add(id);
        Add(html);
        Add(version);
        SetAction(
            (parsed, cancel) =>
                ResponderClient.Ask(
                    client =>
                        client.Get(
                            $"/api/incidents/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/postmortem"
                                + $"?format={(parsed.GetValue(html) ? "html" : "markdown")}"
                                + (
                                    parsed.GetValue(version) is { } number
                                        ? $"&version={number.ToString(CultureInfo.InvariantCulture)}"
                                        : ""
                                ),
                            cancel
                        ),
                    JsonValueKind.String,
                    // Line by line: what people and hosts said must not steer the terminal.
                    answer =>
                    {
                        foreach (var line in answer.GetString()!.TrimEnd('\n').Split('\n'))
                            Screen.Say(Screen.Clean(line));
                    },
                    cancel
                )
        );
    }
}
