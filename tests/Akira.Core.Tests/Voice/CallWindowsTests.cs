using Akira.Core.Voice;

namespace Akira.Core.Tests.Voice;

public class CallWindowsTests
{
    private static readonly DateTimeOffset Noon = Calls.Noon;
    private static readonly TimeSpan Five = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(4, 5)]
    [InlineData(14, 15)]
    [InlineData(59, 60)]
    public void A_call_is_in_every_window_that_reaches_back_to_it(double minutesAgo, int smallest)
    {
        var windows = Calls.Windows(Calls.Ended(200, Noon.AddMinutes(-minutesAgo)));

        foreach (var window in CallWindows.Published)
            Assert.Equal(window.TotalMinutes >= smallest ? 1 : 0, windows.Kpis(Scope.Platform, window, Noon).Attempts);
    }

    [Fact]
    public void A_call_leaves_its_window_as_time_passes()
    {
        var windows = Calls.Windows(Calls.Ended(200));

        Assert.Equal(1, Attempts(Noon.AddMinutes(4.8)));
        Assert.Equal(0, Attempts(Noon.AddMinutes(5.2)));
        Assert.Equal(0, Attempts(Noon.AddHours(40)));

        int Attempts(DateTimeOffset now) => windows.Kpis(Scope.Platform, Five, now).Attempts;
    }

    [Fact]
    public void A_record_that_comes_twice_counts_once()
    {
        var windows = new CallWindows();
        var call = Calls.Ended(200);

        Assert.Equal(CallWindows.Counted.Now, windows.Add(call, Noon));
        Assert.Equal(CallWindows.Counted.Duplicate, windows.Add(call, Noon.AddMinutes(30)));
        Assert.Equal(1, windows.Kpis(Scope.Platform, CallWindows.Longest, Noon.AddMinutes(30)).Attempts);
    }

    [Fact]
    public void The_end_of_a_call_is_not_its_duplicate()
    {
        var setup = Calls.Ended(200);
        var end = Calls.HungUp(1) with { CallUid = setup.CallUid };

        var kpis = Calls.Kpis(setup, end);

        Assert.Equal((1, 1), (kpis.Attempts, kpis.Acd.N));
    }

    [Fact]
    public void A_late_record_counts_at_the_time_of_its_call()
    {
        var windows = Calls.Windows(Calls.Ended(200, Noon.AddMinutes(-30)));

        Assert.Equal(0, windows.Kpis(Scope.Platform, Five, Noon).Attempts);
        Assert.Equal(1, windows.Kpis(Scope.Platform, CallWindows.Longest, Noon).Attempts);
    }

    [Theory]
    [InlineData(-61)]
    [InlineData(2)]
    public void A_record_from_outside_the_hour_changes_nothing_but_its_own_count(int minutes)
    {
        var windows = Calls.Windows(Calls.Ended(200, Noon.AddMinutes(minutes)));

        Assert.Equal(0, windows.Kpis(Scope.Platform, CallWindows.Longest, Noon).Attempts);
        Assert.Equal(1, windows.OutOfTime);
    }

    [Fact]
    public void A_call_that_was_routed_onward_is_one_call_and_two_legs()
    {
        var first = Calls.Ended(503, trunk: "t1") with { IsLast = false };
        var second = Calls.Ended(200, trunk: "t2") with { IsLast = true };
        var windows = Calls.Windows(first, second);

        Assert.Equal(1, windows.Kpis(Scope.Platform, Five, Noon).Asr.Value);
        Assert.Equal(1, windows.Kpis(Scope.Customer("acme"), Five, Noon).Attempts);
        Assert.Equal(0, windows.Kpis(Scope.Trunk("t1"), Five, Noon).Asr.Value);
        Assert.Equal(1, windows.Kpis(Scope.Trunk("t2"), Five, Noon).Asr.Value);
    }

    [Fact]
    public void Every_customer_trunk_and_prefix_is_measured_by_itself() =>
        Assert.Equal(
            [Scope.Platform, Scope.Customer("acme"), Scope.Prefix("+393"), Scope.Trunk("t1")],
            Calls.Windows(Calls.Ended(200)).Scopes
        );

    [Fact]
    public void Scopes_are_bounded_and_idle_ones_make_room()
    {
        var windows = new CallWindows(maxScopes: 10);
        foreach (var i in Enumerable.Range(0, 100))
            windows.Add(Calls.Ended(200, trunk: $"t{i}"), Noon);

        Assert.Equal(10, windows.Scopes.Length);
        Assert.Equal(100, windows.Kpis(Scope.Platform, Five, Noon).Attempts);
        Assert.Equal(93, windows.Unscoped);

        var later = Noon.AddHours(2);
        windows.Add(Calls.Ended(200, later, trunk: "t99"), later);
        Assert.Contains(Scope.Trunk("t99"), windows.Scopes);
    }

    [Fact]
    public void A_ratio_of_few_calls_is_taken_over_a_wider_window()
    {
        var windows = Calls.Windows([
            .. 40.Times(() => Calls.Ended(200)),
            .. 70.Times(() => Calls.Ended(200, Noon.AddMinutes(-10))),
        ]);

        var (asr, window) = windows.Widened("asr", Scope.Platform, Five, Noon)!.Value;

        Assert.Equal((110, TimeSpan.FromMinutes(15)), (asr.N, window));
    }

    [Fact]
    public void A_ratio_of_few_calls_in_a_whole_hour_is_insufficient()
    {
        var (asr, window) = Calls
            .Windows(99.Times(() => Calls.Ended(200)))
            .Widened("asr", Scope.Platform, Five, Noon)!
            .Value;

        Assert.False(asr.IsSufficient);
        Assert.Equal(CallWindows.Longest, window);
    }

    [Fact]
    public void The_last_ten_calls_can_always_be_told()
    {
        var windows = Calls.Windows([.. 20.Times(() => Calls.Ended(200)), .. 7.Times(() => Calls.Ended(503))]);

        Assert.Equal((3, 10), windows.LastSeizures(Scope.Platform, Noon));
        Assert.Equal((0, 0), windows.LastSeizures(Scope.Trunk("unknown"), Noon));
    }

    [Fact]
    public void Last_calls_of_more_than_an_hour_ago_tell_nothing_of_now()
    {
        var windows = Calls.Windows(10.Times(() => Calls.Ended(503)));

        Assert.Equal((0, 10), windows.LastSeizures(Scope.Platform, Noon.AddMinutes(59)));
        Assert.Equal((0, 0), windows.LastSeizures(Scope.Platform, Noon.AddMinutes(60)));
    }

    [Fact]
    public void A_call_is_in_progress_from_its_answer_to_its_end()
    {
        var answered = Calls.Ended(200);
        var windows = Calls.Windows(answered, Calls.Ended(486), Calls.Ended(200));
        Assert.Equal(2, windows.InProgress(Scope.Platform, Noon));

        var end = Calls.HungUp(1, Noon.AddMinutes(1)) with { CallUid = answered.CallUid };
        windows.Add(end, Noon.AddMinutes(1));
        windows.Add(end, Noon.AddMinutes(1));

        Assert.Equal(1, windows.InProgress(Scope.Platform, Noon.AddMinutes(1)));
        Assert.Equal(1, windows.InProgress(Scope.Trunk("t1"), Noon.AddMinutes(1)));
    }

    [Fact]
    public void The_end_of_a_call_whose_answer_was_not_seen_changes_no_count_of_calls_in_progress() =>
        Assert.Equal(0, Calls.Windows(Calls.HungUp(60)).InProgress(Scope.Platform, Noon));

    [Fact]
    public void A_call_whose_end_was_lost_is_let_go_after_four_hours()
    {
        var windows = Calls.Windows(Calls.Ended(200));

        Assert.Equal(1, windows.InProgress(Scope.Platform, Noon.AddHours(3)));
        Assert.Equal(0, windows.InProgress(Scope.Platform, Noon.AddHours(4)));
    }

    [Fact]
    public void Whatever_the_order_of_arrival_the_figures_are_the_same()
    {
        var random = new Random(7);
        var records = Enumerable
            .Range(0, 3000)
            .Select(_ => Calls.Ended(random.Next(3) == 0 ? 503 : 200, Noon.AddSeconds(-random.Next(3600)), ring: 1))
            .ToList();
        var inOrder = Calls.Windows(records.OrderBy(r => r.At));
        var mixed = Calls.Windows(records);

        foreach (var window in new[] { 1, 3, 5, 6, 7, 15, 30, 60 }.Select(m => TimeSpan.FromMinutes(m)))
            Assert.Equal(inOrder.Kpis(Scope.Platform, window, Noon), mixed.Kpis(Scope.Platform, window, Noon));
    }

    [Fact]
    public void A_minute_is_told_again_with_all_it_has_when_a_late_record_changes_it()
    {
        var windows = Calls.Windows(Calls.Ended(200, Noon.AddMinutes(-30)), Calls.Ended(200));
        var platform = windows.TakeChanged().Where(c => c.Scope == Scope.Platform).ToList();
        Assert.Equal([Noon, Noon.AddMinutes(-30)], platform.Select(c => c.Minute));
        Assert.Empty(windows.TakeChanged());

        windows.Add(Calls.Ended(503, Noon.AddMinutes(-30)), Noon);

        var late = Assert.Single(windows.TakeChanged(), c => c.Scope == Scope.Platform);
        Assert.Equal((Noon.AddMinutes(-30), 2), (late.Minute, late.Tally.Attempts));
    }

    [Theory]
    [InlineData("+393331234567", "+393")]
    [InlineData("00390212345678", "+390")]
    [InlineData("+12125550123", "+12")]
    [InlineData("+35312345678", "+3531")]
    [InlineData("0212345678", "national")]
    [InlineData("alice", "other")]
    [InlineData("+39", "other")]
    [InlineData(null, null)]
    public void Destinations_are_grouped_by_country_code_and_one_digit(string? destination, string? prefix) =>
        Assert.Equal(prefix, DestinationPrefix.Of(destination));
}
