using Akira.Voice.Tests.Real;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Akira.Voice.Tests.Frontend;

/// <summary>A page as people have it: on a desk and on a phone, in light and in dark.</summary>
internal static class Screens
{
    private static readonly AxeRunOptions AllRules = new() { ResultTypes = [ResultType.Violations] };

    /// <summary>Light and dark have the same words in the same places.</summary>
    private static readonly AxeRunOptions Colours = new()
    {
        ResultTypes = [ResultType.Violations],
        RunOnly = RunOnlyOptions.Rules("color-contrast", "link-in-text-block"),
    };

    private static readonly (int Width, int Height, ColorScheme Scheme, AxeRunOptions Rules)[] All =
    [
        (1440, 900, ColorScheme.Light, AllRules),
        (1440, 900, ColorScheme.Dark, Colours),
        (390, 844, ColorScheme.Dark, AllRules),
        (390, 844, ColorScheme.Light, Colours),
    ];

    /// <summary>Nothing scrolls sideways, and axe-core finds nothing serious.</summary>
    public static async Task Look(IPage page, string name)
    {
        foreach (var (width, height, scheme, rules) in All)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.SetViewportSizeAsync(width, height);
            await Shots.Keep(page, $"{name}-{width}-{scheme}");
            var needed = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            Assert.True(needed <= width, $"{name} scrolls sideways: {needed} px on {width}");
            var found = (await page.RunAxe(rules)).Violations.Where(v => v.Impact is "serious" or "critical");
            Assert.Empty(found.Select(v => $"{name} {width} {scheme}: {v.Id}: {v.Help}: {v.Nodes[0].Html}"));
        }
    }
}
