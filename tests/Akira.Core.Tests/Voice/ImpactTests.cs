using Akira.Core.Voice;

namespace Akira.Core.Tests.Voice;

public class ImpactTests
{
    private static readonly DateTimeOffset Noon = Calls.Noon;
    private static readonly Usual Known = new(AttemptsAMinute: 20, Asr: 0.8, Ner: 1, AcdSeconds: 120, Weeks: 4);

    [Fact]
    public void Without_any_record_nothing_is_known() =>
        Assert.Null(Impacts.Of([], Noon, Noon.AddHours(1), _ => Known));

    [Fact]
    public void Failed_calls_are_lost_and_redials_are_one_call()
    {
        // Ten callers fail, each three times within ten minutes; one of them gets through in the end.
        var calls = Enumerable
            .Range(0, 10)
            .SelectMany(caller => new[] { 1, 2, 3 }.Select(minute => Call(503, minute, caller)))
            .Append(Call(200, 4, caller: 3));

        var impact = Impacts.Of(calls, Noon, Noon.AddMinutes(10), _ => Known with { AttemptsAMinute = 0 })!;

        Assert.Equal((30, 9, 9), (impact.FailedAttempts, impact.FailedCalls, impact.Lost));
        Assert.Equal("9 measured, 0 modelled", impact.LostText);
    }

    [Fact]
    public void Failures_as_usual_are_no_loss()
    {
        var calls = Enumerable.Range(0, 1000).Select(i => Call(i % 50 == 0 ? 503 : 200, 1 + i / 100.0, i));

        var impact = Impacts.Of(calls, Noon, Noon.AddMinutes(12), _ => Known with { Ner = 0.98, AttemptsAMinute = 0 })!;

        Assert.Equal((0, 0), (impact.Lost!.Value, impact.Customers!.Value.Length));
        Assert.Equal("0", impact.CustomersText);
    }

    [Fact]
    public void Attempts_that_stayed_away_are_modelled_apart_from_those_that_failed()
    {
        var calls = Enumerable.Range(0, 100).Select(i => Call(200, 5 + i * 0.05, i));

        var impact = Impacts.Of(calls, Noon, Noon.AddMinutes(10), _ => Known)!;

        Assert.Equal("0 measured, 100 modelled", impact.LostText);
    }

    [Fact]
    public void Only_customers_whose_calls_failed_beyond_the_usual_are_affected()
    {
        var calls = Enumerable
            .Range(0, 60)
            .Select(i =>
                Call(i % 2 == 0 ? 503 : 200, 1 + i * 0.01, i) with
                {
                    Customer = i % 2 == 0 ? "acme" : "brenta",
                }
            );

        Assert.Equal(["acme"], Impacts.Of(calls, Noon, Noon.AddMinutes(10), _ => Known)!.Customers!.Value);
    }

    [Fact]
    public void Revenue_is_lost_calls_by_usual_answers_talk_time_and_rate()
    {
        var calls = Enumerable.Range(0, 100).Select(i => Call(503, 1, i) with { Rate = 0.05m, Currency = "EUR" });

        var money = Assert.Single(
            Impacts.Of(calls, Noon, Noon.AddMinutes(10), _ => Known with { AttemptsAMinute = 0 })!.Revenue!.Value
        );

        // 100 calls × 0.8 answered × 2 min × 0.05 EUR a minute
        Assert.Equal(("EUR", 8.00m, 0m), (money.Currency, money.Measured, money.Modelled));
    }

    [Fact]
    public void Without_rates_revenue_is_unknown() =>
        Assert.Equal("unknown", Impacts.Of([Call(503, 1, 1)], Noon, Noon.AddMinutes(10), _ => Known)!.RevenueText);

    [Fact]
    public void Without_history_the_hour_before_is_what_is_usual_and_the_shortfall_is_unknown()
    {
        var calls = Enumerable
            .Range(0, 200)
            .Select(i => Call(200, -30, i))
            .Concat(Enumerable.Range(0, 50).Select(i => Call(503, 1, i)));

        var impact = Impacts.Of(calls, Noon, Noon.AddMinutes(10), _ => null)!;

        Assert.Equal("50 measured, modelled unknown", impact.LostText);
        Assert.StartsWith("the hour before", impact.Basis, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_anything_to_hold_it_against_the_loss_is_unknown() =>
        Assert.Equal("unknown", Impacts.Of([Call(503, 1, 1)], Noon, Noon.AddMinutes(10), _ => null)!.LostText);

    private static CallRecord Call(int code, double minute, int caller) =>
        Calls.Ended(code, Noon.AddMinutes(minute)) with
        {
            Source = $"+39055{caller}",
            Destination = "+393331234567",
        };
}
