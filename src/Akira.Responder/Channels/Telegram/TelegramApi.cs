using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Requests;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;
using Telegram.Bot.Types.ReplyMarkups;

namespace Akira.Responder.Channels.Telegram;

/// <summary>A place in a chat, as receipts name it: <c>-100123/45</c>.</summary>
public readonly record struct Place(long Chat, int Message)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Chat}/{Message}");

    public static Place? Of(string? receipt) =>
        receipt?.Split('/') is [var chat, var message]
        && long.TryParse(chat, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var c)
        && int.TryParse(message, NumberStyles.None, CultureInfo.InvariantCulture, out var m)
            ? new Place(c, m)
            : null;
}

/// <summary>
/// The calls of the Bot API that we make. Each send is counted against the quota, and what goes wrong is a
/// <see cref="Delivery"/>, not an exception. Of an answer only what we use is read.
/// </summary>
public sealed class TelegramApi : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = Patience })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
    private readonly TelegramBotClient _bot;
    private readonly Quota _quota = new();
    private readonly TimeProvider _world;
    private readonly string _host;
    private long _group;

    /// <param name="token">As BotFather gives it: <c>123456:ABC…</c>.</param>
    /// <param name="apiBase">Null: Telegram's own.</param>
    public TelegramApi(string token, string? apiBase, long group, TimeProvider world)
    {
        (_group, _world) = (group, world);
        _host = apiBase is null ? "api.telegram.org" : new Uri(apiBase).Authority;
        _bot = new TelegramBotClient(
            new TelegramBotClientOptions(token, apiBase?.TrimEnd('/')) { RetryCount = 0 },
            _http
        );
    }

    public long BotId => _bot.BotId;

    /// <summary>Where pages go. Telegram gives a group that becomes a supergroup a new id, and tells us.</summary>
    public long Group => Volatile.Read(ref _group);

    internal TimeSpan Wait(long chat, Urgency urgency) => _quota.Wait(chat, urgency, _world.GetUtcNow());

    /// <summary>When the quota permits. For what can wait its turn.</summary>
    internal async Task Turn(long chat, Urgency urgency, CancellationToken cancel)
    {
        while (Wait(chat, urgency) is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait, _world, cancel);
    }

    /// <returns>With the receipt of the message.</returns>
    internal Task<Delivery> Send(
        long chat,
        string html,
        Urgency urgency,
        int? replyTo,
        InlineKeyboardMarkup? buttons,
        CancellationToken cancel
    )
    {
        _quota.Spend(chat, urgency, _world.GetUtcNow());
        return Call(
            async patience =>
            {
                var request = new Send
                {
                    ChatId = chat,
                    Text = html,
                    ReplyParameters = replyTo is { } id
                        ? new() { MessageId = id, AllowSendingWithoutReply = true }
                        : null,
                    ReplyMarkup = buttons,
                    DisableNotification = urgency >= Urgency.Reminder,
                };
                var sent = await _bot.SendRequest(request, patience);
                return new Delivery.Delivered(new Place(chat, sent.MessageId).ToString());
            },
            cancel
        );
    }

    internal Task<Delivery> Edit(Place place, string html, InlineKeyboardMarkup? buttons, CancellationToken cancel)
    {
        _quota.Spend(place.Chat, Urgency.Status, _world.GetUtcNow());
        return Call(
            async patience =>
            {
                var request = new Edit
                {
                    ChatId = place.Chat,
                    MessageId = place.Message,
                    Text = html,
                    ReplyMarkup = buttons,
                };
                await _bot.SendRequest(request, patience);
                return new Delivery.Delivered();
            },
            cancel
        );
    }

    /// <summary>Ends the waiting of a button that was pressed.</summary>
    /// <param name="alert">Whether the words must be seen, not only be shown in passing.</param>
    internal Task<Delivery> AnswerPress(string id, string text, bool alert, CancellationToken cancel) =>
        Call(
            async patience =>
            {
                await _bot.AnswerCallbackQuery(id, Html.Cut(text, 200), alert, cancellationToken: patience);
                return new Delivery.Delivered();
            },
            cancel
        );

    /// <summary>Waits for updates. Those before <paramref name="offset"/> are confirmed by asking, and forgotten there.</summary>
    /// <returns>Each with its id; one that cannot be read, by itself, is null: the others must not wait behind it.</returns>
    /// <exception cref="RequestException">It did not work.</exception>
    internal async Task<IReadOnlyList<(int Id, Update? Update)>> Updates(
        int? offset,
        TimeSpan patience,
        CancellationToken cancel
    )
    {
        using var most = new CancellationTokenSource(patience + Patience, _world);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(most.Token, cancel);
        var request = new Fetch { Offset = offset, Timeout = (int)patience.TotalSeconds };
        var updates = await _bot.SendRequest(request, either.Token);
        return [.. updates.Select(u => (u.GetProperty("update_id").GetInt32(), Read(u)))];
    }

    private static Update? Read(JsonElement update)
    {
        try
        {
            return update.Deserialize<Update>(JsonBotAPI.Options);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <exception cref="RequestException">It did not work.</exception>
    /// <exception cref="OperationCanceledException">Nor was there an answer in time.</exception>
    internal async Task<User> Me(CancellationToken cancel)
    {
        using var most = new CancellationTokenSource(Patience, _world);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(most.Token, cancel);
        return await _bot.GetMe(either.Token);
    }

    public void Dispose() => _http.Dispose();

    private async Task<Delivery> Call(Func<CancellationToken, Task<Delivery>> call, CancellationToken cancel)
    {
        using var most = new CancellationTokenSource(Patience, _world);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(most.Token, cancel);
        try
        {
            return await call(either.Token);
        }
        catch (ApiRequestException e)
        {
            return Judge(e);
        }
        catch (RequestException e)
        {
            // An answer that is cut off, or a proxy's own, says nothing of what became of the message, whatever its status.
            cancel.ThrowIfCancellationRequested();
            return new Delivery.Transient(
                most.IsCancellationRequested ? $"{_host} did not answer within {Patience.TotalSeconds} s"
                : e.HttpStatusCode is { } status ? $"{_host} answered {(int)status}, but not as the Bot API does"
                : $"{_host} cannot be reached: {e.InnerException?.Message ?? e.Message}"
            );
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Delivery.Transient($"{_host} did not answer within {Patience.TotalSeconds} s");
        }
    }

    private Delivery Judge(ApiRequestException e)
    {
        var words = $"{_host} answered {e.ErrorCode}: {e.Message}";
        switch (e.ErrorCode)
        {
            case 429:
                var wait = TimeSpan.FromSeconds(Math.Max(1, e.Parameters?.RetryAfter ?? 1));
                _quota.Close(_world.GetUtcNow() + wait);
                return new Delivery.Transient(words, wait);
            case 400 when e.Parameters?.MigrateToChatId is { } moved:
                Volatile.Write(ref _group, moved);
                return new Delivery.Transient(
                    $"{words}. The group is now {moved}: set AKIRA_Telegram__Group to that",
                    TimeSpan.Zero
                );
            case 400 when e.Message.Contains("message is not modified", StringComparison.Ordinal):
                return new Delivery.Delivered();
            case 409 or >= 500:
                return new Delivery.Transient(words);
            default:
                return new Delivery.Permanent(words);
        }
    }
}

/// <summary><c>sendMessage</c>, of whose answer only the message's id is read.</summary>
internal sealed class Send() : RequestBase<Sent>("sendMessage")
{
    public required ChatId ChatId { get; set; }
    public required string Text { get; set; }
    public ParseMode ParseMode { get; } = ParseMode.Html;
    public LinkPreviewOptions LinkPreviewOptions { get; } = LinkPreviewOptions.Disabled;
    public ReplyParameters? ReplyParameters { get; set; }
    public InlineKeyboardMarkup? ReplyMarkup { get; set; }
    public bool DisableNotification { get; set; }
}

/// <summary><c>editMessageText</c>, of whose answer nothing is read.</summary>
internal sealed class Edit() : RequestBase<JsonElement>("editMessageText")
{
    public required ChatId ChatId { get; set; }
    public required int MessageId { get; set; }
    public required string Text { get; set; }
    public ParseMode ParseMode { get; } = ParseMode.Html;
    public LinkPreviewOptions LinkPreviewOptions { get; } = LinkPreviewOptions.Disabled;
    public InlineKeyboardMarkup? ReplyMarkup { get; set; }
}

/// <summary><c>getUpdates</c>, unread.</summary>
internal sealed class Fetch() : RequestBase<JsonElement[]>("getUpdates")
{
    public int? Offset { get; set; }
    public int Limit { get; } = 100;
    public int Timeout { get; set; }
    public IReadOnlyList<UpdateType> AllowedUpdates { get; } = [UpdateType.Message, UpdateType.CallbackQuery];
}

internal sealed class Sent
{
    [JsonPropertyName("message_id")]
    public int MessageId { get; set; }
}
