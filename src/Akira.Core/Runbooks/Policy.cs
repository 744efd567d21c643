using System.Collections.Immutable;
using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Core.Runbooks.Conditions;

namespace Akira.Core.Runbooks;

/// <summary>Everything the responder obeys, read from one folder of runbooks.</summary>
/// <param name="Hash">SHA-256 over the files' names and texts, lower-case hex.</param>
/// <param name="Severities">The worst first.</param>
/// <param name="Runbooks">All files of the folder, the policy's own among them.</param>
/// <param name="Stability">How long the system must be stable before a downgrade and before resolution.</param>
/// <param name="GuardedSeverities">Those that must not be downgraded before <paramref name="Stability"/> has passed.</param>
/// <param name="ConfirmerMustDiffer">Whether the one who confirms a step must not be the one who asked for it.</param>
public sealed record Policy(
    string Hash,
    ImmutableArray<SeverityPolicy> Severities,
    ImmutableArray<string> Subsystems,
    ImmutableArray<string> Kickoff,
    ImmutableArray<RunbookLink> RunbookIndex,
    ImmutableArray<string> MitigationOrder,
    ImmutableArray<EscalationRow> Escalation,
    ImmutableArray<Gate> Gates,
    string? PostmortemTemplate,
    ImmutableArray<string> Caveats,
    TimeSpan Stability,
    ImmutableArray<Severity> GuardedSeverities,
    bool ConfirmerMustDiffer,
    ImmutableArray<Runbook> Runbooks,
    Platform Platform
)
{
    /// <summary>What a smoke test must reach; null: the runbook does not say, and its exit code alone counts.</summary>
    public SmokeBaseline? SmokeBaseline { get; init; }

    public const string Unclassified = "unclassified";

    /// <summary>The policy's own rule for a severity. A severity it does not know is ruled by the mildest it has.</summary>
    public SeverityPolicy For(Severity severity) =>
        Severities.FirstOrDefault(s => s.Severity == severity) ?? Severities[^1];

    /// <summary>The worst one: what nobody wakes up to by mistake, and nobody silences by mistake.</summary>
    public Severity Worst => Severities[0].Severity;

    /// <summary>Those of the kickoff procedure, of the services, and what alerts have that name none.</summary>
    public ImmutableArray<string> AllSubsystems =>
        [
            .. Subsystems
                .Concat(Platform.Services.Select(s => SubsystemNamed(s.Subsystem)))
                .Append(Unclassified)
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];

    public bool Knows(Severity severity) => Severities.Any(s => s.Severity == severity);

    /// <summary>The subsystem as the policy writes it, or the words as given: <c>cdr-pipeline</c> is <c>CDR pipeline</c>.</summary>
    public string SubsystemNamed(string words)
    {
        if (Subsystems.Contains(words))
            return words;
        return Subsystems.FirstOrDefault(s => AreSame(s, words)) ?? words.Trim();
    }

    /// <summary>Subsystems are compared by their letters and digits alone.</summary>
    public static bool AreSame(string one, string other) => Key(one) == Key(other);

    /// <summary>Every step of every runbook.</summary>
    public IEnumerable<Step> Steps => Runbooks.SelectMany(r => r.Steps);

    public Step? Step(string name) =>
        Steps.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string Key(string words) => string.Concat(words.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}

/// <summary>What is normal: <c>ASR at least 95% and PDD p95 below 2s</c>.</summary>
/// <param name="Asr">From 0 to 1; as much, or more.</param>
/// <param name="PddP95">Less than this.</param>
public sealed record SmokeBaseline(double Asr, TimeSpan PddP95)
{
    public override string ToString() =>
        $"ASR of {SampleUnits.Format("asr", Asr)} or more, PDD p95 below {SampleUnits.Format(PddP95)}";
}

/// <param name="Pages">Whether its line under <c>Communication:</c> asks for somebody to be told at once.</param>
/// <param name="AlsoPages">Names after <c>plus</c> in that line.</param>
/// <param name="UpdateEvery">Null: no cadence.</param>
public sealed record SeverityPolicy(
    Severity Severity,
    string Name,
    string Definition,
    TimeSpan AckTarget,
    string Communication,
    bool Pages,
    ImmutableArray<string> AlsoPages,
    TimeSpan? UpdateEvery,
    ImmutableArray<Condition> OpensWhen
);

/// <param name="Target"><c>dr.md#postgresql-primary-failover</c>.</param>
public sealed record RunbookLink(string When, string Target);

public sealed record EscalationRow(TimeSpan Elapsed, ImmutableSortedDictionary<Severity, EscalationAction> Actions);

/// <param name="Text">The cell as written.</param>
/// <param name="Pages">Names and roles; empty: the cell only reminds.</param>
/// <param name="Reminders">The clauses that page nobody; of a cell that only reminds, all of it.</param>
public sealed record EscalationAction(
    string Text,
    ImmutableArray<string> Pages,
    EscalationUnless Unless,
    ImmutableArray<string> Reminders
);

public enum EscalationUnless
{
    Never,
    Mitigated,
    Acknowledged,
}

/// <summary>What must hold before <c>/resolve</c>.</summary>
/// <param name="Name">Short, for <c>/tick</c>: <c>symptom</c>, <c>smoke</c>, <c>cdr</c>, <c>stable</c>, <c>timestamps</c>, or made from the words.</param>
/// <param name="Text">The bullet as written.</param>
/// <param name="For">Of a <see cref="GateKind.Stable"/> gate.</param>
/// <param name="Timestamps">Of a <see cref="GateKind.Timestamps"/> gate: detection, ack, mitigation, resolution.</param>
public sealed record Gate(string Name, string Text, GateKind Kind, TimeSpan? For, ImmutableArray<string> Timestamps);

public enum GateKind
{
    /// <summary>Words that bind to no evidence: ticked by name, with a reason.</summary>
    Manual,
    Symptom,
    Smoke,
    CdrMonotonic,
    Stable,
    Timestamps,
}
