using System.Collections.Immutable;
using Akira.Core.Incidents;
using Akira.Core.OnCall;
using Akira.Responder.Runbooks;
using Microsoft.Extensions.DependencyInjection;

namespace Akira.Responder.Tests.Channels.Telegram;

public sealed class GroupTests : TelegramTest
{
    [Fact]
    public async Task A_page_says_what_is_known_and_offers_what_to_do()
    {
        await Alert("signaling");

        var page = await Telegram.Wait("SEV1 INC-1");

        Assert.Contains("signaling · open · T+", page.Plain);
        Assert.Contains("no calls", page.Plain);
        Assert.Contains("For anna", page.Plain);
        Assert.Contains("tg://user?id=1001", page.Html);
        Assert.Contains("Acknowledge within 15 min", page.Plain);
        Assert.Equal(["Ack", "Evidence", "Runbook"], page.Buttons.Keys);
    }

    [Fact]
    public async Task The_page_is_edited_as_the_incident_goes_on()
    {
        await Alert("signaling");
        var page = await Telegram.Wait("SEV1 INC-1");

        await Telegram.Say(BotApi.Anna, "ACK anna", replyTo: page.Id);

        Assert.Equal(page.Id, (await Telegram.Wait("With anna.")).Id);
    }

    [Fact]
    public async Task The_status_is_still_edited_after_a_restart()
    {
        await Alert("signaling");
        var page = await Telegram.Wait("SEV1 INC-1");
        await Until(() => Entries<Entry.PageDelivered>().Any(), "the page is on record");

        await Restart();
        await Responder.Says("ACK bruno", 1);

        Assert.Equal(page.Id, (await Telegram.Wait("With bruno.")).Id);
    }

    [Fact]
    public async Task An_ack_in_reply_in_a_name_that_nobody_has_is_its_senders_and_recorded_with_the_typed_name()
    {
        await Alert("signaling");
        var page = await Telegram.Wait("SEV1 INC-1");

        await Telegram.Say(BotApi.Bruno, "ACK Robert", replyTo: page.Id);
        await Telegram.Wait("INC-1 acknowledged by bruno");

        var ack = Log().Single(l => l.Entry is Entry.Acknowledged);
        Assert.Equal(new Entry.Acknowledged("bruno", "Robert"), ack.Entry);
        Assert.Equal(new Actor("bruno", "telegram:1002", "telegram"), ack.By);
    }

    [Fact]
    public async Task Of_two_who_press_Ack_at_once_one_wins_and_the_other_is_told_who()
    {
        await Alert("signaling");
        var page = await Telegram.Wait("SEV1 INC-1");

        await Task.WhenAll(Telegram.Press(BotApi.Anna, page.Id, "Ack"), Telegram.Press(BotApi.Bruno, page.Id, "Ack"));
        await Until(() => Telegram.Calls.Count(c => c == "answercallbackquery") == 2, "both presses are answered");

        var winner = Assert.Single(Entries<Entry.Acknowledged>()).Name;
        Assert.Contains($"INC-1 is with {winner}", await Telegram.LastPressAnswer());
    }

    [Fact]
    public async Task A_plain_reply_to_an_incident_goes_to_its_log_and_plain_talk_does_not()
    {
        await Alert("signaling");
        var page = await Telegram.Wait("SEV1 INC-1");

        await Telegram.Say(BotApi.Anna, "@AkiraOpsBot what a night");
        await Telegram.Say(BotApi.Anna, "kamailio has no listener", replyTo: page.Id);
        await Until(() => Entries<Entry.Noted>().Any(), "noted");

        Assert.Equal("kamailio has no listener", Assert.Single(Entries<Entry.Noted>()).Text);
    }

    [Fact]
    public async Task A_reply_to_an_answer_is_about_the_incident_that_it_was_about()
    {
        await Alert("signaling");
        await Alert("database");
        var page = await Telegram.Wait("SEV1 INC-1");
        await Telegram.Wait("SEV1 INC-2");
        await Telegram.Say(BotApi.Anna, "ACK anna", replyTo: page.Id);
        var answer = await Telegram.Wait("INC-1 acknowledged by anna");
        await Telegram.Say(BotApi.Anna, "the trunk is down", replyTo: answer.Id);
        var noted = await Telegram.Wait("INC-1: Noted.");
        await Telegram.Say(BotApi.Anna, "/update calling the carrier", replyTo: noted.Id);
        await Until(() => Entries<Entry.Updated>(1).Any(), "the update is in INC-1");

        Assert.Equal("the trunk is down", Assert.Single(Entries<Entry.Noted>(1)).Text);
        Assert.Empty(Entries<Entry.Updated>(2));
    }

    [Fact]
    public async Task A_reply_is_about_the_incident_of_the_message_it_replies_to()
    {
        await Alert("signaling");
        await Alert("database");
        await Telegram.Wait("SEV1 INC-1");
        var second = await Telegram.Wait("SEV1 INC-2");

        await Telegram.Say(BotApi.Anna, "/update promoting the standby", replyTo: second.Id);
        await Until(() => Entries<Entry.Updated>(2).Any(), "the update is in INC-2");

        Assert.Empty(Entries<Entry.Updated>(1));
    }

