using Microsoft.AspNetCore.Http;

namespace Akira.Voice.Frontend.Access;

/// <summary>For whom not even the log-in can be looked up: a page that asks again by itself.</summary>
internal static class AwayPage
{
    private const string Html = """
        <!doctype html><html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Akira</title><link rel="stylesheet" href="/_content/Akira.Look/look.css">
        <script src="/_content/Akira.Look/theme.js"></script><script defer src="/_content/Akira.Voice/app.js"></script></head>
        <body><main class="narrow" data-away>
        <h1>The backend does not answer</h1>
        <p>There is nothing to show until it does. This page asks again every three seconds, and goes on by itself.</p>
        <p class="quiet">Calls are not carried by this app: they go on without it.</p></main></body></html>
        """;

    public static Task Write(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.RetryAfter = "3";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(Html, context.RequestAborted);
    }
}
