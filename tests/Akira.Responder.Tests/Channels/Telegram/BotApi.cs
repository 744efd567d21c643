using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Akira.Lab.Doubles.Telegram;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Tests.Channels.Telegram;

/// <summary>
/// The lab's double of the Bot API in this process, on a free port and under the test's clock, with people who write
/// in its group, and a way to disturb its calls.
/// </summary>
internal sealed class BotApi : IAsyncDisposable
{
    public const string Token = "7000000001:a-token-of-these-tests";
    public const long Group = -1_001_000_000_001;
    public const long Anna = 1001;
    public const long Bruno = 1002;
    public const long Massimo = 1003;
    public const long Stranger = 1666;

    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private Func<HttpContext, RequestDelegate, Task>? _disturbance;

    private BotApi(WebApplication app)
    {
        _app = app;
        _http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public Uri Url => _http.BaseAddress!;

    /// <summary>How often each method was called, by its name in lower case.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>When each message was sent or edited, by the responder's clock.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<DateTimeOffset> Spent { get; } = new();

    public static async Task<BotApi> Start(TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(time);
        var app = builder.Build();
        BotApi api = null!;
        app.Use(
            async (context, next) =>
            {
                var path = context.Request.Path.Value!;
                if (path.StartsWith("/bot", StringComparison.Ordinal))
                {
                    var method = path.Split('/')[^1].ToLowerInvariant();
                    api.Calls.Enqueue(method);
                    if (method is "sendmessage" or "editmessagetext")
                        api.Spent.Enqueue(time.GetUtcNow());
                    if (Volatile.Read(ref api._disturbance) is { } disturb)
                    {
                        await disturb(context, c => next(c));
                        return;
                    }
                }
                await next(context);
            }
        );
        app.UseRouting();
        app.MapTelegram();
        await app.StartAsync();
        return api = new BotApi(app);
    }

    /// <summary>The next calls of the method go through this, as often as given.</summary>
    public void Disturb(string method, int times, Func<HttpContext, RequestDelegate, Task> how)
    {
        var left = times;
        Volatile.Write(
            ref _disturbance,
            (context, next) =>
                context.Request.Path.Value!.EndsWith("/" + method, StringComparison.OrdinalIgnoreCase)
                && Interlocked.Decrement(ref left) >= 0
                    ? how(context, next)
                    : next(context)
        );
    }

    /// <summary>A person writes.</summary>
    /// <returns>The message's id.</returns>
    public async Task<long> Say(long from, string text, long? replyTo = null, long chat = Group)
    {
        using var answer = await _http.PostAsJsonAsync(
            $"/chats/{chat}",
            new
            {
                from,
                text,
                replyTo,
            }
        );
        answer.EnsureSuccessStatusCode();
        return (long)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!;
    }

    /// <summary>A person presses a button by its text.</summary>
    public async Task Press(long from, long message, string button, long chat = Group)
    {
        var keys = (await Messages(chat)).Single(m => m.Id == message).Buttons;
        using var answer = await _http.PostAsJsonAsync(
            "/presses",
            new
            {
                from,
                chat,
                message,
                data = keys[button],
            }
        );
        answer.EnsureSuccessStatusCode();
    }

    public async Task Refuse(int code, int? retryAfter = null, int times = 1)
    {
        using var answer = await _http.PostAsJsonAsync(
            "/refusals",
            new
            {
                code,
                retryAfter,
                times,
            }
        );
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>What stands in a chat; the oldest first.</summary>
    public async Task<IReadOnlyList<Shown>> Messages(long chat = Group) =>
        [
            .. (await _http.GetFromJsonAsync<JsonNode>($"/chats/{chat}"))!["messages"]!
                .AsArray()
                .Select(m => new Shown(
                    (long)m!["id"]!,
                    (bool)m["isBot"]!,
                    (string)m["plain"]!,
                    (string)m["html"]!,
                    (long?)m["replyTo"],
                    (DateTimeOffset)m["at"]!,
                    m["keys"]
                        ?["inline_keyboard"]?.AsArray()
                        .SelectMany(row => row!.AsArray())
                        .ToDictionary(b => (string)b!["text"]!, b => (string)b!["callback_data"]!)
                        ?? []
                )),
        ];

    /// <summary>The words that the last pressed button was answered with; null: none yet.</summary>
    public async Task<string?> LastPressAnswer() =>
        (string?)(await _http.GetFromJsonAsync<JsonNode>($"/chats/{Group}"))!["answers"]!.AsArray().LastOrDefault();

    /// <summary>Waits for a message of the bot's that says this.</summary>
    public async Task<Shown> Wait(string words, long chat = Group)
    {
        for (var tries = 0; ; tries++)
        {
            var messages = await Messages(chat);
            if (messages.FirstOrDefault(m => m.IsBot && m.Plain.Contains(words, StringComparison.Ordinal)) is { } found)
                return found;
            if (tries > 1500)
                Assert.Fail($"no message says «{words}»:\n{string.Join("\n---\n", messages.Select(m => m.Plain))}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    internal sealed record Shown(
        long Id,
        bool IsBot,
        string Plain,
        string Html,
        long? ReplyTo,
        DateTimeOffset At,
        IReadOnlyDictionary<string, string> Buttons
    );
}