    [Fact]
    public async Task A_line_that_names_no_incident_is_asked_about_with_buttons_and_done_when_one_is_pressed()
    {
        await Alert("signaling");
        await Alert("database");
        await Telegram.Wait("SEV1 INC-1");
        await Telegram.Wait("SEV1 INC-2");

        await Telegram.Say(BotApi.Anna, "/ack anna");
        var question = await Telegram.Wait("Which incident?");
        await Telegram.Press(BotApi.Bruno, question.Id, "SEV1 INC-2");
        await Until(() => Telegram.Calls.Contains("answercallbackquery"), "bruno is answered");
        Assert.Empty(Entries<Entry.Acknowledged>(2));
        await Telegram.Press(BotApi.Anna, question.Id, "SEV1 INC-2");
        await Until(() => Entries<Entry.Acknowledged>(2).Any(), "INC-2 is acknowledged");

        Assert.Empty(Entries<Entry.Acknowledged>(1));
    }

    [Fact]
    public async Task The_only_unacknowledged_incident_needs_no_naming()
    {
        await Alert("signaling");
        await Alert("database");
        await Telegram.Wait("SEV1 INC-2");
        await Responder.Says("ACK bruno", 1);

        await Telegram.Say(BotApi.Anna, "/ack anna");

        await Telegram.Wait("INC-2 acknowledged by anna");
    }

    [Fact]
    public async Task A_stranger_is_told_once_and_politely_how_to_be_added_and_changes_nothing()
    {
        await Alert("signaling");
        var page = await Telegram.Wait("SEV1 INC-1");

        await Telegram.Say(BotApi.Stranger, "ACK anna", replyTo: page.Id);
        await Telegram.Say(BotApi.Stranger, "/resolve override: let me in", replyTo: page.Id);
        await Telegram.Press(BotApi.Stranger, page.Id, "Ack");
        await Telegram.Wait("Your Telegram id is 1666");
        await Until(() => Telegram.Calls.Contains("answercallbackquery"), "the press is answered");

        Assert.Contains("1666", await Telegram.LastPressAnswer());
        Assert.Single(await Telegram.Messages(), m => m.Plain.Contains("1666", StringComparison.Ordinal));
        Assert.Equal(IncidentState.Open, Responder.Desk.Find(1)!.State);
    }

    [Fact]
    public async Task Somebody_whose_table_row_has_a_handle_is_known_by_it()
    {
        await Telegram.Say(BotApi.Massimo, "/oncall");

        await Telegram.Wait("anna (primary)");
    }

    [Fact]
    public async Task A_silence_is_set_seen_and_ended_in_the_group_and_a_stranger_sets_none()
    {
        await Telegram.Say(BotApi.Stranger, "/silence SEV2 alertname=~\"A.*\" for 1h let me sleep");
        await Telegram.Say(BotApi.Anna, "/silence SEV2 alertname=~\"A.*\" for 1h base backup");
        await Telegram.Wait("Silence 1: SEV2 alertname=~\"A.*\" for 1 h");
        await Alert("database", "warning");

        await Telegram.Say(BotApi.Bruno, "/silences");
        await Telegram.Wait("1 alert fires under it; anna: base backup");
        Assert.Empty(Responder.Desk.Board.Incidents);

        await Telegram.Say(BotApi.Bruno, "/unsilence 1");
        await Telegram.Wait("1 alert still fires and is news now");
        await Telegram.Wait("SEV2 INC-1");
        Assert.Single(Responder.Desk.Board.Incidents);
    }

    [Fact]
    public async Task A_ticket_opens_an_incident_and_is_paged()
    {
        await Telegram.Say(BotApi.Anna, "/ticket@AkiraOpsBot \"SEV1 - no calls in Milan\" severity:critical");

        await Telegram.Wait("INC-1: Opened as SEV1.");
        Assert.Contains("no calls in Milan", (await Telegram.Wait("SEV1 INC-1 ·")).Plain);
    }

    [Fact]
    public async Task A_command_to_another_bot_is_none_of_ours()
    {
        await Telegram.Say(BotApi.Anna, "/status@OtherBot");
        await Telegram.Say(BotApi.Anna, "/oncall");
        await Telegram.Wait("anna (primary)");

        Assert.DoesNotContain(await Telegram.Messages(), m => m.IsBot && m.Plain.Contains("No incident is open"));
    }

    [Fact]
    public async Task The_grammar_works_in_a_private_chat_too()
    {
        await Alert("signaling");
        await Telegram.Wait("SEV1 INC-1");

        await Telegram.Say(BotApi.Anna, "ack anna", chat: BotApi.Anna);
        await Telegram.Wait("INC-1 acknowledged by anna", chat: BotApi.Anna);
        await Telegram.Say(BotApi.Anna, "so what now", chat: BotApi.Anna);
        await Telegram.Wait("A plain line goes to an incident's log", chat: BotApi.Anna);

        Assert.Empty(Entries<Entry.Noted>());
    }

