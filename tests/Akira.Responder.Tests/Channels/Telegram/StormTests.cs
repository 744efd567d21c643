using Akira.Core.Incidents;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Channels.Telegram;

public sealed class StormTests : TelegramTest
{
    private const int Alerts = 2000;
    private static readonly DateTimeOffset Beginning = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _clock = new(Beginning);

    public StormTests() => Time = _clock;

    /// <summary>Seven subsystems of the worst severity, and a hundred further ones of lesser severity.</summary>
    [Fact]
    public async Task Two_thousand_alerts_in_a_minute_are_paged_within_the_quota_and_SEV1_within_three_seconds()
    {
        var perStep = Alerts / (int)(TimeSpan.FromMinutes(1) / Step);
        var number = 0;
        for (var now = TimeSpan.Zero; now < TimeSpan.FromMinutes(1); now += Step)
        {
            for (var i = 0; i < perStep + 1 && number < Alerts; i++, number++)
                if (number % 280 == 0)
                    await Alert($"vital-{number / 280}", "critical", $"alert {number}", $"{number}");
                else
                    await Alert($"part-{number % 100}", "warning", $"alert {number}", $"{number}");
            await Pass(Step);
        }
        while (Unsettled().Any())
            await Pass(Step);

        var incidents = Responder.Desk.Board.Incidents.Values.ToList();
        var logged = incidents.SelectMany(i => Entries<Entry.AlertsFired>(i.Number)).SelectMany(f => f.Alerts).ToList();
        Assert.Equal(Alerts, logged.Select(a => a.Alert.Fingerprint).Distinct().Count());
        Assert.Equal(Alerts, logged.Count);
        Assert.Equal(108, incidents.Count);
        Assert.All(
            incidents.Where(i => i.Severity.Level == 1),
            i => Assert.InRange(DeliveredAt(i) - i.DetectedAt, TimeSpan.Zero, TimeSpan.FromSeconds(3))
        );
        Assert.DoesNotContain(incidents.SelectMany(i => Entries<Entry.PageFailed>(i.Number)), _ => true);
        var spent = Telegram.Spent.ToList();
        Assert.Contains("editmessagetext", Telegram.Calls);
        Assert.All(spent, at => Assert.InRange(spent.Count(o => o > at.AddMinutes(-1) && o <= at), 1, 20));
        Assert.All(incidents, i => Assert.Contains(i.Id + " ", string.Join(' ', Shown()), StringComparison.Ordinal));

        IEnumerable<string> Shown() =>
            Telegram
                .Messages()
                .GetAwaiter()
                .GetResult()
                .Select(m => m.Plain.Replace(":", " ", StringComparison.Ordinal));
    }

    private DateTimeOffset DeliveredAt(Incident incident) =>
        Log(incident.Number).First(l => l.Entry is Entry.PageDelivered).At;

    private IEnumerable<LogEntry> Unsettled() =>
        Responder.Desk.Board.Incidents.Values.SelectMany(i =>
            Log(i.Number).Where(l => l.Entry is Entry.Paged && !i.SettledPages.Contains((l.Seq, "telegram")))
        );

    /// <summary>Lets the time pass, and waits until the responder has nothing to say about it.</summary>
    private async Task Pass(TimeSpan time)
    {
        _clock.Advance(time);
        var (last, still) = (-1L, 0);
        while (still < 3)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(3), TimeProvider.System);
            var position = Responder.Desk.Log.Position + Telegram.Calls.Count;
            still = position == last ? still + 1 : 0;
            last = position;
        }
    }
}
