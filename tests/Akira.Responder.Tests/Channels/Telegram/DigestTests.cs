using Akira.Core.Incidents;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Channels.Telegram;

public sealed class DigestTests : TelegramTest
{
    private static readonly DateTimeOffset Beginning = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Beginning);

    public DigestTests() => Time = _clock;

    private protected override string Severities =>
        """

            ### SEV3 - Minor

            - Definition: nothing that a caller notices.
            - Ack target: 4 hours.
            - Communication: daily standup or ticket comment.
            """;

    [Fact]
    public async Task What_nobody_is_woken_for_waits_for_the_daily_digest_and_comes_in_one_message()
    {
        foreach (var part in new[] { "one", "two", "three" })
            await Alert(part, "info", $"odd {part}");
        await PassTo(Beginning.AddHours(4).AddMinutes(25));
        Assert.DoesNotContain(await Telegram.Messages(), m => m.IsBot);

        // And no further: time that jumps while the call is under way is time that the call did not have.
        await PassTo(Beginning.AddHours(4).AddMinutes(30));

        var digest = await Telegram.Wait("about 3 incidents");
        Assert.Contains("SEV3 INC-1", digest.Plain);
        Assert.Contains("SEV3 INC-3", digest.Plain);
        Assert.Empty(Entries<Entry.PageFailed>());
    }

    private async Task PassTo(DateTimeOffset time)
    {
        while (_clock.GetUtcNow() < time)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
