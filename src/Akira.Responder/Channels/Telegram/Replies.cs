using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Telegram.Bot.Types;
using Telegram.Bot.Types.ReplyMarkups;

namespace Akira.Responder.Channels.Telegram;

/// <summary>
/// Tells people what became of what they said. What they asked for is on the disk by then, so that whoever listens does
/// not wait for the quota; an answer that cannot be sent in time is dropped, the log has what it said.
/// </summary>
public sealed partial class Replies(TelegramApi api, ILogger<Replies> logger) : BackgroundService
{
    private const int MostWaiting = 100;
    private const int MostTries = 3;

    private readonly Channel<Reply> _toGroup = Waiting<Reply>();
    private readonly Channel<Reply> _inPrivate = Waiting<Reply>(); // is not held up while the group's minute is spent
    private readonly Channel<Pressed> _presses = Waiting<Pressed>();

    /// <summary>Answers in the chat.</summary>
    internal void Say(long chat, int? replyTo, string html, InlineKeyboardMarkup? buttons = null) =>
        (chat == api.Group ? _toGroup : _inPrivate).Writer.TryWrite(new Reply(chat, replyTo, html, buttons));

    /// <summary>Answers somebody who pressed a button, to him alone.</summary>
    internal void Tell(CallbackQuery press, string text, bool alert) =>
        _presses.Writer.TryWrite(new Pressed(press.Id, press.From.Id, text, alert));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            SendReplies(_toGroup, stoppingToken),
            SendReplies(_inPrivate, stoppingToken),
            AnswerPresses(stoppingToken)
        );

    private static Channel<T> Waiting<T>() =>
        Channel.CreateBounded<T>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest }
        );

    private async Task SendReplies(Channel<Reply> replies, CancellationToken cancel)
    {
        await foreach (var reply in replies.Reader.ReadAllAsync(cancel))
            await Try(
                reply.Chat,
                () => api.Send(reply.Chat, reply.Html, Urgency.Answer, reply.ReplyTo, reply.Buttons, cancel),
                cancel
            );
    }

    private async Task AnswerPresses(CancellationToken cancel)
    {
        // A press that is not answered spins on a phone for a while, and does no other harm.
        await foreach (var press in _presses.Reader.ReadAllAsync(cancel))
            await Try(press.From, () => api.AnswerPress(press.Id, press.Text, press.Alert, cancel), cancel);
    }

    private async Task Try(long chat, Func<Task<Delivery>> send, CancellationToken cancel)
    {
        string? failed = null;
        for (var tries = 1; tries <= MostTries; tries++)
        {
            await api.Turn(chat, Urgency.Answer, cancel);
            switch (await send())
            {
                case Delivery.Transient late:
                    failed = late.Error;
                    await Task.Delay(TimeSpan.FromSeconds(tries), TimeProvider.System, cancel);
                    break;
                case Delivery.Permanent never:
                    LogNotSaid(never.Error);
                    return;
                default:
                    return;
            }
        }
        LogNotSaid(failed!);
    }

    [LoggerMessage(LogLevel.Warning, "An answer could not be sent: {Reason}")]
    private partial void LogNotSaid(string reason);

    private sealed record Reply(long Chat, int? ReplyTo, string Html, InlineKeyboardMarkup? Buttons);

    private sealed record Pressed(string Id, long From, string Text, bool Alert);
}
