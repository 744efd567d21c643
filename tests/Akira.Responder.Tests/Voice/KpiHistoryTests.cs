using Akira.Core.Voice;
using Akira.Responder.Voice;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Responder.Tests.Voice;

public sealed class KpiHistoryTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("akira-history-").FullName;

    [Fact]
    public void Minutes_are_read_back_and_a_later_word_about_one_replaces_it()
    {
        using var history = Open();
        var windows = new CallWindows();
        Count(windows, 3, Noon);
        history.Keep(windows.TakeChanged(), Noon);
        Count(windows, 2, Noon.AddSeconds(30));
        history.Keep(windows.TakeChanged(), Noon);
        history.Keep(windows.TakeChanged(), Noon);

        var (at, minute) = Assert.Single(history.Read(Scope.Trunk("t1"), Noon.AddHours(-1), Noon.AddHours(1)));

        Assert.Equal((Noon, 5), (at, minute.Counts.Attempts));
    }

    [Fact]
    public void A_page_that_is_drawn_while_the_responder_stops_finds_no_calls()
    {
        var history = Open();
        history.Dispose();
        Assert.Empty(history.Read(Scope.Platform, Noon.AddHours(-1), Noon));
        Assert.Null(history.Usual(Scope.Platform, Noon));
    }

    [Fact]
    public void What_is_older_than_ninety_days_is_dropped()
    {
        using var history = Open();
        foreach (var days in new[] { 91, 89 })
        {
            var windows = new CallWindows();
            Count(windows, 1, Noon.AddDays(-days));
            history.Keep(windows.TakeChanged(), Noon.AddDays(-days));
        }
        history.Keep([], Noon);

        var (at, _) = Assert.Single(history.Read(Scope.Platform, Noon.AddDays(-100), Noon));
        Assert.Equal(Noon.AddDays(-89), at);
    }

    [Fact]
    public void A_minute_of_a_busy_scope_takes_less_than_fifty_bytes_on_disk()
    {
        using (var history = Open())
            for (var hour = 0; hour < 24; hour++)
            {
                var windows = new CallWindows();
                for (var minute = 0; minute < 60; minute++)
                    Count(windows, 30, Noon.AddHours(hour).AddMinutes(minute));
                history.Keep(windows.TakeChanged(), Noon);
            }

        var bytes = Directory.EnumerateFiles(_folder).Sum(f => new FileInfo(f).Length);
        const int minutes = 2 * 24 * 60; // of the platform and of its trunk
        TestContext.Current.TestOutputHelper?.WriteLine($"{(double)bytes / minutes:0.0} bytes a minute");
        Assert.InRange(bytes / minutes, 1, 50);
    }

    [Fact]
    public void The_usual_of_an_hour_comes_from_the_same_hour_of_earlier_weeks()
    {
        using var history = Open();
        for (var week = 1; week <= 3; week++)
        {
            var windows = new CallWindows();
            Count(windows, 60 * week, Noon.AddDays(-7 * week));
            Count(windows, 7, Noon.AddDays(-7 * week).AddHours(1));
            history.Keep(windows.TakeChanged(), Noon);
        }

        Assert.Equal(2, history.Usual(Scope.Platform, Noon.AddMinutes(20))!.AttemptsAMinute);
        Assert.Null(history.Usual(Scope.Platform, Noon.AddHours(5)));
    }

    [Fact]
    public async Task A_responder_that_starts_again_counts_the_last_hour_anew_and_nothing_twice()
    {
        var time = new FakeTimeProvider(Noon);
        var now = time.GetUtcNow();
        var lines = Lines(130, now.AddMinutes(-3)) + Lines(20, now.AddMinutes(-50));
        var first = await RunningResponder.Start(time: time);
        (await first.Post("/api/calls", lines, "application/x-ndjson")).EnsureSuccessStatusCode();
        Keeper(first).Keep();
        var folder = await first.Stop();

        await using var second = await RunningResponder.Start(folder: folder, time: time);
        await Until(async () => await Attempts(second, 3) == 150);
        (await second.Post("/api/calls", lines, "application/x-ndjson")).EnsureSuccessStatusCode();
        Keeper(second).Keep();

        Assert.Equal((130, 150), (await Attempts(second, 1), await Attempts(second, 3)));
        var history = second.App.Services.GetRequiredService<KpiHistory>();
        Assert.Equal(
            150,
            history.Read(Scope.Platform, now.AddHours(-2), now.AddHours(1)).Sum(m => m.Minute.Counts.Attempts)
        );
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private KpiHistory Open() => new(Path.Combine(_folder, "kpis.db"));

    private static KpiKeeper Keeper(RunningResponder responder) =>
        responder.App.Services.GetServices<IHostedService>().OfType<KpiKeeper>().Single();

    private static async Task<int> Attempts(RunningResponder responder, int window) =>
        (await responder.Get("/api/kpis?kind=platform"))["scopes"]![0]!["windows"]![window]![
            "attempts"
        ]!.GetValue<int>();

    private static async Task Until(Func<Task<bool>> holds)
    {
        for (var tries = 0; tries < 500; tries++)
        {
            if (await holds())
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        Assert.Fail("waited 5 s");
    }

    private static void Count(CallWindows windows, int calls, DateTimeOffset at)
    {
        foreach (var record in CallRecords.Read(System.Text.Encoding.UTF8.GetBytes(Lines(calls, at))).Records)
            windows.Add(record, at);
    }

    private static int number;

    private static string Lines(int count, DateTimeOffset at) =>
        System.Text.Encoding.UTF8.GetString(
            CallRecords.Write(
                Enumerable
                    .Range(0, count)
                    .Select(_ => new CallRecord
                    {
                        Version = 1,
                        Type = CallRecordType.Setup,
                        CallUid = $"history-{Interlocked.Increment(ref number)}",
                        InvitedAt = at.AddSeconds(-1),
                        FinalAt = at,
                        SipCode = 200,
                        TrunkOut = "t1",
                    })
            )
        );
}
