using Akira.Core.Incidents;
using Akira.Core.Silences;

namespace Akira.Core.Chat;

/// <summary>What a line of chat says. The same grammar in Telegram, console, CLI and HTTP.</summary>
public abstract record Utterance
{
    private Utterance() { }

    /// <summary>Something to be done to an incident.</summary>
    public sealed record Order(Command Command) : Utterance;

    /// <summary><c>/ticket</c>: joins the open incident of its subsystem, or opens one.</summary>
    public sealed record Ticket(Severity Severity, string Title, string Reason) : Utterance;

    /// <summary><c>/handover &lt;name&gt; for 8h</c>: that one is primary (or, <c>as secondary</c>, that) for so long, in whoever's place.</summary>
    public sealed record Cover(string Name, TimeSpan For, string Role) : Utterance;

    /// <summary><c>/uncover bruno</c>: who is primary in somebody's place is so no longer.</summary>
    public sealed record Uncover(string Name) : Utterance;

    /// <summary><c>/silence signaling for 2h new kernel</c>: such alerts open no page for so long.</summary>
    /// <param name="From">Null: from now on.</param>
    public sealed record Silence(SilenceScope Scope, DateTimeOffset? From, TimeSpan For, string Reason) : Utterance;

    /// <param name="Number">Of the silence that is over now.</param>
    public sealed record Unsilence(int Number) : Utterance;

    /// <summary>Answered from the log; changes nothing.</summary>
    public sealed record Question(Topic Topic) : Utterance;

    public sealed record Misread(Refusal Refusal) : Utterance;
}

public enum Topic
{
    Gates,
    Advice,
    OnCall,
    Status,
    Silences,
    Postmortem,
    Help,
}
