namespace Akira.Voice.Management;

/// <summary>An attempt, as the search lists it. Times are UTC.</summary>
/// <param name="Uid"><c>call_uid</c>: the address of the call's own page.</param>
/// <param name="Trunk">The trunk out; null: refused before one was chosen.</param>
/// <param name="Code">SIP's final response, 200 to 699.</param>
/// <param name="Pdd">Post-dial delay, seconds; null: it never rang.</param>
/// <param name="Talk">Seconds from answer to hang-up; null: not answered, or still talking.</param>
public sealed record Call(
    string Uid,
    DateTimeOffset At,
    string? CallId,
    string? Src,
    string? Dst,
    string? Customer,
    string? Trunk,
    int? Code,
    string? Origin,
    double? Pdd,
    DateTimeOffset? AnsweredAt,
    DateTimeOffset? EndedAt,
    double? Talk,
    string? DisconnectBy
);

/// <summary>All that is known of a call.</summary>
/// <param name="InProgress">Answered, and no hang-up has come.</param>
/// <param name="Charge">Rate by talk, in <see cref="Currency"/>; null when it cannot be known.</param>
/// <param name="Legs">Every attempt with this Call-ID and From-tag, in order.</param>
/// <param name="Timeline">Of all legs, by time.</param>
public sealed record CallPage(
    string Uid,
    string? CallId,
    string? FromTag,
    string? ToTag,
    string? Node,
    string? Src,
    string? Dst,
    string? Customer,
    string? TrunkIn,
    string? ConfigVersion,
    bool InProgress,
    decimal? Rate,
    string? Currency,
    decimal? Charge,
    Leg[] Legs,
    Moment[] Timeline
);

/// <param name="Outcome">In E.425's terms: <c>answered</c>, <c>busy</c>, <c>ringNoAnswer</c>, <c>rejectedByCallee</c>,
/// <c>abandonedEarly</c>, <c>unallocated</c>, <c>networkFailure</c>.</param>
/// <param name="Origin">Who made the final response: <c>local</c> or <c>remote</c>.</param>
/// <param name="DisconnectBy"><c>caller</c>, <c>callee</c>, <c>platform</c> or <c>timeout</c>.</param>
public sealed record Leg(
    string Uid,
    int Number,
    int Attempt,
    bool IsLast,
    string? Trunk,
    int? Code,
    int? Q850,
    string? Origin,
    string? Outcome,
    string? DisconnectBy,
    double? Pdd,
    double? Talk
);

/// <param name="What"><c>invite</c>, <c>ring</c>, <c>early-media</c>, <c>answer</c>, <c>final</c> or <c>end</c>.</param>
public sealed record Moment(DateTimeOffset At, string What, int Leg, int Attempt);

/// <summary>The figures of the last minutes, from the call records in the database.</summary>
/// <param name="At">When this was computed.</param>
/// <param name="NewestRecord">When the newest call record was emitted; null: there is none.</param>
/// <param name="InProgress">Calls that were answered in the last hour and have not ended.</param>
/// <param name="Minutes">One for each minute, the oldest first, empty ones too; the last one is not over yet.</param>
/// <param name="Thresholds">What the runbook opens an incident by.</param>
public sealed record Traffic(
    DateTimeOffset At,
    DateTimeOffset? NewestRecord,
    int InProgress,
    TrafficMinute[] Minutes,
    Threshold[] Thresholds
);

/// <param name="Asr">Ratio, 0 to 1; null without seizures. Definitions: docs/voice-kpis.md.</param>
/// <param name="PddP95">Seconds; null when nothing rang.</param>
/// <param name="Acd">Seconds, of the calls that ended in this minute; null when none did.</param>
public sealed record TrafficMinute(
    DateTimeOffset At,
    int Attempts,
    int Seizures,
    int Answered,
    double? Asr,
    double? Ner,
    double? PddP50,
    double? PddP95,
    double? Acd
);

/// <param name="Kpi"><c>asr</c> or <c>pddP95</c>.</param>
/// <param name="Below">An incident opens below it; null: above <see cref="Above"/>.</param>
public sealed record Threshold(string Kpi, double? Below, double? Above, string Severity);
