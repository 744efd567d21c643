using Akira.Core.Chat;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Core.Silences;
using Akira.Responder.Log;
using Akira.Responder.Silences;

namespace Akira.Responder.Incidents;

/// <summary>What opens no page for a while.</summary>
public sealed partial class Desk
{
    /// <summary>False: nothing is silenced, and nothing may come to be by the time alone.</summary>
    public bool MayBeSilenced =>
        !Board.Silencing.Standing.IsEmpty || !Board.Silencing.Alerts.IsEmpty || !Policy.Platform.Windows.IsEmpty;

    /// <summary>Sets or ends a silence. On the disk when this ends.</summary>
    /// <returns>What was decided, and what is silenced then.</returns>
    /// <exception cref="StoreFailure">Nothing was recorded.</exception>
    public Task<(SilenceDecision Decision, Silencing After)> Silence(
        Func<Silencing, Policy, DateTimeOffset, SilenceDecision> decide,
        Actor by,
        CancellationToken cancel
    ) => Ask(round => (Silence(decide, by, round), round.Board.Silencing), cancel);

    private static SilenceDecision Silence(
        Func<Silencing, Policy, DateTimeOffset, SilenceDecision> decide,
        Actor by,
        Round round
    )
    {
        Withholding.Settle(round);
        var decision = decide(round.Board.Silencing, round.Policy, round.Now);
        Withholding.Carry(round, decision, by);
        return decision;
    }

    private static Answer Silence(Utterance.Silence asked, Actor by, Round round)
    {
        var decision = Silence(
            (silencing, policy, now) =>
                SilenceDecisions.Set(
                    silencing,
                    asked.Scope,
                    asked.From is { } from ? Micros.Round(from) : null,
                    asked.For,
                    asked.Reason,
                    by,
                    policy,
                    now
                ),
            by,
            round
        );
        var answer = AnswerOf(decision);
        return answer.Refusal is null && Withholding.Unaffected(round, asked.Scope) is var firing and > 0
            ? answer with
            {
                Reply =
                    $"{answer.Reply} {(firing == 1 ? "1 such alert fires" : $"{firing} such alerts fire")} in an open incident already, which goes on.",
            }
            : answer;
    }

    private static Answer Unsilence(int number, Actor by, Round round) =>
        AnswerOf(Silence((silencing, _, _) => SilenceDecisions.End(silencing, number, by), by, round));

    private static Answer AnswerOf(SilenceDecision decision) =>
        decision.Refusal is { } refusal ? Answer.Refused(null, refusal) : Answer.Told(null, decision.Reply);
}
