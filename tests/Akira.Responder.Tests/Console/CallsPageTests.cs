using Akira.Core.Voice;
using Akira.Responder.Voice;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Akira.Responder.Tests.Console;

/// <summary>The page of calls in a real browser, over an hour of records.</summary>
public sealed class CallsPageTests
{
    [Fact]
    public async Task Trunks_and_customers_that_lose_the_most_stand_first_and_a_passed_threshold_is_marked()
    {
        await using var site = await RunningResponder.Start();
        var now = TimeProvider.System.GetUtcNow();
        var intake = site.App.Services.GetRequiredService<CallIntake>();
        intake.Add([.. Enumerable.Range(0, 7200).Select(i => Call(i, now.AddSeconds(-i / 2.0), now))], now);
        site.App.Services.GetRequiredService<KpiHistory>().Keep(intake.TakeChanged(), now);
        await using var browser = await Chromium.LogIn(site);
        var page = browser.Page;

        await page.GotoAsync("/calls");

        await Expect(page.Locator("section").Nth(0).Locator("td.beyond")).ToHaveCountAsync(1);
        await Expect(page.Locator("section").Nth(1).Locator("tbody th").First).ToHaveTextAsync("carrier-2");
        await Expect(page.Locator("section").Nth(1).Locator("tbody tr").First.Locator("td").Nth(3))
            .ToHaveTextAsync("0 %");
        Assert.NotEmpty((await page.Locator("svg.hour path").First.GetAttributeAsync("d"))!);
        foreach (var (width, scheme) in new[] { (1440, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }
    }

    /// <summary>For five minutes one trunk has failed.</summary>
    private static CallRecord Call(int i, DateTimeOffset at, DateTimeOffset now) =>
        new()
        {
            Version = 1,
            Type = CallRecordType.Setup,
            CallUid = $"page-{i}",
            InvitedAt = at.AddSeconds(-4),
            RangAt = at.AddSeconds(-3 + i % 100 / 100.0),
            FinalAt = at,
            EmittedAt = at,
            SipCode =
                i % 4 == 2 && at > now.AddMinutes(-5) ? 503
                : i % 37 == 0 ? 486
                : 200,
            TrunkOut = $"carrier-{i % 4}",
            Customer = $"customer-{i % 7}",
            Destination = "+393331234567",
        };
}
