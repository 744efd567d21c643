using Akira.Responder.Channels;
using Akira.Responder.Channels.Telegram;
using CsCheck;

namespace Akira.Responder.Tests.Channels.Telegram;

public class QuotaTests
{
    private const long Group = -100;
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void A_page_of_the_worst_severity_finds_room_when_the_others_have_used_theirs()
    {
        var quota = new Quota();
        SendAll(quota, Start, Start.AddSeconds(59), Urgency.Page, Urgency.Answer, Urgency.Reminder, Urgency.Status);

        Assert.NotEqual(TimeSpan.Zero, quota.Wait(Group, Urgency.Answer, Start.AddSeconds(59)));
        Assert.InRange(quota.Wait(Group, Urgency.Worst, Start.AddSeconds(59)), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Edits_do_not_hold_up_a_page()
    {
        var quota = new Quota();
        quota.Spend(Group, Urgency.Status, Start);

        Assert.Equal(TimeSpan.Zero, quota.Wait(Group, Urgency.Page, Start));
        Assert.Equal(TimeSpan.FromSeconds(1), quota.Wait(Group, Urgency.Reminder, Start));
    }

    [Fact]
    public void Pages_of_the_worst_severity_alone_never_wait_for_a_whole_minute_to_pass()
    {
        var quota = new Quota();
        var longest = TimeSpan.Zero;
        for (var now = Start; now < Start.AddMinutes(10); )
        {
            var wait = quota.Wait(Group, Urgency.Worst, now);
            longest = wait > longest ? wait : longest;
            now += wait;
            quota.Spend(Group, Urgency.Worst, now);
        }

        Assert.InRange(longest, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Nothing_goes_out_before_Telegram_said_to_come_back()
    {
        var quota = new Quota();
        quota.Close(Start.AddSeconds(7));

        Assert.Equal(TimeSpan.FromSeconds(7), quota.Wait(Group, Urgency.Worst, Start));
        Assert.Equal(TimeSpan.FromSeconds(7), quota.Wait(4711, Urgency.Answer, Start));
        Assert.Equal(TimeSpan.Zero, quota.Wait(Group, Urgency.Worst, Start.AddSeconds(7)));
    }

    [Fact]
    public void A_clock_that_is_set_back_makes_nothing_wait_for_the_old_time_to_come_again()
    {
        var quota = new Quota();
        quota.Wait(Group, Urgency.Worst, Start.AddHours(3));
        quota.Spend(Group, Urgency.Worst, Start.AddHours(3));
        quota.Close(Start.AddHours(3).AddSeconds(7));

        Assert.InRange(quota.Wait(Group, Urgency.Worst, Start.AddHours(1)), TimeSpan.Zero, TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.Zero, quota.Wait(Group, Urgency.Worst, Start.AddHours(1).AddSeconds(7)));
    }

    [Fact]
    public void However_much_is_said_and_paged_several_pages_of_the_worst_severity_go_out_within_three_seconds_each()
    {
        var quota = new Quota();
        SendAll(quota, Start, Start.AddSeconds(20), Urgency.Answer, Urgency.Page, Urgency.Reminder, Urgency.Status);
        var now = Start.AddSeconds(20);
        for (var page = 0; page < 5; page++)
        {
            var wait = quota.Wait(Group, Urgency.Worst, now);
            Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(3));
            now += wait;
            quota.Spend(Group, Urgency.Worst, now);
        }
    }

    [Fact]
    public void A_person_may_be_written_to_once_a_second_and_has_no_minute() =>
        Assert.Equal(300, SendAll(new Quota(), Start, Start.AddMinutes(5), 4711, Urgency.Answer));

    [Fact]
    public void Whoever_asks_and_waits_as_told_never_sends_more_than_Telegram_lets() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3000], Gen.Int[0, 2])
            .List[1, 400]
            .Sample(asked =>
            {
                var quota = new Quota();
                var sent = new List<(long Chat, DateTimeOffset At)>();
                var now = Start;
                foreach (var (urgency, pause, to) in asked)
                {
                    now = now.AddMilliseconds(pause);
                    var chat = to == 0 ? 4711 + pause : Group;
                    now += quota.Wait(chat, (Urgency)urgency, now);
                    quota.Spend(chat, (Urgency)urgency, now);
                    sent.Add((chat, now));
                }
                return sent.All(s =>
                        sent.Count(o => o.Chat == Group && o.At > s.At.AddMinutes(-1) && o.At <= s.At) <= 20
                    ) && sent.All(s => sent.Count(o => o.At > s.At.AddSeconds(-1) && o.At <= s.At) <= 30);
            });

    /// <summary>Each kind as often as the quota lets it.</summary>
    private static void SendAll(Quota quota, DateTimeOffset from, DateTimeOffset until, params Urgency[] kinds)
    {
        for (var now = from; now < until; now = now.AddMilliseconds(100))
            foreach (var kind in kinds)
                if (quota.Wait(Group, kind, now) == TimeSpan.Zero)
                    quota.Spend(Group, kind, now);
    }

    private static int SendAll(Quota quota, DateTimeOffset from, DateTimeOffset until, long chat, Urgency kind)
    {
        var count = 0;
        for (var now = from; now < until; now = now.AddMilliseconds(100))
            if (quota.Wait(chat, kind, now) == TimeSpan.Zero)
            {
                quota.Spend(chat, kind, now);
                count++;
            }
        return count;
    }
}
