using System.Net;
using Akira.Voice.Management;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Akira.Voice.Tests.Frontend;

[Collection(nameof(ManagementApp))]
public class LoginTests(ManagementApp app) : PageTest(app)
{
    [Fact]
    public async Task Whoever_logs_in_gets_to_where_they_wanted_and_out_again()
    {
        var page = await App.Open(token: null);
        await page.GotoAsync("/calls?code=503");
        await Enter(page, "the-viewer", ManagementApp.Password);

        await Expect(page.Locator("h1")).ToHaveTextAsync("Calls");
        Assert.EndsWith("/calls?code=503", page.Url, StringComparison.Ordinal);
        await Expect(page.Locator(".me")).ToHaveTextAsync("the-viewer");

        await page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Log in");
        await page.GotoAsync("/calls");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Log in");
    }

    [Fact]
    public async Task Whoever_comes_by_the_companys_log_in_gets_to_where_they_wanted_too()
    {
        var page = await App.Open(token: null);
        await page.GotoAsync("/calls?code=503");
        await page.GetByRole(AriaRole.Link, new() { Name = "Log in with Example" }).ClickAsync();

        await Expect(page.Locator("h1")).ToHaveTextAsync("Calls");
        Assert.EndsWith("/calls?code=503", page.Url, StringComparison.Ordinal);
        await Expect(page.Locator(".me")).ToHaveTextAsync("anna");
    }

    [Fact]
    public async Task A_wrong_password_is_said_calmly_and_lets_nobody_in()
    {
        var page = await App.Open(token: null);
        await page.GotoAsync("/");
        await Enter(page, "nobody", "not the password");

        await Expect(page.Locator(".said")).ToHaveTextAsync("That name and password do not fit together.");
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/")]
    public async Task A_log_in_leads_to_no_other_site(string to)
    {
        var page = await App.Open(token: null);
        await page.GotoAsync($"/login?to={Uri.EscapeDataString(to)}");
        await Enter(page, "the-viewer", ManagementApp.Password);

        await Expect(page.Locator("h1")).ToHaveTextAsync("Traffic");
        Assert.StartsWith(App.Address, page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_looks_and_changes_nothing()
    {
        var page = await App.Open(await App.TokenOf("the-viewer"));
        await page.GotoAsync("/trunks/carrier-1");
        await Expect(page.Locator(".facts")).ToContainTextAsync("sip.one.example");
        await Expect(page.Locator("main form")).ToHaveCountAsync(0);

        await page.GotoAsync("/trunks");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "New trunk" })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Audit", Exact = true })).ToHaveCountAsync(0);
        await page.GotoAsync("/audit");
        await Expect(page.Locator(".deeds")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_operator_changes_entries_and_sees_no_accounts()
    {
        var page = await App.Open(await App.TokenOf("the-operator"));
        await page.GotoAsync("/trunks/carrier-1");
        await Expect(page.GetByLabel("Host")).ToBeEnabledAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Audit", Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Accounts" })).ToHaveCountAsync(0);

        await page.GotoAsync("/accounts");
        await Expect(page.Locator("main .list")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_administrator_makes_an_account_that_can_log_in()
    {
        var page = await App.Open();
        await page.GotoAsync("/accounts");
        await ManagementApp.UntilItCanBeTypedInto(page);
        await page.GetByLabel("Name").FillAsync("newcomer");
        await page.GetByLabel("Password").FillAsync(ManagementApp.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await Expect(page.Locator(".list")).ToContainTextAsync("newcomer");

        Assert.NotEmpty(await App.TokenOf("newcomer"));
    }

    [Fact]
    public async Task Whose_session_ends_elsewhere_sees_nothing_more()
    {
        await App.Post("api/accounts", new Account("leaver", "viewer", ManagementApp.Password));
        var token = await App.TokenOf("leaver");
        var page = await App.Open(token);
        await page.GotoAsync("/trunks");
        await Expect(page.Locator(".list")).ToBeVisibleAsync();

        using var logout = new HttpRequestMessage(HttpMethod.Delete, "api/session");
        logout.Headers.Authorization = new("Bearer", token);
        using var answer = await App.Http.SendAsync(logout);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);

        await Expect(page.Locator("h1")).ToHaveTextAsync("You are logged out");
        await Expect(page.Locator(".list")).ToHaveCountAsync(0);
    }

    private static async Task Enter(IPage page, string name, string password)
    {
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in", Exact = true }).ClickAsync();
    }
}
