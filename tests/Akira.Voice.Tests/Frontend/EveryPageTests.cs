using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Akira.Voice.Tests.Frontend;

/// <summary>What holds on every page, on a desk and on a phone, in light and in dark.</summary>
[Collection(nameof(ManagementApp))]
public class EveryPageTests(ManagementApp app) : PageTest(app)
{
    private static readonly string[] Pages =
    [
        "/login",
        "/",
        "/?minutes=1440",
        "/calls",
        "/calls?code=abc",
        "/customers",
        "/customers/nordwind",
        "/trunks",
        "/trunks/carrier-1",
        "/trunks/new",
        "/routes",
        "/routes/new",
        "/rates",
        "/rates/new",
        "/deploys",
        "/audit",
        "/accounts",
        "/no-such-page",
    ];

    [Fact]
    public async Task Everybody_can_use_it_and_nothing_scrolls_sideways()
    {
        var (member, stranger) = (await App.Open(), await App.Open(token: null));
        var errors = new List<string>();
        foreach (var page in new[] { member, stranger })
        {
            page.PageError += (_, error) => errors.Add($"{page.Url}: {error}");
            page.Console += (_, said) => errors.AddRange(said.Type is "error" ? [$"{page.Url}: {said.Text}"] : []);
        }
        foreach (var path in Pages.Append(await ACall()))
        {
            var page = path == "/login" ? stranger : member;
            await page.GotoAsync(path);
            await Expect(page.Locator("h1").First).ToBeVisibleAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle); // its circuit draws it anew
            await Screens.Look(page, path == "/" ? "traffic" : path);
        }
        Assert.DoesNotContain(errors, e => !e.Contains("/no-such-page", StringComparison.Ordinal)); // that is 404
    }

    [Fact]
    public async Task On_a_phone_the_menu_opens_and_leads_on()
    {
        var page = await App.Open(width: 390);
        await page.GotoAsync("/calls");
        await ManagementApp.UntilItCanBeTypedInto(page); // drawn anew, a menu is closed
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Trunks" })).ToBeHiddenAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Calls" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Trunks" }).ClickAsync();

        await Expect(page.Locator("h1")).ToHaveTextAsync("Trunks");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Customers" })).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Pages_answer_nobody_who_is_not_logged_in()
    {
        var page = await App.Open(token: null);
        foreach (var path in Pages)
        {
            await page.GotoAsync(path);
            await Expect(page.Locator("h1")).ToHaveTextAsync("Log in");
        }
    }

    private async Task<string> ACall()
    {
        var page = await App.Open();
        await page.GotoAsync("/calls");
        return (await page.Locator(".calls-found tbody a").First.GetAttributeAsync("href"))!;
    }
}
