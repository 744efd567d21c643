namespace Akira.Responder.Channels.Telegram;

/// <summary>
/// What Telegram lets a bot send, by its own FAQ: about 20 messages a minute to a group, one a second to a chat, 30 a
/// second in all. Edits are counted as messages. The less urgent may use only a share of the group's minute, so that
/// there is always something left for a page of the worst severity.
/// </summary>
public sealed class Quota
{
    private const int MostASecond = 30;
    private const int Spread = 4;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<Sent> _sent = [];
    private DateTimeOffset _closedUntil;
    private DateTimeOffset _now;

    /// <summary>How long until something so urgent may be sent to a chat; zero: now.</summary>
    internal TimeSpan Wait(long chat, Urgency urgency, DateTimeOffset now)
    {
        lock (_gate)
        {
            Follow(now);
            _sent.RemoveAll(s => s.At <= now - Minute);
            var until = _closedUntil;
            if (_sent.Count(s => s.At > now - Second) >= MostASecond)
                until = Later(until, _sent[^MostASecond].At + Second);
            // Short bursts are tolerated: what is less than a page does not hold a page up.
            var rivals = urgency <= Urgency.Page ? Urgency.Page : Urgency.Status;
            if (_sent.FindLast(s => s.Chat == chat && s.Urgency <= rivals) is { } last)
                until = Later(until, last.At + Second);
            if (chat < 0) // A group's id is negative, a person's is not.
                until = Later(until, Minutely(chat, urgency, now));
            return until > now ? until - now : TimeSpan.Zero;
        }
    }

    internal void Spend(long chat, Urgency urgency, DateTimeOffset now)
    {
        lock (_gate)
        {
            Follow(now);
            _sent.Add(new Sent(chat, urgency, now));
        }
    }

    /// <summary>Telegram said when to come back.</summary>
    public void Close(DateTimeOffset until)
    {
        lock (_gate)
            _closedUntil = Later(_closedUntil, until);
    }

    private DateTimeOffset Minutely(long group, Urgency urgency, DateTimeOffset now)
    {
        var minute = _sent.Where(s => s.Chat == group).ToList();
        var share = ShareOf(urgency);
        if (minute.Count >= share)
            return minute[^share].At + Minute;
        // The last of its share are spread over what remains of the minute: the next one never waits for all of it.
        var left = share - minute.Count;
        if (urgency > Urgency.Page || left > Spread || minute.FindLast(s => s.Urgency <= urgency) is not { } last)
            return now;
        return last.At + (minute[0].At + Minute - last.At) / (left + 1);
    }

    private static int ShareOf(Urgency urgency) =>
        urgency switch
        {
            Urgency.Worst => 20,
            Urgency.Page => 10,
            Urgency.Answer => 10,
            Urgency.Reminder => 8,
            _ => 6,
        };

    /// <summary>When the clock is set back, what was sent stays as long ago as it is: nothing waits for the old time to come again.</summary>
    private void Follow(DateTimeOffset now)
    {
        if (_now - now is { Ticks: > 0 } back)
        {
            for (var i = 0; i < _sent.Count; i++)
                _sent[i] = _sent[i] with { At = _sent[i].At - back };
            if (_closedUntil > now)
                _closedUntil -= back;
        }
        _now = now;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private sealed record Sent(long Chat, Urgency Urgency, DateTimeOffset At);
}
