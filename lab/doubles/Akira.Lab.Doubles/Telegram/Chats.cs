using System.Text.Json.Nodes;

namespace Akira.Lab.Doubles.Telegram;

/// <summary>People, one group, the bot's chats with each of them, and what the bot has not fetched yet. Forgotten at the end.</summary>
internal sealed class Chats(TimeProvider time)
{
    public const int LongestText = 4096;

    private const long BotId = 7_000_000_001;
    private const string BotName = "AkiraOpsBot";
    private const long Group = -1_001_000_000_001;
    private const int GroupMessagesAMinute = 20;
    private const int MessagesASecond = 30;

    private readonly Lock _gate = new();
    private readonly List<Message> _messages = [];
    private readonly List<JsonObject> _updates = [];
    private readonly Dictionary<string, string?> _presses = [];
    private readonly List<(long Chat, DateTimeOffset At)> _sent = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _poll;
    private Refusals? _refusals;
    private long _lastUpdate;
    private long _lastMessage;

    /// <summary>Who can write; the ids are the ones to put in the on-call table.</summary>
    public object People { get; } = new
    {
        group = new { id = Group, title = "Akira Staging Alerts" },
        people = new object[]
        {
            new
            {
                id = 1001,
                name = "Anna",
                username = "anna",
            },
            new
            {
                id = 1002,
                name = "Bruno",
                username = "bruno",
            },
            new
            {
                id = 1003,
                name = "Massimo",
                username = "massimo",
            },
            new
            {
                id = 1004,
                name = "Francesco",
                username = "francesco",
            },
            new
            {
                id = 1666,
                name = "Stranger",
                username = "stranger",
            },
        },
    };

    private static readonly Dictionary<long, string> Names = new()
    {
        [1001] = "Anna",
        [1002] = "Bruno",
        [1003] = "Massimo",
        [1004] = "Francesco",
        [1666] = "Stranger",
    };

    public JsonObject Bot(bool withAbilities)
    {
        var bot = new JsonObject
        {
            ["id"] = BotId,
            ["is_bot"] = true,
            ["first_name"] = "Akira",
            ["username"] = BotName,
        };
        if (withAbilities)
        {
            bot["can_join_groups"] = true;
            bot["can_read_all_group_messages"] = false; // privacy mode, as a new bot has it
            bot["supports_inline_queries"] = false;
        }
        return bot;
    }

    public JsonObject Chat(long chat) =>
        chat == Group
            ? new()
            {
                ["id"] = Group,
                ["type"] = "supergroup",
                ["title"] = "Akira Staging Alerts",
            }
        : Names.TryGetValue(chat, out var name)
            ? new()
            {
                ["id"] = chat,
                ["type"] = "private",
                ["first_name"] = name,
                ["username"] = name.ToLowerInvariant(),
            }
        : throw new Refusal("Bad Request: chat not found");

    public JsonNode Send(long chat, (string Html, string Plain) text, JsonObject? keys, long? replyTo)
    {
        lock (_gate)
        {
            Chat(chat);
            if (replyTo is { } to && !_messages.Exists(m => m.Chat == chat && m.Id == to))
                throw new Refusal("Bad Request: message to be replied not found");
            Spend(chat);
            var message = new Message(
                ++_lastMessage,
                chat,
                BotId,
                text.Plain,
                text.Html,
                keys,
                replyTo,
                time.GetUtcNow(),
                null
            );
            _messages.Add(message);
            return Json(message);
        }
    }

    public JsonNode Edit(long chat, long id, (string Html, string Plain) text, JsonObject? keys)
    {
        lock (_gate)
        {
            Chat(chat);
            var at = _messages.FindIndex(m => m.Chat == chat && m.Id == id);
            if (at < 0)
                throw new Refusal("Bad Request: message to edit not found");
            var message = _messages[at];
            if (message.From != BotId)
                throw new Refusal("Bad Request: message can't be edited");
            if (message.Html == text.Html && JsonNode.DeepEquals(message.Keys, keys))
                throw new Refusal(
                    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
                );
            Spend(chat);
            _messages[at] = message with
            {
                Plain = text.Plain,
                Html = text.Html,
                Keys = keys,
                EditedAt = time.GetUtcNow(),
            };
            return Json(_messages[at]);
        }
    }

    /// <summary>A person writes. In the group the bot hears commands, replies to itself, and its name.</summary>
    public object Say(long chat, Said said)
    {
        lock (_gate)
        {
            Chat(chat);
            var message = new Message(
                ++_lastMessage,
                chat,
                said.From,
                said.Text,
                "",
                null,
                said.ReplyTo,
                time.GetUtcNow(),
                null
            );
            _messages.Add(message);
            var heard =
                chat != Group
                || said.Text.StartsWith('/')
                || said.Text.Contains("@" + BotName, StringComparison.OrdinalIgnoreCase)
                || _messages.Exists(m => m.Chat == chat && m.Id == said.ReplyTo && m.From == BotId);
            if (heard)
                Add("message", Json(message));
            return new { id = message.Id, heard };
        }
    }

    /// <summary>A person presses a button below a message.</summary>
    public object Press(Pressed pressed)
    {
        lock (_gate)
        {
            var message =
                _messages.Find(m => m.Chat == pressed.Chat && m.Id == pressed.Message)
                ?? throw new BadHttpRequestException("there is no such message");
            var id = $"{pressed.From}-{_lastUpdate + 1}";
            _presses[id] = null;
            Add(
                "callback_query",
                new JsonObject
                {
                    ["id"] = id,
                    ["from"] = Person(pressed.From),
                    ["message"] = Json(message),
                    ["chat_instance"] = pressed.Chat.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    ["data"] = pressed.Data,
                }
            );
            return new { id };
        }
    }

