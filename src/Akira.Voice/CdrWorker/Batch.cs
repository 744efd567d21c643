using System.Globalization;
using Akira.Core.Voice;
using Akira.Voice.Stream;

namespace Akira.Voice.CdrWorker;

internal readonly record struct Row(CallRecord Record, long StreamSeq);

/// <param name="Reason">What makes it no call record, in words.</param>
internal readonly record struct DeadLetter(Message Message, string Reason);

/// <summary>
/// Messages, read: rows of which no two have the same identity, heartbeats, and what can never become a row. The clock is asked for one
/// thing only: whether a call is from the future.
/// </summary>
internal sealed class Batch : IDisposable
{
    /// <summary>Characters a field may have; SIP's longest sensible URI is far below.</summary>
    public const int LongestText = 2048;

    /// <summary>Rows; below, arrays are quicker than a staging table.</summary>
    private const int CopyFrom = 2000;

    private static readonly TimeSpan FastestClock = TimeSpan.FromDays(1);

    private readonly IReadOnlyCollection<Message> _messages;

    private Batch(IReadOnlyCollection<Message> messages) => _messages = messages;

    public List<Row> Rows { get; } = [];
    public List<CallRecord> Heartbeats { get; } = [];
    public List<DeadLetter> Poison { get; } = [];
    public long LastSeq { get; private set; }

    /// <summary>Whether a message in it was delivered before.</summary>
    public bool Again { get; private set; }

    /// <summary>The rows as they are copied; null when they are too few for that.</summary>
    public CopyBytes? Copy { get; private set; }

    public void Dispose() => Copy?.Dispose();

    public Message MessageOf(Row row) => _messages.First(m => m.Seq == row.StreamSeq);

    public static Batch Of(IReadOnlyCollection<Message> messages, DateTimeOffset now)
    {
        var batch = new Batch(messages);
        var known = new HashSet<(string, CallRecordType)>(messages.Count);
        foreach (var message in messages)
        {
            batch.LastSeq = Math.Max(batch.LastSeq, message.Seq);
            batch.Again |= message.Again;
            if (!CallRecords.TryRead(message.Payload.Span, 1, out var record, out var fault))
                batch.Poison.Add(
                    new(message, fault.Field.Length == 0 ? fault.Message : $"{fault.Field}: {fault.Message}")
                );
            else if (record.Type == CallRecordType.Heartbeat)
                batch.Heartbeats.Add(record);
            else if (Unfit(record, now) is { } reason)
                batch.Poison.Add(new(message, reason));
            else if (known.Add((record.CallUid!, record.Type!.Value)))
                batch.Rows.Add(new(record, message.Seq));
        }
        if (batch.Rows.Count >= CopyFrom)
            batch.Copy = CopyBytes.Of(batch.Rows);
        return batch;
    }

    /// <summary>What is a record, and cannot be kept: the database takes no zero character, and no day that is yet to come.</summary>
    private static string? Unfit(CallRecord record, DateTimeOffset now)
    {
        if (record.InvitedAt > now + FastestClock)
            return "t_invite: more than a day ahead of our clock";
        if (Column.Unfit(record, IsUnfit) is { } unfit)
            return unfit.Value.Length > LongestText
                ? string.Create(CultureInfo.InvariantCulture, $"{unfit.Name}: longer than {LongestText} characters")
                : $"{unfit.Name}: has a zero character in it";
        return null;
    }

    private static bool IsUnfit(string text) =>
        text.Length > LongestText || text.Contains('\0', StringComparison.Ordinal);
}
