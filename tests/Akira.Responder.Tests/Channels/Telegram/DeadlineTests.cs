using Akira.Core.Incidents;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Channels.Telegram;

/// <summary>The matrix, the ack target and the daily digest, as the group sees them.</summary>
public sealed class DeadlineTests : TelegramTest
{
    private static readonly DateTimeOffset Beginning = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Beginning);

    public DeadlineTests() => Time = _clock;

    private protected override string MorePolicy =>
        """


            ## Escalation matrix

            | Elapsed Time | SEV1 Action | SEV2 Action |
            | --- | --- | --- |
            | T+15 min | Page secondary and massimo if not mitigated | Continue diagnosis |
            | T+30 min | Page francesco, prepare rollback or DR | Page secondary |
            """;

    [Fact]
    public async Task A_SEV1_that_is_not_mitigated_pages_secondary_and_massimo_at_15_minutes_and_francesco_at_30()
    {
        await Alert("signaling");
        await Telegram.Wait("SEV1 INC-1 · signaling · open");
        await Responder.Says("ACK anna", 1);

        await PassTo(15);
        var second = await Telegram.Wait("For bruno, massimo");
        await PassTo(30);
        var third = await Telegram.Wait("For francesco");

        Assert.InRange(second.At, Beginning.AddMinutes(15), Beginning.AddMinutes(15).AddSeconds(10));
        Assert.InRange(third.At, Beginning.AddMinutes(30), Beginning.AddMinutes(30).AddSeconds(10));
        Assert.Contains("tg://user?id=1004", third.Html);
        await Telegram.Wait("prepare rollback or DR");
    }

    [Fact]
    public async Task A_SEV1_that_is_mitigated_pages_nobody_further_at_15_minutes()
    {
        await Alert("signaling");
        await Telegram.Wait("SEV1 INC-1 · signaling · open");
        await Responder.Says("ACK anna", 1);
        await Responder.Says("/mitigated restarted", 1);

        await PassTo(16);

        Assert.Contains(Entries<Entry.Escalated>(), e => e.Outcome == "skipped: mitigated");
        Assert.DoesNotContain(await Telegram.Messages(), m => m.Plain.Contains("For bruno", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_that_nobody_takes_comes_again_as_a_reply_to_the_first()
    {
        await Alert("signaling");
        var page = await Telegram.Wait("SEV1 INC-1 · signaling · open");
        await Until(() => Entries<Entry.PageDelivered>().Any(), "the page is on record");

        await PassTo(15);

        Assert.Equal(page.Id, (await Telegram.Wait("Nobody has acknowledged SEV1 for 15 min")).ReplyTo);
    }

    private async Task PassTo(int minute)
    {
        while (_clock.GetUtcNow() < Beginning.AddMinutes(minute))
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(TimeSpan.FromMilliseconds(8), TimeProvider.System);
        }
    }
}