    public void AnswerPress(string id, string? text)
    {
        lock (_gate)
            if (!_presses.ContainsKey(id))
                throw new Refusal("Bad Request: query is too old and response timeout expired or query ID is invalid");
            else
                _presses[id] = text;
    }

    /// <summary>Waits until there are any. A second one who asks ends the first's waiting, as in the real API.</summary>
    /// <param name="offset">The first that is wanted; those before are forgotten. Negative: counted from the end.</param>
    public async Task<JsonArray> Updates(long offset, int limit, TimeSpan patience, CancellationToken cancel)
    {
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        lock (_gate)
        {
            _poll?.Cancel();
            _poll = mine;
        }
        var deadline = time.GetUtcNow() + patience;
        try
        {
            while (true)
            {
                Task news;
                lock (_gate)
                {
                    var from = offset >= 0 ? offset : _lastUpdate + 1 + offset;
                    _updates.RemoveAll(u => (long)u["update_id"]! < from);
                    var left = deadline - time.GetUtcNow();
                    if (_updates.Count > 0 || left <= TimeSpan.Zero)
                        return [.. _updates.Take(limit).Select(u => u.DeepClone())];
                    news = _news.Task;
                }
                await Task.WhenAny(
                    news,
                    Task.Delay(deadline - time.GetUtcNow() is { Ticks: > 0 } wait ? wait : default, time, mine.Token)
                );
                mine.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new Refusal(
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                409
            );
        }
        finally
        {
            lock (_gate)
                if (_poll == mine)
                    _poll = null;
        }
    }

    public object History(long chat)
    {
        lock (_gate)
            return new
            {
                messages = _messages
                    .Where(m => m.Chat == chat)
                    .TakeLast(200)
                    .Select(m => new
                    {
                        m.Id,
                        from = m.From == BotId ? BotName : Names.GetValueOrDefault(m.From, "?"),
                        isBot = m.From == BotId,
                        m.Plain,
                        m.Html,
                        m.Keys,
                        m.ReplyTo,
                        m.At,
                        m.EditedAt,
                    }),
                answers = _presses.Where(p => p.Value is not null).TakeLast(1).Select(p => p.Value),
            };
    }

    public void RefuseNext(Refusals refusals)
    {
        lock (_gate)
            _refusals = refusals;
    }

    public void CheckRefusals(string method)
    {
        lock (_gate)
        {
            if (_refusals is not { Times: > 0 } refusals)
                return;
            _refusals = refusals with { Times = refusals.Times - 1 };
            throw refusals.Code == 429
                ? TooMany(refusals.RetryAfter ?? 1)
                : new Refusal(refusals.Code == 502 ? "Bad Gateway" : $"Refused {method}", refusals.Code);
        }
    }

    /// <summary>What may be sent: 20 a minute to the group, 30 a second in all. Edits count too.</summary>
    private void Spend(long chat)
    {
        var now = time.GetUtcNow();
        _sent.RemoveAll(s => s.At <= now - TimeSpan.FromMinutes(1));
        if (_sent.Count(s => s.At > now - TimeSpan.FromSeconds(1)) >= MessagesASecond)
            throw TooMany(1);
        if (chat == Group && _sent.Where(s => s.Chat == Group).ToList() is { Count: >= GroupMessagesAMinute } sent)
            throw TooMany((int)Math.Ceiling((sent[0].At + TimeSpan.FromMinutes(1) - now).TotalSeconds));
        _sent.Add((chat, now));
    }

    private static Refusal TooMany(int seconds) => new($"Too Many Requests: retry after {seconds}", 429, seconds);

    private void Add(string kind, JsonNode what)
    {
        _updates.Add(new JsonObject { ["update_id"] = ++_lastUpdate, [kind] = what });
        _news.SetResult();
        _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private JsonObject Json(Message message)
    {
        var json = new JsonObject
        {
            ["message_id"] = message.Id,
            ["from"] = message.From == BotId ? Bot(withAbilities: false) : Person(message.From),
            ["chat"] = Chat(message.Chat),
            ["date"] = message.At.ToUnixTimeSeconds(),
            ["text"] = message.Plain,
        };
        if (message.EditedAt is { } edited)
            json["edit_date"] = edited.ToUnixTimeSeconds();
        if (message.Keys is { } keys)
            json["reply_markup"] = keys.DeepClone();
        if (message.From != BotId && message.Plain.StartsWith('/'))
            json["entities"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "bot_command",
                    ["offset"] = 0,
                    ["length"] = message.Plain.Split(' ', 2)[0].Length,
                }
            );
        if (_messages.Find(m => m.Chat == message.Chat && m.Id == message.ReplyTo) is { } repliedTo)
            json["reply_to_message"] = Json(repliedTo with { ReplyTo = null });
        return json;
    }

    private static JsonObject Person(long id) =>
        new()
        {
            ["id"] = id,
            ["is_bot"] = false,
            ["first_name"] = Names.GetValueOrDefault(id, "Nobody"),
            ["username"] = Names.GetValueOrDefault(id, "nobody").ToLowerInvariant(),
        };

    private sealed record Message(
        long Id,
        long Chat,
        long From,
        string Plain,
        string Html,
        JsonObject? Keys,
        long? ReplyTo,
        DateTimeOffset At,
        DateTimeOffset? EditedAt
    );
}
