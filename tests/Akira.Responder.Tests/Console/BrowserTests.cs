using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Akira.Responder.Tests.Console;

/// <summary>The console in a real browser, on a real port.</summary>
public sealed class BrowserTests : IAsyncLifetime
{
    private const string Runbook =
        RunningResponder.PolicyText
        + """

            - Customers were told.

            ## Common Scenarios

            ### Kamailio Down

            Recover:

            ```sh { name=kamailio-restart }
            systemctl restart kamailio
            ```
            """;

    private RunningResponder site = null!;
    private Chromium browser = null!;
    private IPage page = null!;

    public async ValueTask InitializeAsync()
    {
        site = await RunningResponder.Start(policy: Runbook);
        browser = await Chromium.LogIn(site);
        page = browser.Page;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        if (site is not null)
            await site.DisposeAsync();
    }

    [Fact]
    public async Task An_acknowledgement_typed_in_the_room_changes_its_state_without_a_reload()
    {
        await site.Says("/ticket \"SEV1 - no calls on sip-01\" severity:critical");
        await OpenRoom();
        await Expect(page.Locator(".room-header .state")).ToHaveTextAsync("open");

        await Send("ACK anna");

        await Expect(page.Locator(".room-header .state")).ToHaveTextAsync("acknowledged");
        await Expect(page.Locator(".room-header .clock")).ToContainTextAsync("held by anna");
        await Expect(page.Locator(".log .line").First).ToContainTextAsync("anna acknowledged");
    }

    [Fact]
    public async Task What_others_write_appears_while_one_watches()
    {
        await site.Says("/ticket \"SEV2 - slow ringing\"");
        await OpenRoom();

        await site.Says("the trunk is slow", incident: 1);

        await Expect(page.Locator(".log .line").First).ToContainTextAsync("the trunk is slow");
        await Expect(page.Locator(".log .line").First.Locator(".by")).ToHaveTextAsync("bruno");
    }

    [Fact]
    public async Task Resolving_too_early_is_refused_with_the_gates_that_do_not_hold()
    {
        await site.Says("/ticket \"SEV1 - no calls\"");
        await OpenRoom();

        await page.GetByRole(AriaRole.Button, new() { Name = "Resolve" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        await Expect(page.Locator(".answer.refused .sentence")).ToContainTextAsync("cannot be resolved yet");
        await Expect(page.Locator(".answer.refused li").First).ToContainTextAsync("symptom");
        await Expect(page.Locator(".room-header .state")).ToHaveTextAsync("open");
    }

    [Fact]
    public async Task Fast_typing_and_completion_by_keyboard_lose_no_letter()
    {
        await site.Says("/ticket \"SEV1 - no calls\"");
        await OpenRoom();
        var command = page.Locator("#command");

        await command.PressSequentiallyAsync("/run kamailio-rest");
        await Expect(command).ToHaveValueAsync("/run kamailio-rest");
        await Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync("kamailio-restart");
        await command.PressAsync("Tab");

        await Expect(command).ToHaveValueAsync("/run kamailio-restart");
    }

    [Fact]
    public async Task A_hostile_title_runs_nothing()
    {
        await site.Says("/ticket \"SEV1 - <img src=x onerror=document.title='owned'>\"");
        await OpenRoom();

        await Expect(page.Locator("h1")).ToHaveTextAsync("<img src=x onerror=document.title='owned'>");
        Assert.Equal(0, await page.Locator("main img").CountAsync());
    }

    [Fact]
    public async Task Whoever_watches_with_a_token_that_is_revoked_sees_nothing_more()
    {
        await site.Says("/ticket \"SEV1 - no calls\"");
        await OpenRoom();

        Assert.True(site.Tokens.Revoke("anna"));

        await Expect(page.Locator("h1")).ToHaveTextAsync("You are logged out", new() { Timeout = 15_000 });
        await Expect(page.Locator("#command")).ToHaveCountAsync(0);
        await Expect(page.Locator(".log")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_responder_that_is_gone_is_said_in_a_colour_that_can_be_read()
    {
        await site.Says("/ticket \"SEV1 - no calls\"");
        await OpenRoom();

        await site.App.StopAsync();

        var banner = page.Locator("#components-reconnect-modal");
        await Expect(banner).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await Expect(banner).ToContainTextAsync("does not answer");
        await Expect(banner).ToHaveCSSAsync("background-color", "rgb(27, 30, 33)");
        await Expect(banner).ToHaveCSSAsync("color", "rgb(247, 247, 245)");
    }

    [Fact]
    public async Task On_a_phone_every_button_is_in_sight()
    {
        await page.SetViewportSizeAsync(390, 844);
        await site.Says("/ticket \"SEV1 - no calls\"");
        await OpenRoom();

        foreach (var name in (string[])["Acknowledge", "Update", "Mitigated", "Resolve"])
        {
            var box = (await page.GetByRole(AriaRole.Button, new() { Name = name }).BoundingBoxAsync())!;
            Assert.InRange(box.X, 0, 390 - box.Width);
            Assert.InRange(box.Y, 0, 844 - box.Height);
        }
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task Dark_follows_the_system_and_the_toggle_is_remembered()
    {
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.GotoAsync("/");
        Assert.Equal("rgb(19, 21, 23)", await Ground());

        await page.Locator("[data-theme-toggle]").ClickAsync();
        Assert.Equal("rgb(247, 247, 245)", await Ground());
        await page.ReloadAsync();

        Assert.Equal("rgb(247, 247, 245)", await Ground());
    }

    /// <summary>A room that answers: the page is drawn before its circuit is there.</summary>
    private async Task OpenRoom()
    {
        await page.GotoAsync("/incidents/INC-1");
        await Expect(page.Locator("#command")).ToBeEnabledAsync();
    }

    private async Task Send(string line)
    {
        await page.Locator("#command").FillAsync(line);
        await page.Locator("#command").PressAsync("Enter");
    }

    private Task<string> Ground() => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
}
