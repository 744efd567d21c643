using System.Diagnostics.CodeAnalysis;

namespace Akira.Responder.Channels;

/// <summary>Messages that the log asks for and that are not out yet, the most urgent first.</summary>
internal sealed class Outbox
{
    private readonly SortedDictionary<(Urgency Urgency, long Position), Waiting> _waiting = [];
    private readonly SortedSet<long> _positions = [];
    private readonly Dictionary<(int Incident, int Page), Waiting> _byPage = [];

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>In the order in which they should go out.</summary>
    public IEnumerable<Waiting> All => _waiting.Values;

    /// <summary>Of the entry that has waited longest; null: nothing waits.</summary>
    public long? Oldest => _positions.Count == 0 ? null : _positions.Min;

    public void Add(Waiting waiting)
    {
        _waiting.Add((waiting.Urgency, waiting.Position), waiting);
        _positions.Add(waiting.Position);
        _byPage[(waiting.Incident, waiting.Message.Seq)] = waiting;
    }

    public void Remove(Waiting waiting)
    {
        _waiting.Remove((waiting.Urgency, waiting.Position));
        _positions.Remove(waiting.Position);
        _byPage.Remove((waiting.Incident, waiting.Message.Seq));
    }

    public bool TryFind(int incident, int page, [NotNullWhen(true)] out Waiting? waiting) =>
        _byPage.TryGetValue((incident, page), out waiting);
}

/// <summary>One of them.</summary>
/// <param name="position">Of the entry that asks for it.</param>
internal sealed class Waiting(int incident, long position, Message message)
{
    public int Incident => incident;
    public long Position => position;
    public Message Message => message;
    public Urgency Urgency { get; } = message.Urgency;

    /// <summary>Of a channel that stands in for another: for so long it is the other's.</summary>
    public Pause Others { get; set; }

    /// <summary>The log says that it is late.</summary>
    public bool IsReported { get; set; }

    /// <summary>How often the channel threw at it, which it never should.</summary>
    public int Faults { get; set; }
}

/// <summary>A while from a moment on; a clock that is set back does not make it longer.</summary>
/// <param name="Since">A timestamp of the clock.</param>
internal readonly record struct Pause(long Since, TimeSpan Lasting)
{
    public TimeSpan Left(TimeProvider clock) =>
        Lasting == TimeSpan.Zero ? Lasting : Lasting - clock.GetElapsedTime(Since);
}
