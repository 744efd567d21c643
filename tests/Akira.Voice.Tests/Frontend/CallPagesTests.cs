using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Akira.Voice.Tests.Frontend;

[Collection(nameof(ManagementApp))]
public class CallPagesTests(ManagementApp app) : PageTest(app)
{
    [Fact]
    public async Task A_call_is_found_by_its_call_id_and_tells_what_happened()
    {
        var callId = await App.Call(TimeSpan.FromMinutes(3));
        var page = await App.Open();
        await page.GotoAsync("/calls");
        await Expect(page.GetByLabel("Call-ID")).ToBeEnabledAsync();

        await page.GetByLabel("Call-ID").FillAsync(callId);
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await Expect(page.Locator(".calls-found tbody tr")).ToHaveCountAsync(1);
        await page.Locator(".calls-found tbody a").ClickAsync();

        await Expect(page.Locator("h1")).ToHaveTextAsync("+390212345678 → +4930987654321");
        await Expect(page.Locator(".call-head")).ToContainTextAsync("They talked for 1:00. The caller hung up.");
        await Expect(page.Locator(".timeline")).ToContainTextAsync("it rings (180)");
        await Expect(page.Locator(".timeline")).ToContainTextAsync("+1.200 s");
        await Expect(page.Locator(".legs")).ToContainTextAsync("carrier-1");
    }

    [Fact]
    public async Task A_number_and_its_beginning_find_its_calls()
    {
        await App.Call(TimeSpan.FromMinutes(2), src: "+41445551234");
        var page = await App.Open();

        await page.GotoAsync("/calls?number=%2B41445551234");
        await Expect(page.Locator(".calls-found tbody tr")).ToHaveCountAsync(1);
        await page.GotoAsync("/calls?number=%2B4144*");
        await Expect(page.Locator(".calls-found tbody tr")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Older_calls_are_on_further_pages_and_each_call_on_one()
    {
        var page = await App.Open();
        await page.GotoAsync("/calls");
        var first = await page.Locator(".calls-found tbody a")
            .EvaluateAllAsync<string[]>("all => all.map(a => a.href)");

        await page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Newest" })).ToBeVisibleAsync();
        var second = await page.Locator(".calls-found tbody a")
            .EvaluateAllAsync<string[]>("all => all.map(a => a.href)");

        Assert.Equal(50, first.Length);
        Assert.NotEmpty(second);
        Assert.Empty(first.Intersect(second));
    }

    [Theory]
    [InlineData("code", "abc")]
    [InlineData("code", "'; DROP TABLE cdr; --")]
    [InlineData("from", "yesterday")]
    public async Task What_cannot_be_looked_for_is_said_at_its_field(string field, string text)
    {
        var page = await App.Open();
        await page.GotoAsync($"/calls?{field}={Uri.EscapeDataString(text)}");

        await Expect(page.Locator($"#{field}-wrong")).ToBeVisibleAsync();
        await Expect(page.Locator($"#{field}")).ToHaveAttributeAsync("aria-invalid", "true");
    }

    [Theory]
    [InlineData("<img src=x onerror=document.title='owned'>")]
    [InlineData("' OR 1=1 --")]
    [InlineData("%00")]
    public async Task Hostile_words_find_nothing_and_run_nothing(string text)
    {
        var page = await App.Open();
        await page.GotoAsync($"/calls?customer={Uri.EscapeDataString(text)}&callId={Uri.EscapeDataString(text)}");

        await Expect(page.Locator("main"))
            .ToContainTextAsync(new System.Text.RegularExpressions.Regex("No call is like that|must"));
        Assert.Equal(0, await page.Locator("main img").CountAsync());
    }

    [Fact]
    public async Task Markup_in_a_callers_number_is_shown_as_it_came_and_does_nothing()
    {
        const string Hostile = "<img src=x onerror=document.title='owned'>";
        var callId = await App.Call(TimeSpan.FromMinutes(4), src: Hostile);
        var page = await App.Open();
        await page.GotoAsync($"/calls?callId={Uri.EscapeDataString(callId)}");
        await Expect(page.Locator(".calls-found tbody tr")).ToContainTextAsync(Hostile);

        await page.Locator(".calls-found tbody a").ClickAsync();

        await Expect(page.Locator("h1")).ToContainTextAsync(Hostile);
        Assert.Equal(0, await page.Locator("main img").CountAsync());
    }

    [Fact]
    public async Task A_search_with_both_ends_can_be_had_as_a_file()
    {
        var page = await App.Open();
        await page.GotoAsync("/calls?from=2026-01-01T00:00&to=2099-01-01T00:00");

        var waiting = page.WaitForDownloadAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "CSV" }).ClickAsync();
        var file = await (await waiting).PathAsync();

        var lines = await File.ReadAllLinesAsync(file);
        Assert.True(lines.Length > 200, $"{lines.Length} lines");
        Assert.Contains(lines, l => l.Contains("call-1@sip-01", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_call_that_is_not_there_is_said_to_be_none()
    {
        var page = await App.Open();
        await page.GotoAsync("/calls/000000000000");

        await Expect(page.Locator(".refused")).ToBeVisibleAsync();
    }
}
