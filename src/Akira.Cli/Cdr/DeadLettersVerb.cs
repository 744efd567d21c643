using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Akira.Cli.CommandLine;
using Akira.Voice.CdrWorker;

namespace Akira.Cli.Cdr;

internal sealed class DeadLettersVerb : Verb
{
    private const int Shown = 60;

    public DeadLettersVerb()
        : base(
            "dead-letters",
            "What came down the stream and was no call record, with the reason",
            "akira cdr dead-letters --since 02:00",
            "akira cdr dead-letters --raw 48211 > message"
        )
    {
        var settings = new CdrSettings().AddDatabaseTo(this);
        var since = TextOption("--since", "TIME", "Published since; all");
        var raw = new Option<long?>("--raw") { Description = "The bytes of one, as they came", HelpName = "SEQ" };
        var json = JsonOption();
        Add(since);
        Add(raw);
        Add(json);
        SetAction(
            async (parsed, cancel) =>
            {
                try
                {
                    await using var database = Voice.CdrWorker.Database.Open(settings.Database(parsed));
                    if (parsed.GetValue(raw) is { } seq)
                        return await Raw(await DeadLetters.Payload(database, seq, cancel));
                    var from = parsed.GetValue(since) is { } text
                        ? CdrSettings.Moment(text, TimeProvider.System.GetUtcNow())
                        : DateTimeOffset.UnixEpoch;
                    var letters = await DeadLetters.Since(database, from, cancel);
                    if (parsed.GetValue(json))
                        Screen.Json(JsonSerializer.SerializeToElement(letters, JsonSerializerOptions.Web));
                    else if (letters.Count == 0)
                        Screen.Say("No dead letters.");
                    else
                        Screen.Rows(letters.Select(Row), cut: true);
                    return Exit.Ok;
                }
                catch (Exception e) when (CdrSettings.Explain(e) is { } why)
                {
                    Screen.Complain(why);
                    return e is ArgumentException ? Exit.Usage : Exit.Unavailable;
                }
            }
        );
    }

    private static string[] Row(BuriedLetter letter) =>
        [
            letter.StreamSeq.ToString(CultureInfo.InvariantCulture),
            letter.PublishedAt.ToString("u", CultureInfo.InvariantCulture),
            letter.Subject,
            letter.Reason,
            Encoding.UTF8.GetString(letter.Payload.AsSpan(0, Math.Min(Shown, letter.Payload.Length))),
        ];

    private static async Task<int> Raw(byte[]? payload)
    {
        if (payload is null)
        {
            Screen.Complain("There is no dead letter of that number.");
            return Exit.Negative;
        }
        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(payload);
        return Exit.Ok;
    }
}
