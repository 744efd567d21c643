using System.Collections.Immutable;
using Akira.Core.Incidents;

namespace Akira.Responder.Channels;

/// <summary>A way to tell people: Telegram, e-mail, a webhook.</summary>
public interface IChannel
{
    /// <summary>As the log names it; never to be changed.</summary>
    string Name { get; }

    /// <summary>How many messages it takes in one, when more wait than it may send one by one.</summary>
    int MostTogether => 1;

    /// <summary>How long until it may take this message: its quota, or the time of day for what can wait.</summary>
    TimeSpan Wait(Message message) => TimeSpan.Zero;

    /// <summary>Hands a message over. Whatever goes wrong is an answer, not an exception.</summary>
    Task<Delivery> Deliver(Message message, CancellationToken cancel);

    /// <summary>Hands several over in one, the most urgent first. They succeed or fail together.</summary>
    Task<Delivery> DeliverTogether(ImmutableArray<Message> messages, CancellationToken cancel) =>
        throw new NotSupportedException($"{Name} takes one message at a time");
}

/// <param name="Kind"><c>page</c>: somebody must look now; <c>reminder</c>: nobody is woken.</param>
/// <param name="To">Names from the on-call table; empty for a reminder.</param>
/// <param name="Seq">Of the entry that asks for it. With the incident it identifies the message.</param>
/// <param name="Url">Of the incident in the console; null when nobody knows the console's address.</param>
public sealed record Message(
    string Incident,
    Severity Severity,
    string Kind,
    ImmutableArray<string> To,
    string Reason,
    string Text,
    DateTimeOffset At,
    int Seq,
    string? Url
)
{
    internal Urgency Urgency =>
        Kind != "page" ? Urgency.Reminder
        : Severity.Level == 1 ? Urgency.Worst
        : Urgency.Page;
}

/// <summary>What goes out first. A channel with a quota keeps some of it for the more urgent.</summary>
internal enum Urgency
{
    /// <summary>A page of the worst severity.</summary>
    Worst,
    Page,

    /// <summary>To somebody who asks.</summary>
    Answer,
    Reminder,

    /// <summary>What is shown already, brought up to date.</summary>
    Status,
}

/// <summary>What became of a message.</summary>
public abstract record Delivery
{
    private Delivery() { }

    /// <param name="Receipt">Of one message alone: what the channel calls it.</param>
    public sealed record Delivered(string? Receipt = null) : Delivery;

    /// <summary>It may work later.</summary>
    /// <param name="RetryAfter">When the other side says how long it wants to be left alone.</param>
    public sealed record Transient(string Error, TimeSpan? RetryAfter = null) : Delivery;

    /// <summary>It will never work.</summary>
    public sealed record Permanent(string Error) : Delivery;
}
