using Akira.Voice.Management;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Akira.Voice.Tests.Frontend;

[Collection(nameof(ManagementApp))]
public class RegisterPagesTests(ManagementApp app) : PageTest(app)
{
    [Fact]
    public async Task A_trunk_is_made_changed_archived_and_restored()
    {
        var page = await Ready("/trunks/new");
        await page.GetByLabel("Id").FillAsync("carrier-9");
        await page.GetByLabel("Name").FillAsync("Carrier Nine");
        await page.GetByLabel("Host").FillAsync("sip.nine.example");
        await Press(page, "Create trunk");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Carrier Nine");

        await page.Locator("#port").FillAsync("5080");
        await Press(page, "Save");
        await Expect(page.Locator(".go [role=status]")).ToHaveTextAsync("Saved.");

        await Press(page, "Archive …");
        await page.GetByRole(AriaRole.Button, new() { Name = "Archive", Exact = true }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Carrier Nine (archived)");
        await Press(page, "Restore");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Carrier Nine");

        await page.GotoAsync("/trunks");
        await Expect(page.Locator("tr", new() { HasText = "carrier-9" }))
            .ToContainTextAsync("udp:sip.nine.example:5080");
    }

    [Theory]
    [InlineData("trunks/carrier-1", "port", "five")]
    [InlineData("trunks/carrier-1", "port", "99999")]
    [InlineData("trunks/carrier-1", "host", "sip.one.example; rm -rf /")]
    [InlineData("customers/nordwind", "currency", "<b>EUR</b>")]
    [InlineData("customers/nordwind", "name", "<img src=x onerror=document.title='owned'>")]
    [InlineData("routes/1", "prefix", "39'; DROP TABLE route; --")]
    [InlineData("routes/1", "trunks", "carrier-none")]
    [InlineData("rates/1", "perMinute", "-0.5")]
    [InlineData("rates/1", "perMinute", "99999999999999999999999999999999")]
    public async Task What_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
        string entry,
        string field,
        string text
    )
    {
        var page = await Ready($"/{entry}");
        await page.Locator($"#{field}").FillAsync(text);
        await Press(page, "Save");

        await Expect(page.Locator($"[data-name={field}] .wrong").First).ToBeVisibleAsync();
        await Expect(page.Locator($"#{field}")).ToHaveValueAsync(text);
    }

    [Fact]
    public async Task A_route_that_would_lead_back_to_itself_is_refused_with_the_way_round()
    {
        var second = await App.Post("api/routes", new Route("", "4477", ["carrier-1"]));
        var first = await App.Post("api/routes", new Route("", "447", ["carrier-2"], Overflow: second.Id));
        var page = await Ready($"/routes/{second.Id}");

        await page.Locator("#overflow").SelectOptionAsync(first.Id);
        await Press(page, "Save");

        await Expect(page.Locator(".wrong").First).ToBeVisibleAsync();
        await Expect(page.Locator("main form")).ToContainTextAsync(first.Id);
    }

    [Fact]
    public async Task The_second_of_two_editors_is_told_who_was_first_and_sees_both()
    {
        var read = await App.Post("api/trunks", new Trunk("shared", "Shared", "sip.old.example"));
        var page = await Ready("/trunks/shared");
        await page.GetByLabel("Host").FillAsync("sip.mine.example");

        await App.Put("api/trunks/shared", read with { Host = "sip.theirs.example", Port = 5070 });
        await Press(page, "Save");

        await Expect(page.Locator(".meanwhile")).ToContainTextAsync("admin");
        await Expect(page.Locator("#host")).ToHaveValueAsync("sip.mine.example");
        await Expect(page.Locator("[data-name=host] .theirs")).ToContainTextAsync("sip.theirs.example");
        await Expect(page.Locator("#port")).ToHaveValueAsync("5070");

        await Press(page, "Save");
        await Expect(page.Locator(".go [role=status]")).ToHaveTextAsync("Saved.");
        await page.ReloadAsync();
        await Expect(page.Locator("#host")).ToHaveValueAsync("sip.mine.example");
    }

    [Fact]
    public async Task Who_chooses_the_others_words_needs_one_click()
    {
        var read = await App.Post("api/trunks", new Trunk("yielding", "Yielding", "sip.old.example"));
        var page = await Ready("/trunks/yielding");
        await page.GetByLabel("Host").FillAsync("sip.mine.example");
        await App.Put("api/trunks/yielding", read with { Host = "sip.theirs.example" });
        await Press(page, "Save");

        await Press(page, "Take theirs");

        await Expect(page.Locator("#host")).ToHaveValueAsync("sip.theirs.example");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToBeDisabledAsync();
    }

    [Fact]
    public async Task An_entry_that_is_only_looked_at_follows_what_others_do()
    {
        var read = await App.Post("api/customers", new Customer("watched", "Watched"));
        var page = await Ready("/customers/watched");

        await App.Put("api/customers/watched", read with { Name = "Renamed" });

        await Expect(page.Locator("h1")).ToHaveTextAsync("Renamed");
        await Expect(page.GetByLabel("Name")).ToHaveValueAsync("Renamed");
    }

    [Fact]
    public async Task The_audit_tells_who_changed_what_from_what()
    {
        var read = await App.Post("api/trunks", new Trunk("audited", "Audited", "sip.old.example"));
        await App.Put("api/trunks/audited", read with { Host = "sip.new.example" });
        var page = await App.Open();

        await page.GotoAsync("/audit?kind=trunk&id=audited");

        var change = page.Locator(".deeds > li").First;
        await Expect(change).ToContainTextAsync("changed trunk audited");
        await Expect(change.Locator("del")).ToHaveTextAsync("sip.old.example");
        await Expect(change.Locator("ins")).ToHaveTextAsync("sip.new.example");
    }

    [Fact]
    public async Task A_deploy_that_is_recorded_is_listed_at_once()
    {
        var page = await Ready("/deploys");
        await page.GetByLabel("Version").FillAsync("2026.12.1");
        await Press(page, "Record");

        await Expect(page.Locator(".list tbody tr").First).ToContainTextAsync("2026.12.1");
    }

    /// <summary>A page whose form can be typed into: it is drawn before its circuit is there.</summary>
    private async Task<IPage> Ready(string path)
    {
        var page = await App.Open();
        await page.GotoAsync(path);
        await ManagementApp.UntilItCanBeTypedInto(page);
        return page;
    }

    private static Task Press(IPage page, string name) =>
        page.GetByRole(AriaRole.Button, new() { Name = name }).First.ClickAsync();
}
