using System.Reflection;
using Microsoft.AspNetCore.Builder;
using MudBlazor;

namespace Akira.Look;

/// <summary>What the responder's console and the management app have in common, as web applications.</summary>
public static class Look
{
    /// <summary>Scripts are ours alone. Styles may stand in the page: MudBlazor writes its theme there.</summary>
    private const string ContentSecurity =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
        + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Colours come from look.css, which knows light and dark before any script runs.</summary>
    public static MudTheme Theme { get; } =
        new()
        {
            LayoutProperties = new() { DefaultBorderRadius = "6px", AppbarHeight = "48px" },
            Typography = new()
            {
                Default = new DefaultTypography { FontFamily = ["system-ui", "sans-serif"] },
                Button = new ButtonTypography
                {
                    TextTransform = "none",
                    FontWeight = "600",
                    LetterSpacing = "0",
                },
            },
        };

    /// <summary>
    /// Scripts and styles are listed under the name of the program that we are part of; one without such a list has
    /// those of the library that asks beside it.
    /// </summary>
    /// <param name="library">The assembly that has the pages.</param>
    public static string NameOfHost(Assembly library)
    {
        var program = Assembly.GetEntryAssembly()?.GetName().Name;
        var list = Path.Combine(AppContext.BaseDirectory, $"{program}.staticwebassets.endpoints.json");
        return program is not null && File.Exists(list) ? program : library.GetName().Name!;
    }

    /// <summary>No page of ours runs another's script, or stands in another's frame.</summary>
    public static void UseContentSecurity(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                context.Response.Headers.ContentSecurityPolicy = ContentSecurity;
                context.Response.Headers.XContentTypeOptions = "nosniff";
                context.Response.Headers["Referrer-Policy"] = "same-origin";
                return next();
            }
        );
}
