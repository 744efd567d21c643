using System.Globalization;
using static Microsoft.Playwright.Assertions;

namespace Akira.Voice.Tests.Frontend;

[Collection(nameof(ManagementApp))]
public class TrafficPageTests(ManagementApp app) : PageTest(app)
{
    [Fact]
    public async Task A_call_that_begins_is_on_the_page_without_a_reload()
    {
        var page = await App.Open();
        await page.GotoAsync("/");
        var talking = page.Locator(".talking .figure");
        await Expect(talking).ToBeVisibleAsync();
        var before = int.Parse(await talking.InnerTextAsync(), NumberStyles.Number, CultureInfo.InvariantCulture);

        await App.Call(TimeSpan.FromSeconds(4.5), hungUp: false);

        await Expect(talking).ToHaveTextAsync((before + 1).ToString("N0", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_chart_says_in_words_and_in_a_table_what_its_line_shows()
    {
        var page = await App.Open();
        await page.GotoAsync("/");

        await Expect(page.Locator("#asr-said")).ToContainTextAsync("The threshold is 90.0 %");
        await page.Locator("figure:has(#asr) summary").ClickAsync();
        await Expect(page.Locator("figure:has(#asr) tbody")).ToContainTextAsync("75.0 %");
    }

    [Fact]
    public async Task Traffic_of_a_trunk_without_calls_is_empty_and_not_broken()
    {
        var page = await App.Open();
        await page.GotoAsync("/?trunk=carrier-2");

        await Expect(page.Locator("figure:has(#asr) .figure")).ToHaveTextAsync("–");
        await Expect(page.Locator("#asr-said")).ToContainTextAsync("Nothing was measured");
    }

    [Fact]
    public async Task Without_a_responder_the_page_does_not_say_that_there_were_no_incidents()
    {
        var page = await App.Open();
        await page.GotoAsync("/");

        await Expect(page.Locator(".incidents-of-day").First).ToContainTextAsync("there may be some");
    }
}
