using System.Collections.Immutable;
using Akira.Core.Incidents;

namespace Akira.Core.Drills;

/// <summary>A rehearsed fault: what is broken, what must be seen, what is said, in this order. See <c>docs/drills.md</c>.</summary>
public sealed record Drill(string Title, ImmutableArray<DrillLine> Lines);

/// <param name="Line">In its file, from 1.</param>
/// <param name="Text">As it is written, without mark-up.</param>
public sealed record DrillLine(int Line, string Text, Instruction Instruction);

/// <summary>What a line of a drill asks for.</summary>
public abstract record Instruction
{
    private Instruction() { }

    /// <param name="Fault">One of <c>akira lab faults</c>.</param>
    public sealed record Break(string Fault) : Instruction;

    /// <summary>Repairs whatever is broken, without the runbook.</summary>
    public sealed record Heal : Instruction;

    /// <summary>Callers ring at another pace.</summary>
    /// <param name="ASecond">Calls.</param>
    public sealed record Traffic(int ASecond) : Instruction;

    /// <summary>The responder hears that a version went out.</summary>
    /// <param name="Service">As the platform names it.</param>
    public sealed record Deploy(string Version, string Service) : Instruction;

    /// <param name="Text">A line of chat; <c>CODE</c> in it stands for the last code that was shown.</param>
    /// <param name="Refusal">The code of the refusal that must come; null: it must be accepted.</param>
    public sealed record Say(string Text, string? Refusal) : Instruction;

    public sealed record Wait(TimeSpan For) : Instruction;

    /// <param name="Within">Of what comes before it; of the fault, when nothing was said or waited for since.</param>
    public sealed record Expect(Sight Sight, TimeSpan Within) : Instruction;
}

/// <summary>Something that can be seen from outside the responder.</summary>
public abstract record Sight
{
    private Sight() { }

    public sealed record IncidentOpen(Severity Severity, string Subsystem) : Sight;

    /// <param name="To">A name from the on-call table; null: anybody.</param>
    public sealed record Page(string? To) : Sight;

    /// <summary>All diagnostics that belong to the incident have ended, whatever they found.</summary>
    public sealed record AllEvidence : Sight;

    /// <summary>The newest run of a step has ended.</summary>
    /// <param name="Passed">Null: either way.</param>
    /// <param name="Shows">Words its output must have; null: any.</param>
    public sealed record Evidence(string Step, bool? Passed, string? Shows) : Sight;

    /// <summary>The number that a step printed in its newest run is higher than in the run before it.</summary>
    public sealed record HigherNumber(string Step) : Sight;

    public sealed record State(string Name) : Sight;

    /// <summary>No other incident is open beside the one that this is about.</summary>
    public sealed record Alone : Sight;

    /// <summary>Nobody was paged more often about this incident.</summary>
    public sealed record PagesAtMost(int Count) : Sight;

    /// <summary>An alert belongs to the incident, whether it still fires or not.</summary>
    /// <param name="Name">As the runbook writes the condition: <c>backend.up = 0 for 3s</c>.</param>
    public sealed record Alert(string Name) : Sight;

    /// <summary>A gate does not hold.</summary>
    public sealed record GateOpen(string Name) : Sight;

    /// <summary>What is advised has these words.</summary>
    public sealed record Advice(string Says) : Sight;

    /// <param name="Name">Null: every gate.</param>
    public sealed record GateHolds(string? Name) : Sight;

    /// <param name="Says">Words it must have; null: any.</param>
    public sealed record Postmortem(string? Says) : Sight;
}
