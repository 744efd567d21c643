using Akira.Core.Voice;
using Akira.Voice.Management;

namespace Akira.Voice.Backend.Calls;

/// <summary>What a call's records tell of it: its legs, and what happened when.</summary>
internal static class CallStory
{
    /// <param name="uid">The attempt that was asked for; one of these records has it.</param>
    /// <param name="records">Setups and ends of all its attempts.</param>
    public static CallPage Of(string uid, List<CallRecord> records)
    {
        var pairs = records
            .GroupBy(r => r.CallUid!)
            .Select(g =>
                (
                    Setup: g.FirstOrDefault(r => r.Type == CallRecordType.Setup),
                    End: g.FirstOrDefault(r => r.Type == CallRecordType.End)
                )
            )
            .OrderBy(p => (p.Setup ?? p.End)!.InvitedAt)
            .ThenBy(p => (p.Setup ?? p.End)!.Attempt)
            .ToList();
        var shown = pairs.First(p => (p.Setup ?? p.End)!.CallUid == uid);
        var one = (shown.Setup ?? shown.End)!;
        var end = pairs.Select(p => p.End).LastOrDefault(e => e is not null);
        var isAnswered = pairs.Any(p => p.Setup?.SipCode is >= 200 and < 300);
        var talk = CallSearch.Seconds(end?.EndedAt - end?.AnsweredAt);
        var rate = end?.Rate ?? one.Rate;
        return new(
            uid,
            one.CallId,
            one.FromTag,
            one.ToTag,
            one.Node,
            one.Source,
            one.Destination,
            one.Customer,
            one.TrunkIn,
            one.ConfigVersion,
            isAnswered && end is null,
            rate,
            end?.Currency ?? one.Currency,
            rate is { } perMinute && talk is { } seconds ? Math.Round(perMinute * (decimal)seconds / 60, 6) : null,
            [.. pairs.Select(p => LegOf(p.Setup, p.End))],
            [.. pairs.SelectMany(p => MomentsOf(p.Setup, p.End)).OrderBy(m => m.At)]
        );
    }

    private static Leg LegOf(CallRecord? setup, CallRecord? end)
    {
        var one = (setup ?? end)!;
        var outcome = setup is null ? null : Outcomes.Of(setup).ToString();
        return new(
            one.CallUid!,
            one.Leg ?? 0,
            one.Attempt ?? 1,
            one.IsLast is not false,
            one.TrunkOut,
            setup?.SipCode ?? end?.SipCode,
            setup?.Q850,
            setup?.CodeOrigin,
            outcome is null ? null : char.ToLowerInvariant(outcome[0]) + outcome[1..],
            end?.DisconnectBy,
            setup is null ? null : CallSearch.Seconds(Outcomes.PostDialDelay(setup)),
            CallSearch.Seconds(end?.EndedAt - end?.AnsweredAt)
        );
    }

    private static IEnumerable<Moment> MomentsOf(CallRecord? setup, CallRecord? end)
    {
        var one = (setup ?? end)!;
        (DateTimeOffset? At, string What)[] all =
        [
            (one.InvitedAt, "invite"),
            (setup?.RangAt, "ring"),
            (setup?.EarlyMediaAt, "early-media"),
            (setup?.AnsweredAt ?? end?.AnsweredAt, "answer"),
            (setup?.FinalAt, "final"),
            (end?.EndedAt, "end"),
        ];
        return all.Where(m => m.At is not null)
            .Select(m => new Moment(m.At!.Value, m.What, one.Leg ?? 0, one.Attempt ?? 1));
    }
}
