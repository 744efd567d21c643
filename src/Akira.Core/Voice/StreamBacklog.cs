namespace Akira.Core.Voice;

/// <summary>What a stream of call records looked like, and its consumer, at one moment.</summary>
/// <param name="Messages">In the stream, read ones too.</param>
/// <param name="Bytes">Of all of them.</param>
/// <param name="Unread">Messages after the last one that the consumer has done with.</param>
/// <param name="OldestUnread">When it came; null when none is unread.</param>
/// <param name="MaxBytes">What the stream keeps, the oldest dropped first; null: no limit. The others likewise.</param>
public sealed record RecordStream(
    long Messages,
    long Bytes,
    long Unread,
    DateTimeOffset? OldestUnread,
    long? MaxMessages,
    long? MaxBytes,
    TimeSpan? MaxAge
);

/// <summary>How long until a stream drops a record that nobody has read. Not safe for threads.</summary>
public sealed class StreamBacklog
{
    /// <summary>Growth is taken over this long: one batch more or less is no trend.</summary>
    private static readonly TimeSpan Trend = TimeSpan.FromMinutes(2);

    /// <summary>Said where nothing will be lost as things go: longer than any condition asks for.</summary>
    public static readonly TimeSpan Never = TimeSpan.FromDays(30);

    private readonly Queue<(DateTimeOffset At, long Unread)> _seen = new();

    /// <returns>At most <see cref="Never"/>; zero when records are being dropped already.</returns>
    public TimeSpan LossIn(RecordStream state, DateTimeOffset now)
    {
        _seen.Enqueue((now, state.Unread));
        while (_seen.Peek().At < now - Trend)
            _seen.Dequeue();
        if (state.Unread == 0)
            return Never;

        var (since, before) = _seen.Peek();
        var perSecond = now > since ? (state.Unread - before) / (now - since).TotalSeconds : 0;
        // Unread records are taken to be as large as the others.
        var size = (double)state.Bytes / Math.Max(1, state.Messages);
        TimeSpan?[] limits =
        [
            Until(state.MaxMessages - state.Unread, perSecond),
            Until(state.MaxBytes - state.Unread * size, perSecond * size),
            state.MaxAge - (now - state.OldestUnread),
        ];
        var first = limits.Min() ?? Never;
        return first < TimeSpan.Zero ? TimeSpan.Zero
            : first < Never ? first
            : Never;
    }

    private static TimeSpan? Until(double? room, double perSecond) =>
        room is not { } left ? null
        : left <= 0 ? TimeSpan.Zero
        : perSecond > 0 && left / perSecond < Never.TotalSeconds ? TimeSpan.FromSeconds(left / perSecond)
        : null;
}
