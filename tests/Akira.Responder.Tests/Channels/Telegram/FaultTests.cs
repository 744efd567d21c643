using Akira.Core.Incidents;
using Microsoft.AspNetCore.Http;

namespace Akira.Responder.Tests.Channels.Telegram;

/// <summary>Whatever goes wrong once at whichever call: no page is lost, none is seen more than twice, an ack counts once.</summary>
public sealed class FaultTests : TelegramTest
{
    public static TheoryData<string, string> Faults
    {
        get
        {
            var faults = new TheoryData<string, string>();
            foreach (
                var method in new[] { "sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates", "getMe" }
            )
            foreach (var fault in new[] { "429", "500", "502", "cut before", "cut after" })
                faults.Add(method, fault);
            faults.Add("sendMessage", "time-out");
            return faults;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_at_a_call_loses_nothing(string method, string fault)
    {
        Telegram.Disturb(method, 1, (context, next) => Fail(fault, context, next));

        await Alert("signaling");
        await Until(() => Entries<Entry.PageDelivered>().Any(), "the page is out");
        var page = await Telegram.Wait("SEV1 INC-1");
        await Telegram.Press(BotApi.Anna, page.Id, "Ack");
        await Until(() => Entries<Entry.Acknowledged>().Any(), "the ack is recorded");
        await Telegram.Say(BotApi.Anna, "/log on it", replyTo: page.Id);
        await Telegram.Wait("Noted.");
        await Telegram.Wait("With anna.");

        Assert.Single(Entries<Entry.PageDelivered>());
        Assert.Single(Entries<Entry.Acknowledged>());
        Assert.Single(Entries<Entry.Noted>());
        Assert.InRange((await Telegram.Messages()).Count(m => m.IsBot && m.Buttons.Count >= 2), 1, 2);
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
                var wire = context.Response.Body;
                using (context.Response.Body = new MemoryStream())
                    await next(context);
                context.Response.Body = wire;
                context.Abort();
                break;
            case "time-out":
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
                break;
            case "429":
                await Answer(context, 429, "Too Many Requests: retry after 1", ""","parameters":{"retry_after":1}""");
                break;
            default:
                await Answer(context, int.Parse(fault), "Internal Server Error");
                break;
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
