using System.Text.Json;
using Akira.Cli.CommandLine;
using Akira.Cli.Http;

namespace Akira.Cli.Incidents;

/// <summary>Follows the log of one incident until Ctrl-C.</summary>
internal sealed class WatchVerb : Verb
{
    public WatchVerb()
        : base("watch", "Follow an incident's log as it grows, until Ctrl-C", "akira incidents watch INC-7")
    {
        var id = IncidentArgument();
        var json = JsonOption();
        json.Description = "Print each entry as a line of JSON";
        Add(id);
        Add(json);
        SetAction((parsed, cancel) => Watch(parsed.GetRequiredValue(id), parsed.GetValue(json), cancel));
    }

    private static async Task<int> Watch(string id, bool asJson, CancellationToken cancel)
    {
        var (address, error) = Address.Find();
        if (address is null)
            return new Failure(Exit.Usage, error!, []).Print();
        using var client = new ResponderClient(address);
        Failure? failure = null;
        DateTimeOffset? detected = null;
        var path = $"/api/incidents/{Uri.EscapeDataString(id)}/log";
        await foreach (var entry in client.Stream(path, f => failure = f, cancel))
        {
            detected ??= entry.Time("at"); // the first entry is the opening: T+0
            if (asJson)
                Screen.Json(entry, oneLine: true);
            else
                Screen.Say(OneLine(entry, detected));
        }
        return failure?.Print() ?? Exit.Ok;
    }

    private static string OneLine(JsonElement entry, DateTimeOffset? detected)
    {
        var cells = IncidentPage.LogRow(entry, detected);
        return Screen.Clean($"{cells[0], -14}  {cells[1], -16}  {cells[2], -10}  {cells[3]}");
    }
}
