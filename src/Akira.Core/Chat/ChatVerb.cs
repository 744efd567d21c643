using System.Collections.Immutable;

namespace Akira.Core.Chat;

/// <summary>One verb of the grammar, as <c>/help</c> and completion show it.</summary>
/// <param name="Verb">Without the slash, lower case.</param>
/// <param name="Usage">What to type.</param>
public sealed record ChatVerb(string Verb, string Usage, string What)
{
    public static ImmutableArray<ChatVerb> All { get; } =
    [
        new("ack", "ACK <name>", "take the incident"),
        new("ticket", "/ticket \"SEV1 - text\" severity:critical", "open an incident, or join the open one"),
        new("log", "/log <text>", "write into the incident log"),
        new("update", "/update <text>", "post the update that is due"),
        new("classify", "/classify <subsystem>", "say which subsystem it is"),
        new("sev", "/sev SEV2 <reason>", "raise or lower the severity"),
        new("run", "/run <step|section>", "run a step of a runbook"),
        new("confirm", "/confirm <code>", "run the step that waits"),
        new("mitigated", "/mitigated <text>", "service is restored: say how"),
        new("advice", "/advice", "how to restore service: the options in order, what speaks for each, what to run"),
        new("gates", "/gates", "what must hold before resolving"),
        new("tick", "/tick <gate> <reason>", "vouch for a gate that nothing measures"),
        new("resolve", "/resolve [override: <reason>]", "close the incident"),
        new("reopen", "/reopen <reason>", "it was not over"),
        new(
            "handover",
            "/handover <name> [for 8h]",
            "give the incident to somebody; with a time: who is primary for so long, or <name> as secondary"
        ),
        new("uncover", "/uncover <name>", "who is primary in another's place is so no longer"),
        new("silence", "/silence <what> for 2h <reason>", "no page for such alerts; SEV1 only when it is named"),
        new("silences", "/silences", "what is silenced, by whom, why, until when"),
        new("unsilence", "/unsilence <number>", "end a silence: what still fires is news"),
        new("oncall", "/oncall", "who answers now"),
        new("status", "/status", "where the incident stands"),
        new("postmortem", "/postmortem", "the post-mortem as it stands"),
        new("action", "/action <owner> - <what> - 2026-03-08", "what is to be done so that it does not happen again"),
        new("done", "/done <number>", "an action of the post-mortem is done"),
        new("started", "/started 02:55 <reason>", "when it really began, in UTC; also 2026-03-01T02:55"),
        new("drill", "/drill <reason>", "it was caused on purpose, and counts among the drills"),
        new("policy", "/policy reload", "rule this incident by the runbooks as they are now"),
        new("help", "/help", "this list"),
    ];
}
