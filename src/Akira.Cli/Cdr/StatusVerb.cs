using System.Globalization;
using System.Text.Json;
using Akira.Cli.CommandLine;
using Akira.Voice.Stream;

namespace Akira.Cli.Cdr;

internal sealed class StatusVerb : Verb
{
    public StatusVerb()
        : base(
            "status",
            "How far the database is behind, what is missing, and when records would be lost",
            "akira cdr status",
            "akira cdr status --json"
        )
    {
        var settings = new CdrSettings().AddNatsTo(this).AddDatabaseTo(this);
        var json = JsonOption();
        Add(json);
        SetAction(
            (parsed, cancel) =>
                settings.With(
                    parsed,
                    async (nats, database) =>
                    {
                        var now = TimeProvider.System.GetUtcNow();
                        var status = await PipelineStatus.Read(nats, database, now, cancel);
                        if (parsed.GetValue(json))
                            Screen.Json(JsonSerializer.SerializeToElement(status, JsonSerializerOptions.Web));
                        else
                            Print(status);
                        return status.Dropped > 0 ? Exit.Negative : Exit.Ok;
                    },
                    cancel
                )
        );
    }

    private static void Print(PipelineStatus s)
    {
        List<string[]> rows =
        [
            ["backlog", Text($"{s.Backlog} messages"), Text($"stream at {s.LastSeq}, database at {s.CommittedSeq}")],
            ["backlog age", s.BacklogAge is { } age ? Text($"{age.TotalSeconds:0} s") : "-", "the oldest that waits"],
            [
                "loss in",
                s.LossIn is { } loss ? Text($"{loss.TotalMinutes:0} min") : "-",
                "until a limit of the stream drops one",
            ],
            ["dropped", Text($"{s.Dropped}"), "by a limit of the stream, before they were in the database"],
            ["under way", Text($"{s.Unacknowledged}"), Text($"handed to a worker; {s.Redelivered} of them again")],
            ["dead letters", Text($"{s.DeadLetters}"), "see: akira cdr dead-letters"],
        ];
        foreach (var node in s.Nodes)
            rows.Add([
                "node " + node.Node,
                node.Missing == 0 ? "no gap" : Text($"{node.Missing} missing"),
                Text($"{node.Received} of {node.LastSeq} since {DateTimeOffset.FromUnixTimeSeconds(node.Epoch):u}"),
            ]);
        Screen.Rows(rows);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