    [Fact]
    public async Task A_group_whose_minute_is_spent_holds_up_nobody_in_private()
    {
        for (var i = 0; i < 20; i++)
            await Telegram.Say(BotApi.Bruno, "/status");
        await Telegram.Say(BotApi.Anna, "/oncall", chat: BotApi.Anna);

        await Telegram.Wait("anna (primary)", chat: BotApi.Anna);

        var answers = (await Telegram.Messages()).Count(m => m.IsBot);
        Assert.InRange(answers, 0, 14);
    }

    [Fact]
    public async Task Evidence_and_runbooks_are_a_press_away()
    {
        await Alert("signaling");
        var page = await Telegram.Wait("SEV1 INC-1");

        await Telegram.Press(BotApi.Anna, page.Id, "Evidence");
        await Telegram.Press(BotApi.Anna, page.Id, "Runbook");

        await Telegram.Wait("SEV1 INC-1 · signaling · evidence");
        await Telegram.Wait("SEV1 INC-1 · signaling · runbook");
    }

    [Fact]
    public async Task What_others_wrote_is_text_and_never_more_than_Telegram_takes()
    {
        var hostile = "<b>&amp;</pre><a href='x'>" + string.Concat(Enumerable.Repeat("<&>😀", 500));
        await Alert("signaling", summary: hostile);
        var page = await Telegram.Wait("SEV1 INC-1");
        await Telegram.Say(BotApi.Anna, "/update " + hostile, replyTo: page.Id);
        await Telegram.Wait("Update: <b>&amp;</pre>");

        Assert.All(await Telegram.Messages(), m => Assert.InRange(m.Html.Length, 0, 4096));
        Assert.Contains("<b>&amp;</pre><a href='x'>", (await Telegram.Wait("SEV1 INC-1")).Plain);
        Assert.Empty(Entries<Entry.PageFailed>());
    }

    [Fact]
    public async Task A_command_that_was_heard_before_a_restart_is_not_given_twice_and_one_during_it_is_not_lost()
    {
        await Alert("signaling");
        var page = await Telegram.Wait("SEV1 INC-1");
        await Telegram.Say(BotApi.Anna, "/log before", replyTo: page.Id);
        await Until(() => Entries<Entry.Noted>().Any(), "the first is noted");

        var folder = await Responder.Stop();
        await Telegram.Say(BotApi.Anna, "/log between", replyTo: page.Id);
        await Start(folder);
        await Telegram.Say(BotApi.Anna, "/log after", replyTo: page.Id);
        await Until(() => Entries<Entry.Noted>().Any(n => n.Text == "after"), "the last is noted");

        Assert.Equal(["before", "between", "after"], Entries<Entry.Noted>().Select(n => n.Text));
    }

    [Fact]
    public async Task A_cover_that_was_recorded_and_not_confirmed_is_not_set_twice_and_not_ended_twice()
    {
        await Responder.Says("/handover bruno for 2h");
        await Telegram.Say(BotApi.Anna, "/handover bruno for 8h");
        Telegram.Disturb("getUpdates", int.MaxValue, (context, _) => Abort(context));
        await Until(() => Covers().Length == 2, "it is set");

        var folder = await Responder.Stop();
        Telegram.Disturb("getUpdates", 0, (context, _) => Abort(context));
        await Start(folder);
        await Telegram.Say(BotApi.Anna, "/oncall");
        await Telegram.Wait("bruno (primary)");

        Assert.Equal(2, Covers().Length);

        ImmutableArray<Cover> Covers() => Responder.App.Services.GetRequiredService<PolicyState>().Covers.All;
    }

    [Fact]
    public async Task An_update_that_was_recorded_and_not_confirmed_is_not_obeyed_again()
    {
        await Alert("signaling");
        var page = await Telegram.Wait("SEV1 INC-1");
        // The connection ends each time that a confirmation is on its way, until the responder is gone.
        await Telegram.Say(BotApi.Anna, "/log once", replyTo: page.Id);
        Telegram.Disturb("getUpdates", int.MaxValue, (context, _) => Abort(context));
        await Until(() => Entries<Entry.Noted>().Any(), "it is noted");

        var folder = await Responder.Stop();
        Telegram.Disturb("getUpdates", 0, (context, _) => Abort(context));
        await Start(folder);
        await Telegram.Say(BotApi.Anna, "/log twice", replyTo: page.Id);
        await Until(() => Entries<Entry.Noted>().Any(n => n.Text == "twice"), "the second is noted");

        Assert.Equal(["once", "twice"], Entries<Entry.Noted>().Select(n => n.Text));
    }

    private static Task Abort(Microsoft.AspNetCore.Http.HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
