using System.Collections.Immutable;
using Akira.Core.Incidents;

namespace Akira.Responder.Channels;

/// <summary>A way to tell people: a webhook now, Telegram and e-mail beside it.</summary>
public interface IChannel
{
    /// <summary>As the log names it; never to be changed.</summary>
    string Name { get; }

    /// <summary>Hands a message over. Whatever goes wrong is an answer, not an exception.</summary>
    Task<Delivery> Deliver(Message message, CancellationToken cancel);
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
);

/// <summary>What became of a message.</summary>
public abstract record Delivery
{
    private Delivery() { }

    public sealed record Delivered : Delivery;

    /// <summary>It may work later.</summary>
    public sealed record Transient(string Error) : Delivery;

    /// <summary>It will never work.</summary>
    public sealed record Permanent(string Error) : Delivery;
}
