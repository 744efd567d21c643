using Akira.Core.Incidents;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Channels.Telegram;

/// <summary>
/// Whatever goes wrong once, at whichever call of the Bot API that the responder makes: no page is lost, none is seen more
/// than twice, and what people say and press counts once. Time passes ten times as fast here.
/// </summary>
public sealed class FaultTests : TelegramTest
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero));
    private readonly CancellationTokenSource _end = new();
    private Task _passing = Task.CompletedTask;

    public FaultTests() => Time = _clock;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _passing = Task.Run(async () =>
        {
            using var tick = new PeriodicTimer(Step / 10);
            while (!_end.IsCancellationRequested && await tick.WaitForNextTickAsync())
                _clock.Advance(Step);
        });
    }

    public override async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _passing;
        await base.DisposeAsync();
        _end.Dispose();
    }

    public static TheoryData<string, string> Faults
    {
        get
        {
            var faults = new TheoryData<string, string>();
            foreach (
                var call in new[]
                {
                    "sendMessage of a page",
                    "sendMessage of an answer",
                    "editMessageText",
                    "answerCallbackQuery",
                    "getUpdates",
                    "getMe",
                }
            )
            foreach (
                var fault in new[]
                {
                    "429",
                    "500",
                    "502 of a proxy",
                    "200 of a proxy",
                    "cut before",
                    "cut after",
                    "cut within the answer",
                    "silent before",
                    "silent after",
                }
            )
                faults.Add(call, fault);
            return faults;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_at_a_call_loses_nothing(string call, string fault)
    {
        var faults = 0;
        if (!call.EndsWith("answer", StringComparison.Ordinal))
            Disturb();

        await Alert("signaling");
        await Until(() => Entries<Entry.PageDelivered>().Any(), "the page is out");
        // Of two copies people may press either.
        var page = await Telegram.Wait("SEV1 INC-1");
        if (call.EndsWith("answer", StringComparison.Ordinal))
            Disturb();
        await Telegram.Press(BotApi.Anna, page.Id, "Ack");
        await Until(() => Entries<Entry.Acknowledged>().Any(), "the ack is recorded");
        await Telegram.Say(BotApi.Anna, "/log@AkiraOpsBot on it", replyTo: page.Id);
        await Telegram.Wait("Noted.");
        await Telegram.Wait("With anna.");
        for (var tries = 0; await Telegram.LastPressAnswer() is not { Length: > 0 }; tries++)
        {
            Assert.True(tries < 500, "the press is not answered");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        Assert.Equal(1, faults);
        Assert.Contains("INC-1 acknowledged by anna", await Telegram.LastPressAnswer());
        Assert.Single(Entries<Entry.Paged>());
        Assert.Single(Entries<Entry.PageDelivered>());
        Assert.Equal("anna", Assert.Single(Entries<Entry.Acknowledged>()).Name);
        Assert.Equal("on it", Assert.Single(Entries<Entry.Noted>()).Text);
        Assert.DoesNotContain(Entries<Entry.PageFailed>(), f => f.Permanent);
        var seen = (await Telegram.Messages()).Where(m => m.IsBot).ToList();
        Assert.InRange(seen.Count(m => m.Buttons.Count >= 2), 1, 2);
        Assert.InRange(seen.Count(m => m.Plain.Contains("Noted.", StringComparison.Ordinal)), 1, 2);

        void Disturb() =>
            Telegram.Disturb(
                call.Split(' ')[0],
                1,
                (context, next) =>
                {
                    Interlocked.Increment(ref faults);
                    return Fail(fault, context, next);
                }
            );
    }

    [Fact]
    public async Task Telegram_is_not_asked_for_news_before_it_said_to_come_back()
    {
        await Telegram.Say(BotApi.Anna, "/oncall");
        await Telegram.Wait("anna (primary)");
        var refused = 0L;
        var again = 0L;
        Telegram.Disturb(
            "getUpdates",
            2,
            (context, next) =>
            {
                if (refused > 0)
                {
                    again = TimeProvider.System.GetTimestamp();
                    return next(context);
                }
                refused = TimeProvider.System.GetTimestamp();
                return Answer(context, 429, "Too Many Requests: retry after 3", ""","parameters":{"retry_after":3}""");
            }
        );

        await Telegram.Say(BotApi.Anna, "/oncall");
        await Until(() => again > 0, "it asks again");

        Assert.True(
            TimeProvider.System.GetElapsedTime(refused, again) >= TimeSpan.FromSeconds(2.9),
            "it came back too early"
        );
    }

    [Fact]
    public async Task Telegram_is_left_alone_for_as_long_as_it_says()
    {
        await Telegram.Refuse(429, retryAfter: 2);

        await Alert("signaling");
        var page = await Telegram.Wait("SEV1 INC-1");

        Assert.Equal(2, Telegram.Calls.Count(c => c == "sendmessage"));
        Assert.True(page.At - Log().First().At >= TimeSpan.FromSeconds(1.9), "it came back too early");
    }

    [Fact]
    public async Task A_group_that_is_not_there_is_said_in_the_log_and_not_tried_again()
    {
        Telegram.Disturb(
            "sendMessage",
            int.MaxValue,
            (context, _) => Answer(context, 400, "Bad Request: chat not found")
        );

        await Alert("signaling");
        await Until(() => Entries<Entry.PageFailed>().Any(), "the failure is on record");

        var failed = Assert.Single(Entries<Entry.PageFailed>());
        Assert.True(failed.Permanent);
        Assert.Contains("chat not found", failed.Error);
    }

    [Fact]
    public async Task An_update_that_cannot_be_read_does_not_keep_the_others_from_being_heard()
    {
        Telegram.Disturb(
            "getUpdates",
            1,
            (context, _) =>
            {
                context.Response.ContentType = "application/json";
                return context.Response.WriteAsync(
                    """{"ok":true,"result":[{"update_id":1,"message":{"message_id":"of another time","date":{}}}]}"""
                );
            }
        );
        await Alert("signaling");
        var page = await Telegram.Wait("SEV1 INC-1");

        await Telegram.Say(BotApi.Anna, "first, which has that number", replyTo: page.Id);
        await Telegram.Say(BotApi.Anna, "/ack anna", replyTo: page.Id);
        await Until(() => Entries<Entry.Acknowledged>().Any(), "the second is heard");
    }

    private static async Task Fail(string fault, HttpContext context, RequestDelegate next)
    {
        switch (fault)
        {
            case "cut before":
                context.Abort();
                break;
            case "cut after":
                await Take(context, next);
                context.Abort();
                break;
            case "cut within the answer":
                var answer = await Take(context, next);
                context.Response.ContentLength = answer.Length;
                await context.Response.Body.WriteAsync(answer.AsMemory(0, answer.Length / 2));
                await context.Response.Body.FlushAsync();
                context.Abort();
                break;
            case "silent before":
                await Silence(context);
                break;
            case "silent after":
                await Take(context, next);
                await Silence(context);
                break;
            case "200 of a proxy" or "502 of a proxy":
                context.Response.StatusCode = int.Parse(fault.Split(' ')[0]);
                context.Response.ContentType = "text/html";
                await context.Response.WriteAsync("<html><body>This network asks you to log in.</body></html>");
                break;
            case "429":
                await Answer(context, 429, "Too Many Requests: retry after 1", ""","parameters":{"retry_after":1}""");
                break;
            default:
                await Answer(context, int.Parse(fault), "Internal Server Error");
                break;
        }
    }

    /// <summary>The server does what it is asked, and nobody hears of it.</summary>
    /// <returns>What it would have answered.</returns>
    private static async Task<byte[]> Take(HttpContext context, RequestDelegate next)
    {
        var wire = context.Response.Body;
        using var kept = new MemoryStream();
        context.Response.Body = kept;
        await next(context);
        context.Response.Body = wire;
        return kept.ToArray();
    }

    private static async Task Silence(HttpContext context)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // the other side has hung up
        }
    }

    private static Task Answer(HttpContext context, int status, string words, string more = "")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(
            $$"""{"ok":false,"error_code":{{status}},"description":"{{words}}"{{more}}}"""
        );
    }
}
