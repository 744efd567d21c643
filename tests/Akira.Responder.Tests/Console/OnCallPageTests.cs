using Akira.Voice.Tests.Real;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Akira.Responder.Tests.Console;

/// <summary>The page of who is on call, in a real browser.</summary>
public sealed class OnCallPageTests
{
    private const string Table = """
        ## On-call

        | Name | Telegram | E-mail | Role |
        | --- | --- | --- | --- |
        | anna | - | - | primary |
        | bruno | - | - | secondary |
        | carla | - | - | lead |
        """;

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task The_cover_whose_End_is_pressed_is_over_and_no_other(int width)
    {
        var folder = Directory.CreateTempSubdirectory("akira-oncall-page-").FullName;
        RunningResponder.WritePolicy(Path.Combine(folder, "runbooks"), RunningResponder.PolicyText);
        await File.WriteAllTextAsync(Path.Combine(folder, "runbooks", "platform.md"), Table);
        await using var site = await RunningResponder.Start(folder: folder);
        await site.Says("/handover carla for 8h");
        var later = TimeProvider.System.GetUtcNow().AddDays(2);
        await site.Post(
            "/api/oncall/covers",
            $$"""{"name":"carla","from":"{{later:O}}","until":"{{later.AddHours(8):O}}"}"""
        );
        await using var browser = await Chromium.LogIn(site, width, 844);
        var page = browser.Page;
        await page.GotoAsync("/oncall");
        await Expect(page.Locator("#command")).ToBeEnabledAsync();
        var covers = page.Locator(
            "section",
            new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = "Covers" }) }
        );
        await Expect(covers.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Expect(page.Locator("[data-role=primary] strong")).ToHaveTextAsync("carla");
        await Shots.Keep(page, $"oncall-{width}-before");

        var second = covers.GetByRole(AriaRole.Listitem).Nth(1);
        await Expect(second).ToContainTextAsync("covers from");
        var end = second.GetByRole(AriaRole.Button, new() { Name = "End" });
        var box = (await end.BoundingBoxAsync())!;
        Assert.InRange(box.X, 0, width - box.Width);
        Assert.True(box.Height >= 24, $"a finger misses it: {box.Height} px");
        await end.ClickAsync();
        await Expect(page.Locator("#command")).ToHaveValueAsync("/uncover 2"); // written, not sent: one sees what it does
        await Expect(covers.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Shots.Keep(page, $"oncall-{width}-pressed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        await Expect(covers.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await Expect(page.Locator("[data-role=primary] strong")).ToHaveTextAsync("carla");
        await covers.GetByRole(AriaRole.Button, new() { Name = "End" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(covers).ToContainTextAsync("Nobody stands in for another");
        await Expect(page.Locator("[data-role=primary] strong")).ToHaveTextAsync("anna");
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await Shots.Keep(page, $"oncall-{width}-after");
    }
}
