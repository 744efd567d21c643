using System.Globalization;
using Akira.Core.Incidents;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;

namespace Akira.Responder.Channels.Telegram;

/// <summary>What people write and press in Telegram, brought to the desk as lines of the one grammar.</summary>
public sealed class Hearing(TelegramApi api, Desk desk, Replies replies)
{
    private static readonly TimeSpan StrangersAreTold = TimeSpan.FromMinutes(10);

    private readonly Dictionary<long, DateTimeOffset> _told = [];
    private string? _botName;

    /// <param name="also">Recorded together with what is said.</param>
    public async Task Of(Update update, Reached also, CancellationToken cancel)
    {
        if (update.CallbackQuery is { } press)
            await Pressed(press, also, cancel);
        else if (update.Message is { Text: { } text, From: { } from } message)
            await Said(message, text, from, also, cancel);
    }

    private async Task Said(
        global::Telegram.Bot.Types.Message message,
        string text,
        User from,
        Reached also,
        CancellationToken cancel
    )
    {
        var isPrivate = message.Chat.Type == ChatType.Private && message.Chat.Id == from.Id;
        // Other groups that somebody put the bot into are none of ours.
        if (!isPrivate && message.Chat.Id != api.Group)
            return;
        var about =
            message.ReplyToMessage is { } replied && await IsMine(replied, cancel)
                ? Cards.IncidentIn(replied.Text)
                : null;
        if (text.StartsWith('/') ? !await IsToMe(text, cancel) : about is null && !IsAck(text))
        {
            if (isPrivate && !text.StartsWith('/'))
                replies.Say(
                    message.Chat.Id,
                    message.Id,
                    "A plain line goes to an incident's log when it replies to a message about that incident. /help lists what else can be said."
                );
            return;
        }
        if (Responders.ActorOf(from, desk.Policy.Platform) is not { } actor)
        {
            if (MayTell(from.Id))
                replies.Say(message.Chat.Id, message.Id, Responders.Refusal(from));
            return;
        }
        var answer = await desk.Say(text, about, actor, cancel, also);
        Answer(answer, message.Chat.Id, message.Id);
    }

    private void Answer(Answer answer, long chat, int message)
    {
        if (answer.Refusal is { Code: "which-incident" })
        {
            var open = desk.Board.Incidents.Values.OrderBy(i => i.Severity).ThenBy(i => i.Number);
            replies.Say(chat, message, "Which incident?", Cards.ButtonsOf(open, Press.Meant, ""));
            return;
        }
        // Whoever replies to this means the incident that it is about.
        var named = answer.Incident is { } n ? Incident.IdOf(n) : "";
        var html = new Html().Text(
            answer.Reply.Contains(named, StringComparison.Ordinal) ? answer.Reply : $"{named}: {answer.Reply}"
        );
        foreach (var detail in answer.Refusal?.Details ?? [])
            html.Text($"• {detail}", 400);
        replies.Say(chat, message, html.ToString());
    }

    private async Task Pressed(CallbackQuery press, Reached also, CancellationToken cancel)
    {
        if (Responders.ActorOf(press.From, desk.Policy.Platform) is not { } actor)
        {
            replies.Tell(
                press,
                $"Only people in the on-call table may do that. Your Telegram id is {press.From.Id.ToString(CultureInfo.InvariantCulture)}.",
                alert: true
            );
            return;
        }
        if (
            press.Data?.Split(':') is not [var what, var digits]
            || !Incident.TryParseId(digits, out var number)
            || desk.Find(number) is not { } incident
            || press.Message is not { } on
        )
        {
            replies.Tell(press, "That button is of another time. /status lists the open incidents.", alert: true);
            return;
        }
        switch (what)
        {
            case Press.Ack:
                var ack = await desk.Say($"ACK {actor.Name}", number, actor, cancel, also);
                replies.Tell(press, ack.Reply, alert: ack.Refusal is not null);
                break;
            case Press.Evidence:
                replies.Tell(press, "", alert: false);
                replies.Say(on.Chat.Id, on.Id, Cards.EvidenceOf(incident, desk.Log.Of(number)));
                break;
            case Press.Runbook:
                replies.Tell(press, "", alert: false);
                replies.Say(on.Chat.Id, on.Id, Cards.RunbookOf(incident, desk.PolicyOf(incident.PolicyHash)));
                break;
            case Press.Meant:
                await Meant(press, on, number, actor, also, cancel);
                break;
        }
    }

    /// <summary>The question is a reply to what was said, so that the button needs nothing that we would have to remember.</summary>
    private async Task Meant(
        CallbackQuery press,
        global::Telegram.Bot.Types.Message question,
        int number,
        Actor actor,
        Reached also,
        CancellationToken cancel
    )
    {
        if (question.ReplyToMessage is not { Text: { } text } said)
            replies.Tell(press, "What was said is gone: say it again, as a reply to the incident.", alert: true);
        else if (said.From?.Id != press.From.Id)
            replies.Tell(press, "Whoever said it chooses.", alert: true);
        else
        {
            var answer = await desk.Say(text, number, actor, cancel, also);
            replies.Tell(press, answer.Reply, alert: answer.Refusal is not null);
            Answer(answer, question.Chat.Id, said.Id);
        }
    }

    private async Task<bool> IsMine(global::Telegram.Bot.Types.Message message, CancellationToken cancel) =>
        message.From is { } author && (author.Id == api.BotId || author.Username == await BotName(cancel));

    /// <summary>In a group with several bots a command may be another's: <c>/status@OtherBot</c>.</summary>
    private async Task<bool> IsToMe(string text, CancellationToken cancel) =>
        text.Split([' ', '\n'], 2)[0].Split('@') is not [_, var to]
        || to.Equals(await BotName(cancel), StringComparison.OrdinalIgnoreCase);

    private async Task<string> BotName(CancellationToken cancel) => _botName ??= (await api.Me(cancel)).Username ?? "";

    private static bool IsAck(string text) =>
        text.Split([' ', '\n'], 2)[0].Equals("ack", StringComparison.OrdinalIgnoreCase);

    private bool MayTell(long stranger)
    {
        var now = desk.Clock.GetUtcNow();
        if (_told.TryGetValue(stranger, out var last) && now - last < StrangersAreTold)
            return false;
        if (_told.Count > 1000)
            _told.Clear();
        _told[stranger] = now;
        return true;
    }
}
