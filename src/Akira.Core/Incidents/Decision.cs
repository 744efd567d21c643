using System.Collections.Immutable;

namespace Akira.Core.Incidents;

/// <summary>What a command comes to: entries to record, or a refusal. Never an exception.</summary>
public abstract record Decision
{
    private Decision() { }

    /// <param name="Entries">May be empty: the command asks for what already holds.</param>
    /// <param name="Reply">One line for the person who asked.</param>
    public sealed record Accepted(ImmutableArray<Entry> Entries, string Reply) : Decision;

    public sealed record Refused(Refusal Refusal) : Decision;

    internal static Decision Accept(string reply, params ImmutableArray<Entry> entries) => new Accepted(entries, reply);

    internal static Decision Refuse(string code, string sentence, params ImmutableArray<string> details) =>
        new Refused(new Refusal(code, sentence, details));
}

/// <summary>Why not.</summary>
/// <param name="Code">Stable, for machines and metrics: <c>gates-unmet</c>.</param>
/// <param name="Sentence">What is wrong and the way out, for a tired person.</param>
/// <param name="Details">One line each: the unmet gates, the hosts to name.</param>
public sealed record Refusal(string Code, string Sentence, ImmutableArray<string> Details);
