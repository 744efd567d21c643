using System.Text.Json;
using System.Text.Json.Nodes;

namespace Akira.Lab.Doubles.Telegram;

/// <summary>
/// Telegram's Bot API, as far as a bot in a group needs it, and a page on which a person chats with the bot. Limits and
/// refusals are the real ones, words included: a client is written against them.
/// </summary>
internal static class TelegramDouble
{
    /// <summary>Seconds that a request for updates may wait.</summary>
    private const int LongestPoll = 50;

    public static void MapTelegram(this WebApplication app)
    {
        var chats = new Chats(app.Services.GetRequiredService<TimeProvider>());

        app.MapMethods(
            "/bot{token}/{method}",
            ["GET", "POST"],
            async (string token, string method, HttpRequest request, CancellationToken cancel) =>
            {
                if (!IsToken(token))
                    return Refused(404, "Not Found");
                JsonObject asked;
                try
                {
                    asked = await Parameters(request, cancel);
                }
                catch (JsonException)
                {
                    return Refused(400, "Bad Request: can't parse the request as JSON object");
                }
                try
                {
                    return Results.Json(
                        new JsonObject
                        {
                            ["ok"] = true,
                            ["result"] = await Do(chats, method.ToLowerInvariant(), asked, cancel),
                        }
                    );
                }
                catch (Refusal refusal)
                {
                    return Refused(refusal.Code, refusal.Message, refusal.RetryAfter);
                }
            }
        );

        app.MapGet(
            "/",
            () =>
                Results.Stream(
                    typeof(TelegramDouble).Assembly.GetManifestResourceStream("chat.html")!,
                    "text/html; charset=utf-8"
                )
        );
        app.MapGet("/people", () => Results.Json(chats.People));
        app.MapGet("/chats/{chat:long}", (long chat) => Results.Json(chats.History(chat)));
        app.MapPost("/chats/{chat:long}", (long chat, Said said) => Results.Json(chats.Say(chat, said)));
        app.MapPost("/presses", (Pressed pressed) => Results.Json(chats.Press(pressed)));
        // For tests of what a client does when it is held back: the next requests get this answer.
        app.MapPost(
            "/refusals",
            (Refusals refusals) =>
            {
                chats.RefuseNext(refusals);
                return Results.NoContent();
            }
        );
    }

    private static async Task<JsonNode?> Do(Chats chats, string method, JsonObject asked, CancellationToken cancel)
    {
        if (method != "getupdates")
            chats.CheckRefusals(method);
        switch (method)
        {
            case "getme":
                return chats.Bot(withAbilities: true);
            case "getupdates":
                return await chats.Updates(
                    Number(asked, "offset") ?? 0,
                    (int)Math.Clamp(Number(asked, "limit") ?? 100, 1, 100),
                    TimeSpan.FromSeconds(Math.Clamp(Number(asked, "timeout") ?? 0, 0, LongestPoll)),
                    cancel
                );
            case "sendmessage":
                return chats.Send(
                    Chat(asked),
                    Text(asked),
                    asked["reply_markup"] is JsonObject keys ? keys : null,
                    Number(asked, "reply_to_message_id")
                        ?? Number(asked["reply_parameters"] as JsonObject, "message_id")
                );
            case "editmessagetext":
                return chats.Edit(
                    Chat(asked),
                    Number(asked, "message_id")
                        ?? throw new Refusal("Bad Request: message identifier is not specified"),
                    Text(asked),
                    asked["reply_markup"] is JsonObject newKeys ? newKeys : null
                );
            case "answercallbackquery":
                chats.AnswerPress((string?)asked["callback_query_id"] ?? "", (string?)asked["text"]);
                return true;
            case "getchat":
                return chats.Chat(Chat(asked));
            case "getchatmember":
                chats.Chat(Chat(asked));
                return new JsonObject { ["status"] = "member", ["user"] = chats.Bot(withAbilities: false) };
            case "getwebhookinfo":
                return new JsonObject
                {
                    ["url"] = "",
                    ["has_custom_certificate"] = false,
                    ["pending_update_count"] = 0,
                };
            case "deletewebhook" or "setmycommands" or "sendchataction":
                return true;
            default:
                throw new Refusal("Not Found", 404);
        }
    }

    private static (string Html, string Plain) Text(JsonObject asked)
    {
        var text = (string?)asked["text"] ?? "";
        (string Html, string Plain) message = (string?)asked["parse_mode"] switch
        {
            null or "" => (System.Net.WebUtility.HtmlEncode(text), text),
            var mode when mode.Equals("HTML", StringComparison.OrdinalIgnoreCase) => (
                text,
                TelegramHtml.PlainText(text)
            ),
            _ => throw new Refusal("Bad Request: unsupported parse_mode"),
        };
        if (string.IsNullOrWhiteSpace(message.Plain))
            throw new Refusal("Bad Request: message text is empty");
        if (message.Plain.Length > Chats.LongestText)
            throw new Refusal("Bad Request: message is too long");
        return message;
    }

    private static long Chat(JsonObject asked) =>
        Number(asked, "chat_id") ?? throw new Refusal("Bad Request: chat_id is empty");

    /// <summary>Clients send numbers as numbers in JSON, and as text in forms.</summary>
    private static long? Number(JsonObject? asked, string name) =>
        asked?[name] is { } node && long.TryParse(node.ToString(), out var number) ? number : null;

    private static async Task<JsonObject> Parameters(HttpRequest request, CancellationToken cancel)
    {
        var asked = new JsonObject();
        foreach (var (name, value) in request.Query)
            asked[name] = Nested(value.ToString());
        if (request.HasFormContentType)
            foreach (var (name, value) in await request.ReadFormAsync(cancel))
                asked[name] = Nested(value.ToString());
        else if (request.HasJsonContentType() && request.ContentLength is not 0)
            foreach (
                var (name, value) in (await JsonNode.ParseAsync(request.Body, cancellationToken: cancel))!.AsObject()
            )
                asked[name] = value?.DeepClone();
        return asked;
    }

    /// <summary>In forms, objects come as JSON in a text.</summary>
    private static JsonNode? Nested(string value) =>
        value.StartsWith('{') ? JsonNode.Parse(value) : JsonValue.Create(value);

    private static bool IsToken(string token) =>
        token.Split(':') is [var id, { Length: >= 10 }] && long.TryParse(id, out _);

    private static IResult Refused(int code, string description, int? retryAfter = null)
    {
        var answer = new JsonObject
        {
            ["ok"] = false,
            ["error_code"] = code,
            ["description"] = description,
        };
        if (retryAfter is { } seconds)
            answer["parameters"] = new JsonObject { ["retry_after"] = seconds };
        return Results.Json(answer, statusCode: code);
    }
}

/// <summary>An answer that is not <c>ok</c>.</summary>
internal sealed class Refusal(string description, int code = 400, int? retryAfter = null) : Exception(description)
{
    public int Code => code;

    /// <summary>Seconds.</summary>
    public int? RetryAfter => retryAfter;
}

/// <param name="From">A person's id.</param>
internal sealed record Said(long From, string Text, long? ReplyTo);

internal sealed record Pressed(long From, long Chat, long Message, string Data);

/// <param name="Code">429 or 502, for example.</param>
/// <param name="Times">How many requests.</param>
internal sealed record Refusals(int Code, int? RetryAfter, int Times = 1);
