using Microsoft.Playwright;

namespace Akira.Responder.Tests.Console;

/// <summary>Debian's browser, with the console open in it and somebody logged in.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser, IPage page) =>
        (_playwright, _browser, Page) = (playwright, browser, page);

    public IPage Page { get; }

    public static async Task<Chromium> LogIn(RunningResponder site, int width = 1280, int height = 720)
    {
        Assert.True(File.Exists(Program), "The browser is missing: sudo apt-get install chromium");
        Assertions.SetDefaultExpectTimeout(30_000); // a limit for a busy machine, not a speed
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Program, Args = ["--no-sandbox", "--disable-gpu", "--disable-quic"] }
        );
        var page = await browser.NewPageAsync(
            new()
            {
                BaseURL = site.App.Urls.First(),
                ViewportSize = new() { Width = width, Height = height },
            }
        );
        await page.GotoAsync(site.LoginLink);
        return new(playwright, browser, page);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
