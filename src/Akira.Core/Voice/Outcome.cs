namespace Akira.Core.Voice;

/// <summary>What became of an attempt, in the terms that ITU-T E.425 counts by.</summary>
public enum Outcome
{
    Answered,

    /// <summary>486 and 600.</summary>
    Busy,

    /// <summary>It rang and nobody took it: 480 without a network cause, and a cancel after ringing.</summary>
    RingNoAnswer,

    /// <summary>603 and 607.</summary>
    RejectedByCallee,

    /// <summary>The caller gave up within five seconds and before ringing: says nothing about the network.</summary>
    AbandonedEarly,

    /// <summary>404, 410, 484 and 604. A jump on one trunk is misrouting.</summary>
    Unallocated,

    /// <summary>Everything else.</summary>
    NetworkFailure,
}

public static class Outcomes
{
    /// <summary>A caller who cancels later than this without having heard ringing gave up on the network.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="setup">With <c>sip_code</c>, <c>t_invite</c> and <c>t_final</c>.</param>
    public static Outcome Of(CallRecord setup) => SetupKinds.Of(setup).Outcome;

    /// <summary>Whether the network did its part, whatever the people did.</summary>
    public static bool IsDelivered(this Outcome outcome) =>
        outcome is Outcome.Answered or Outcome.Busy or Outcome.RingNoAnswer or Outcome.RejectedByCallee;

    /// <summary>Whether it tells against the network: neither delivered nor given up too early to tell.</summary>
    public static bool IsFailure(this Outcome outcome) => !outcome.IsDelivered() && outcome != Outcome.AbandonedEarly;

    /// <summary>A challenge is not the end of an attempt: the same call comes again with credentials.</summary>
    public static bool IsChallenge(CallRecord setup) => setup.SipCode is 401 or 407;

    /// <summary>INVITE to the first of 180, 183 with a session description, and 200; null when none came.</summary>
    public static TimeSpan? PostDialDelay(CallRecord setup)
    {
        var first = Earlier(setup.RangAt, setup.EarlyMediaAt);
        first = Earlier(first, setup.AnsweredAt ?? (setup.SipCode is >= 200 and < 300 ? setup.FinalAt : null));
        return first - setup.InvitedAt;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => b is null || a < b ? a : b;
}
