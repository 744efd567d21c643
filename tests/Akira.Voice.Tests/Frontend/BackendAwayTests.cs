using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Akira.Voice.Tests.Frontend;

/// <summary>Nothing the pages need may be there; they say so, and go on when it is.</summary>
[Collection(nameof(ManagementApp))]
public class BackendAwayTests(ManagementApp app) : PageTest(app)
{
    [Fact]
    public async Task What_was_seen_stays_while_the_backend_is_away_and_goes_on_by_itself()
    {
        var page = await App.Open();
        await page.GotoAsync("/");
        await Expect(page.Locator(".talking .figure")).ToBeVisibleAsync();
        await page.EvaluateAsync("window.sameDocument = true");

        await App.StopBackend();
        try
        {
            await Expect(page.Locator(".away")).ToBeVisibleAsync();
            await Expect(page.Locator(".away")).ToContainTextAsync("The backend does not answer.");
            await Screens.Look(page, "away");
            await Expect(page.Locator(".talking .figure")).ToBeVisibleAsync();
        }
        finally
        {
            await App.StartBackend();
        }

        await Expect(page.Locator(".away")).ToBeHiddenAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument"));
    }

    [Fact]
    public async Task Who_comes_while_the_backend_is_away_is_told_and_let_in_when_it_is_back()
    {
        var page = await App.Open(await App.TokenOf("the-viewer"));
        await App.StopBackend();
        try
        {
            await page.GotoAsync("/trunks");
            await Expect(page.Locator("h1")).ToHaveTextAsync("The backend does not answer");
            await Screens.Look(page, "comes while away");
            var stranger = await App.Open(token: null);
            await stranger.GotoAsync("/login");
            await Expect(stranger.Locator(".said")).ToContainTextAsync("Try again in a moment");
            await Screens.Look(stranger, "log-in while away");
        }
        finally
        {
            await App.StartBackend();
        }

        await Expect(page.Locator(".list")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_was_typed_outlives_a_backend_that_is_away_when_it_is_saved()
    {
        var page = await App.Open();
        await page.GotoAsync("/customers/nordwind");
        await ManagementApp.UntilItCanBeTypedInto(page);
        await page.GetByLabel("Note").FillAsync("calls us back on Mondays");

        await App.StopBackend();
        try
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
            await Expect(page.Locator("form .wrong")).ToContainTextAsync("Nothing was saved");
            await Expect(page.GetByLabel("Note")).ToHaveValueAsync("calls us back on Mondays");
        }
        finally
        {
            await App.StartBackend();
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator(".go [role=status]")).ToHaveTextAsync("Saved.");
    }

    [Fact]
    public async Task A_database_that_is_away_is_named_and_nothing_is_left_of_it_when_it_is_back()
    {
        var page = await App.Open();
        await page.GotoAsync("/customers");
        await Expect(page.Locator(".list")).ToBeVisibleAsync();

        await App.CrashDatabase();
        try
        {
            await Expect(page.Locator(".away")).ToBeVisibleAsync();
            await Expect(page.Locator(".away")).ToContainTextAsync("database");
            await Expect(page.Locator(".list")).ToBeVisibleAsync();
            Assert.DoesNotContain("Exception", await page.ContentAsync(), StringComparison.Ordinal);
        }
        finally
        {
            await App.StartDatabase();
        }

        await Expect(page.Locator(".away")).ToBeHiddenAsync();
    }
}
