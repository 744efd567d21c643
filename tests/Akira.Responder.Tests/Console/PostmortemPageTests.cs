using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Akira.Responder.Tests.Console;

/// <summary>The post-mortem's page in a real browser.</summary>
public sealed class PostmortemPageTests
{
    [Fact]
    public async Task It_is_written_anew_in_the_console_and_the_older_version_stays()
    {
        await using var site = await RunningResponder.Start();
        await site.Says("/ticket \"SEV1 - no calls\"");
        await using var browser = await Chromium.LogIn(site);
        var page = browser.Page;

        await page.GotoAsync("/postmortem/INC-1?view=edit");
        var text = page.GetByLabel("The post-mortem, in Markdown");
        await Expect(text).ToBeEnabledAsync();
        await text.FillAsync("# What we learnt\n\n## Action Items\n\n- [ ] anna - a second probe - 2026-03-08\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep as version 1" }).ClickAsync();

        await Expect(page.Locator("article h1")).ToHaveTextAsync("What we learnt");
        Assert.Equal("a second probe", Assert.Single(site.Desk.Find(1)!.Actions).What);
        await page.GotoAsync("/postmortem/INC-1?version=0");
        await Expect(page.Locator("article h1")).ToContainTextAsync("INC-1");
        foreach (var width in (int[])[1440, 390])
        {
            await page.SetViewportSizeAsync(width, 900);
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }
    }
}
