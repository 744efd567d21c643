using System.Collections.Immutable;
using Akira.Responder.Channels;

namespace Akira.Scenarios.Language;

/// <summary>A channel that keeps what it was handed, and can be out of reach.</summary>
internal sealed class RecordingChannel(TimeProvider clock) : IChannel
{
    private ImmutableList<Handed> _taken = [];
    private int _failures;
    private DateTimeOffset _failedAt;

    public string Name => "recording";

    public bool Works { get; set; } = true;

    /// <summary>Pages that it took, in order; reminders are not among them.</summary>
    public IEnumerable<Handed> Pages => _taken.Where(h => h.Message.Kind == "page");

    /// <summary>When the message it could not take comes again; null: it took the last one.</summary>
    public DateTimeOffset? TriedAgainAt =>
        _failures == 0 ? null : _failedAt + TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, _failures - 1)));

    public Task<Delivery> Deliver(Message message, CancellationToken cancel)
    {
        if (!Works)
        {
            (_failedAt, _failures) = (clock.GetUtcNow(), _failures + 1);
            return Task.FromResult<Delivery>(new Delivery.Transient("out of reach"));
        }
        _failures = 0;
        ImmutableInterlocked.Update(ref _taken, t => t.Add(new Handed(clock.GetUtcNow(), message)));
        return Task.FromResult<Delivery>(new Delivery.Delivered());
    }

    /// <summary>The pager of a new responder begins to count its tries anew.</summary>
    public void ForgetFailures() => _failures = 0;

    public sealed record Handed(DateTimeOffset At, Message Message)
    {
        public ImmutableArray<string> To => Message.To;
        public string Text => Message.Text;
    }
}
