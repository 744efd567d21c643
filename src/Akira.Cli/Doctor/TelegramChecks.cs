using System.Text.Json;
using System.Text.Json.Nodes;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Responder;

namespace Akira.Cli.Doctor;

/// <summary>Whether the bot can page the group and hear it. Nothing is sent to find out.</summary>
internal sealed class TelegramChecks(TelegramOptions options, HttpClient http, TimeProvider time)
{
    private const string Check = "telegram";
    private static readonly TimeSpan TolerableSkew = TimeSpan.FromSeconds(5);

    private DateTimeOffset? _date;

    /// <param name="options">With a token.</param>
    /// <param name="people">The on-call table.</param>
    public static async Task<IReadOnlyList<Symptom>> Run(
        TelegramOptions options,
        IReadOnlyCollection<Person> people,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        return await new TelegramChecks(options, http, time).Run(people, cancel);
    }

    private async Task<IReadOnlyList<Symptom>> Run(IReadOnlyCollection<Person> people, CancellationToken cancel)
    {
        if (options.Group is not { } group)
            return
            [
                Wrong(
                    "no group is set, so nobody is paged",
                    "Set AKIRA_Telegram__Group; docs/telegram.md says how to find it"
                ),
            ];
        var (me, problem) = await Ask("getMe", "", cancel);
        if (me is null)
            return
            [
                problem is "401" or "404"
                    ? Wrong(
                        "Telegram does not know the token",
                        "Ask BotFather for it (/token), and set AKIRA_Telegram__Token"
                    )
                    : Wrong(
                        $"Telegram's API cannot be asked: {problem}",
                        "Let this machine reach api.telegram.org:443, or set AKIRA_Telegram__ApiBase"
                    ),
            ];
        List<Symptom> found = [Symptom.Ok(Check, $"the bot is @{(string?)me["username"]}")];
        found.Add(await Group(group, (long?)me["id"] ?? 0, cancel));
        if ((bool?)me["can_read_all_group_messages"] == false)
            found.Add(
                Symptom.Note(
                    "telegram-privacy",
                    "privacy mode is on: in the group the bot hears commands (/ack anna) and replies to its messages, not ACK anna on its own",
                    "Reply to the page, or turn it off: /setprivacy at BotFather, then add the bot to the group anew"
                )
            );
        var (hook, unasked) = await Ask("getWebhookInfo", "", cancel);
        if (hook is null)
            found.Add(
                NotAsked("telegram-webhook", "whether Telegram hands the bot's messages to somebody else", unasked)
            );
        else if ((string?)hook["url"] is { Length: > 0 } url)
            found.Add(
                Symptom.Wrong(
                    "telegram-webhook",
                    $"Telegram hands the bot's messages to {url}, so Akira hears nothing",
                    "Take it away: call deleteWebhook, or use a bot that is Akira's alone"
                )
            );
        if (_date is { } theirs && (theirs - time.GetUtcNow()).Duration() is var skew && skew > TolerableSkew)
            found.Add(
                Symptom.Wrong(
                    "telegram-clock",
                    $"this machine and Telegram are {Elapsed.Words(skew)} apart, so times in pages are wrong",
                    "Set it by NTP: timedatectl set-ntp true"
                )
            );
        found.AddRange(WhoMayAct(people));
        return found;
    }

    private async Task<Symptom> Group(long group, long bot, CancellationToken cancel)
    {
        var (chat, problem) = await Ask("getChat", $"chat_id={group}", cancel);
        if (chat is null)
            return Symptom.Wrong(
                "telegram-group",
                $"the bot cannot see the group {group} ({problem})",
                "Add the bot to it, and see that AKIRA_Telegram__Group is its id: negative, and a new one once a group became a supergroup"
            );
        var title = (string?)chat["title"] ?? (string?)chat["first_name"] ?? $"{group}";
        var (member, unasked) = await Ask("getChatMember", $"chat_id={group}&user_id={bot}", cancel);
        if (member is null)
            return NotAsked("telegram-group", $"the bot sees «{title}»; whether it may write there", unasked);
        return (string?)member["status"] switch
        {
            "left" or "kicked" => Symptom.Wrong("telegram-group", $"the bot is not in «{title}»", "Add it again"),
            "restricted" when (bool?)member["can_send_messages"] == false => Symptom.Wrong(
                "telegram-group",
                $"the bot may not write in «{title}»",
                "Let it send messages, in the group's permissions"
            ),
            "member" when (bool?)chat["permissions"]?["can_send_messages"] == false => Symptom.Wrong(
                "telegram-group",
                $"only administrators may write in «{title}», and the bot is none",
                "Make it one, or let members send messages, in the group's permissions"
            ),
            var status => Symptom.Ok(
                "telegram-group",
                $"pages go to «{title}», where the bot may write ({status ?? "member"}); about 20 messages a minute, half of them kept for SEV1"
            ),
        };
    }

    private static IEnumerable<Symptom> WhoMayAct(IReadOnlyCollection<Person> people)
    {
        var without = people.Where(p => p.TelegramId is null).Select(p => p.Name).ToList();
        if (without.Count == people.Count)
            yield return Symptom.Wrong(
                "telegram-people",
                "nobody in the on-call table has a numeric Telegram id, so nobody may act there",
                $"Each writes /oncall to the bot, is told the id, and puts it into {PolicyReader.PlatformFile}"
            );
        else if (without.Count > 0)
            yield return Symptom.Note(
                "telegram-people",
                $"{string.Join(", ", without)} may not act in Telegram, or only by a handle that can change hands",
                $"Put the numeric ids into {PolicyReader.PlatformFile}"
            );
    }

    private async Task<(JsonNode? Result, string? Problem)> Ask(string method, string query, CancellationToken cancel)
    {
        var api = options.ApiBase is { Length: > 0 } own ? own.TrimEnd('/') : "https://api.telegram.org";
        try
        {
            using var answer = await http.GetAsync(new Uri($"{api}/bot{options.Token}/{method}?{query}"), cancel);
            _date = answer.Headers.Date ?? _date;
            var body = await answer.Content.ReadFromJsonAsync<JsonNode>(cancel);
            return body?["result"] is { } result
                ? (result, null)
                : (
                    null,
                    answer.StatusCode is System.Net.HttpStatusCode.Unauthorized or System.Net.HttpStatusCode.NotFound
                        ? $"{(int)answer.StatusCode}"
                        : (string?)body?["description"] ?? $"{(int)answer.StatusCode}"
                );
        }
        catch (Exception e)
            when (e is HttpRequestException or JsonException or UriFormatException
                || e is OperationCanceledException && !cancel.IsCancellationRequested
            )
        {
            // Its words may hold the address, and the address the token.
            return (null, e.Message.Replace(options.Token!, "<token>", StringComparison.Ordinal));
        }
    }

    private static Symptom NotAsked(string check, string what, string? why) =>
        Symptom.Note(check, $"{what} could not be asked: {why}", "Run the doctor again");

    private static Symptom Wrong(string what, string fix) => Symptom.Wrong(Check, what, fix);
}
