using Microsoft.Playwright;

namespace Akira.Voice.Tests.Real;

/// <summary>Pages for people to look at, in the folder that <c>AKIRA_TEST_SHOTS</c> says; none without it.</summary>
internal static class Shots
{
    public static async Task Keep(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("AKIRA_TEST_SHOTS") is not { Length: > 0 } folder)
            return;
        var file = string.Join('-', name.Split(['/', '?', '=', '&', ' '], StringSplitOptions.RemoveEmptyEntries));
        await page.ScreenshotAsync(
            new() { FullPage = true, Path = Path.Combine(folder, $"{file.ToLowerInvariant()}.png") }
        );
    }
}
