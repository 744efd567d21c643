namespace Akira.Core.Voice;

/// <summary>
/// The finest division of setups that any figure needs: each attempt is of one kind, so that counting it is one
/// addition, and every figure is a sum of kinds. Stored in the history: never renumber.
/// </summary>
internal enum SetupKind : byte
{
    /// <summary>2xx.</summary>
    Answered,

    /// <summary>486 and 600.</summary>
    Busy,

    /// <summary>480, and no network cause.</summary>
    Unavailable,

    /// <summary>487 after it rang.</summary>
    CancelledRinging,

    /// <summary>603.</summary>
    Declined,

    /// <summary>607.</summary>
    Unwanted,

    /// <summary>487 in silence, soon.</summary>
    AbandonedEarly,

    /// <summary>404, 410, 484 and 604.</summary>
    Unallocated,

    /// <summary>480 for a network cause.</summary>
    Congested,

    /// <summary>3xx.</summary>
    Redirected,

    /// <summary>408, 500, 503 and 504: RFC 6076's ineffective attempts.</summary>
    Ineffective,

    /// <summary>All others, and a 487 in silence after waiting long enough.</summary>
    OtherFailure,
}

internal static class SetupKinds
{
    public const int Count = (int)SetupKind.OtherFailure + 1;

    private static readonly SetupKind[] ByCode = [.. Enumerable.Range(200, 500).Select(OfCode)];

    public static SetupKind Of(CallRecord setup) =>
        setup.SipCode switch
        {
            // No circuit, out of order, temporary failure, congestion: 480 is also how a gateway translates these.
            480 => setup.Q850 is 31 or 34 or 38 or 41 or 42 ? SetupKind.Congested : SetupKind.Unavailable,
            487 when setup.RangAt is not null || setup.EarlyMediaAt is not null => SetupKind.CancelledRinging,
            487 when setup.FinalAt - setup.InvitedAt < Outcomes.Patience => SetupKind.AbandonedEarly,
            >= 200 and < 700 and var code => ByCode[code - 200],
            _ => SetupKind.OtherFailure,
        };

    extension(SetupKind kind)
    {
        public Outcome Outcome =>
            kind switch
            {
                SetupKind.Answered => Outcome.Answered,
                SetupKind.Busy => Outcome.Busy,
                SetupKind.Unavailable or SetupKind.CancelledRinging => Outcome.RingNoAnswer,
                SetupKind.Declined or SetupKind.Unwanted => Outcome.RejectedByCallee,
                SetupKind.AbandonedEarly => Outcome.AbandonedEarly,
                SetupKind.Unallocated => Outcome.Unallocated,
                _ => Outcome.NetworkFailure,
            };

        /// <summary>RFC 6076, 4.7: answered, 480, 486, 600 or 603, whatever the cause of a 480 was.</summary>
        public bool IsEffective =>
            kind
                is SetupKind.Answered
                    or SetupKind.Busy
                    or SetupKind.Unavailable
                    or SetupKind.Congested
                    or SetupKind.Declined;
    }

    private static SetupKind OfCode(int code) =>
        code switch
        {
            < 300 => SetupKind.Answered,
            < 400 => SetupKind.Redirected,
            486 or 600 => SetupKind.Busy,
            603 => SetupKind.Declined,
            607 => SetupKind.Unwanted,
            404 or 410 or 484 or 604 => SetupKind.Unallocated,
            408 or 500 or 503 or 504 => SetupKind.Ineffective,
            _ => SetupKind.OtherFailure,
        };
}
