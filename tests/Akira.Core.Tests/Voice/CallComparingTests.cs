using Akira.Core.Voice;

namespace Akira.Core.Tests.Voice;

public class CallComparingTests
{
    private static readonly DateTimeOffset Noon = Calls.Noon;
    private static readonly TimeSpan Five = TimeSpan.FromMinutes(5);

    [Fact]
    public void A_trunk_that_began_to_fail_is_found_with_its_response_and_with_calls_to_look_at()
    {
        var random = new Random(1);
        var calls = Hour(
            random,
            (call, isNow) =>
                isNow && call.TrunkOut == "t2"
                    ? call with
                    {
                        SipCode = 503,
                        Q850 = 41,
                        CodeOrigin = "remote",
                        RangAt = null,
                    }
                    : call
        );

        var found = CallComparing.Of(calls, "asr", Noon, Five);

        Assert.Equal("ner", found.Figure);
        Assert.Equal([("trunk", "t2"), ("code", "503/41")], found.Narrowed.Select(n => (n.Dimension, n.Value)));
        Assert.InRange(found.Excess, found.Now.Bad * 0.9, found.Now.Bad);
        Assert.Equal((0, found.Narrowed[0].Bad), (found.Now.Local, found.Now.Remote));
        Assert.Equal(3, found.Failing.Length);
        Assert.All(
            found.Failing,
            f => Assert.Equal((503, true), (f.SipCode, f.Route.EndsWith("over t2", StringComparison.Ordinal)))
        );
        Assert.Equal(200, found.Good!.SipCode);
        Assert.Equal(60, found.Shape.Length);
        Assert.True(found.Shape[^1].Bad > 10 * Math.Max(1, found.Shape[10].Bad));
    }

    [Fact]
    public void A_configuration_of_one_node_is_found_inside_the_traffic_of_all()
    {
        var random = new Random(2);
        var calls = Hour(
            random,
            (call, isNow) =>
            {
                call = call with { ConfigVersion = isNow && call.Node == "sip-2" ? "v8" : "v7" };
                return call.ConfigVersion == "v8" && random.NextDouble() < 0.6 ? call with { SipCode = 500 } : call;
            }
        );

        var found = CallComparing.Of(calls, "ner", Noon, Five);

        Assert.Contains(("config version", "v8"), found.Narrowed.Select(n => (n.Dimension, n.Value)));
        Assert.Contains("code 500", found.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void When_people_do_not_answer_it_is_not_the_network_that_is_looked_into()
    {
        var calls = Hour(new Random(3), (call, isNow) => isNow ? call with { SipCode = 480, Q850 = 19 } : call);

        var found = CallComparing.Of(calls, "asr", Noon, Five);

        Assert.Equal("asr", found.Figure);
        Assert.Equal("code", Assert.Single(found.Narrowed).Dimension);
    }

    [Fact]
    public void Callers_who_gave_up_in_silence_are_slow_calls()
    {
        var calls = Hour(
            new Random(4),
            (call, isNow) =>
                isNow && call.Destination!.StartsWith("+44", StringComparison.Ordinal)
                    ? call with
                    {
                        SipCode = 487,
                        RangAt = null,
                        FinalAt = call.InvitedAt!.Value.AddSeconds(9),
                    }
                    : call
        );

        var found = CallComparing.Of(calls, "pdd.p95", Noon, Five);

        Assert.Equal(("pdd", "+447"), (found.Figure, found.Narrowed[0].Value));
    }

    [Fact]
    public void Of_two_causes_at_once_neither_holds_most_of_it_and_both_are_named()
    {
        var random = new Random(6);
        var calls = Hour(
            random,
            (call, isNow) =>
                isNow && call.TrunkOut == "t2" && random.NextDouble() < 0.4 ? call with { SipCode = 503 }
                : isNow && call.Customer == "c3" ? call with { SipCode = 404 }
                : call
        );

        var found = CallComparing.Of(calls, "ner", Noon, Five);

        Assert.Empty(found.Narrowed);
        Assert.Equal(["c3", "t2"], found.Parts.Select(p => p.Value).Order());
        Assert.Matches(
            ", no one part most of it: .*customer c3 .*, trunk t2 |: .*trunk t2 .*, customer c3 ",
            found.Headline
        );
    }

    [Fact]
    public void What_fails_everywhere_alike_has_no_parts()
    {
        var random = new Random(7);
        var calls = Hour(
            random,
            (call, isNow) => isNow && random.NextDouble() < 0.3 ? call with { SipCode = 500 + random.Next(4) } : call
        );

        var found = CallComparing.Of(calls, "ner", Noon, Five);

        Assert.Empty(found.Parts);
        Assert.EndsWith(", everywhere alike", found.Headline);
    }

    [Fact]
    public void An_hour_in_which_nothing_changed_points_at_nothing()
    {
        var found = CallComparing.Of(Hour(new Random(5), (call, _) => call), "ner", Noon, Five);

        Assert.Empty(found.Narrowed);
        Assert.Empty(found.Parts);
    }

    [Fact]
    public void No_calls_at_all_are_said_to_be_none()
    {
        var found = CallComparing.Of([], "asr", Noon, Five);

        Assert.Equal((0, 0), (found.Now.Calls, found.Before.Calls));
        Assert.NotEmpty(found.Lines);
    }

    /// <summary>An hour at two calls a second, of which one in fifty fails.</summary>
    private static List<CallRecord> Hour(Random random, Func<CallRecord, bool, CallRecord> change) =>
        [
            .. Enumerable
                .Range(0, 7200)
                .Select(i =>
                {
                    var at = Noon.AddSeconds(-i / 2.0 - 0.1);
                    var call = Calls.Ended(
                        random.NextDouble() < 0.02 ? 503 : 200,
                        at,
                        ring: 1,
                        trunk: $"t{random.Next(1, 5)}"
                    ) with
                    {
                        CallId = $"{i}@host",
                        Customer = $"c{random.Next(10)}",
                        Destination = random.Next(3) == 0 ? "+447700900123" : "+393331234567",
                        Node = $"sip-{random.Next(1, 3)}",
                        ConfigVersion = "v7",
                    };
                    return change(call, at >= Noon - Five);
                }),
        ];
}
