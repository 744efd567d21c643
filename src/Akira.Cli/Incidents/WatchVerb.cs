using Akira.Cli.CommandLine;
using Akira.Cli.Http;

namespace Akira.Cli.Incidents;

/// <summary>Follows the log of one incident until Ctrl-C.</summary>
internal sealed class WatchVerb : Verb
{
    // Of time, kind and name: entries come one at a time, and stand below each other all the same.
    private static readonly int[] Widths = [13, 18, 5];

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
                Screen.Rows([IncidentPage.LogRow(entry, detected)], Widths);
        }
        return failure?.Print() ?? Exit.Ok;
    }
}
