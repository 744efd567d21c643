using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Akira.Cli.CommandLine;
using Akira.Voice.Replay;
using Akira.Voice.Stream;

namespace Akira.Cli.Cdr;

internal sealed class ReplayVerb : Verb
{
    /// <summary>What is younger may still be on its way to the database: it is not missing.</summary>
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(10);

    public ReplayVerb()
        : base(
            "replay",
            "Write a window of the stream to the database once more. Proves first that it changes nothing that is there",
            "akira cdr replay --consumer cdr_worker --since 02:00",
            "akira cdr replay --consumer cdr_worker --since 2026-11-24T02:00Z --until 2026-11-24T03:00Z --yes"
        )
    {
        var settings = new CdrSettings().AddNatsTo(this).AddDatabaseTo(this);
        var consumer = TextOption("--consumer", "NAME", $"Whose records; {CdrStream.Worker}");
        var since = new Option<string>("--since")
        {
            Description = "From when they were published: a time, or how long ago",
            HelpName = "TIME",
            Required = true,
        };
        var until = TextOption(
            "--until",
            "TIME",
            "Until when; ten seconds ago, since what is younger is still on its way"
        );
        var yes = new Option<bool>("--yes") { Description = "Do it; without it only the proof is run" };
        var json = JsonOption();
        Add(consumer);
        Add(since);
        Add(until);
        Add(yes);
        Add(json);
        SetAction(
            (parsed, cancel) =>
                settings.With(
                    parsed,
                    async (nats, database) =>
                    {
                        if (parsed.GetValue(consumer) is { } name && name != CdrStream.Worker)
                            throw new ArgumentException(
                                $"How '{name}' takes a second copy is not known; only {CdrStream.Worker} can be replayed."
                            );
                        var now = TimeProvider.System.GetUtcNow();
                        var from = CdrSettings.Moment(parsed.GetRequiredValue(since), now);
                        var to = parsed.GetValue(until) is { } end ? CdrSettings.Moment(end, now) : now - OnItsWay;
                        if (from >= to)
                            throw new ArgumentException("The window ends before it begins.");
                        var replay = new WindowReplay(nats, database, TimeProvider.System);
                        var proof = await replay.Prove(from, to, cancel);
                        var done =
                            parsed.GetValue(yes) && proof.IsIdempotent ? await replay.Write(from, to, cancel) : null;
                        if (parsed.GetValue(json))
                            Screen.Json(
                                JsonSerializer.SerializeToElement(
                                    new
                                    {
                                        from,
                                        to,
                                        idempotent = proof.IsIdempotent,
                                        proof,
                                        done,
                                    },
                                    JsonSerializerOptions.Web
                                )
                            );
                        else
                            Print(from, to, proof, done);
                        return proof.IsIdempotent ? Exit.Ok : Exit.Negative;
                    },
                    cancel
                )
        );
    }

    private static void Print(DateTimeOffset from, DateTimeOffset to, ReplayPlan proof, ReplayPlan? done)
    {
        Screen.Say(Text($"{CdrStream.Worker}, messages published from {from:u} to {to:u}"));
        if (!proof.IsIdempotent)
        {
            Screen.Say(Text($"NOT idempotent: written twice, {proof.Twice} rows came twice. Nothing was changed."));
            return;
        }
        Screen.Say(
            Text(
                $"idempotent: all {proof.Messages} messages were written twice and rolled back; the second time added nothing"
            )
        );
        Screen.Say(
            done is null
                ? Text(
                    $"it would add {proof.New} records and {proof.DeadLetters} dead letters; {proof.Known} are there already. With --yes it does."
                )
                : Text(
                    $"done: {done.New} records added, {done.DeadLetters} dead letters; {done.Known} were there already"
                )
        );
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
