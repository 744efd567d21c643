using System.Net.Sockets;
using System.Text.Json;
using Akira.Cli.Server;

namespace Akira.Cli.Http;

/// <summary>Where the responder is, and who is asking.</summary>
/// <param name="Source">What said so, for the sentence that tells people the way out.</param>
internal sealed record Address(Uri Url, string? Token, string Source)
{
    public const string Default = "http://127.0.0.1:7400";
    public const string OfDemo = "the demo";

    /// <summary>
    /// <c>AKIRA_URL</c> and <c>AKIRA_TOKEN</c>; a demo that runs, when they name it or are not set; without one, the default.
    /// </summary>
    /// <returns>Null and a sentence when <c>AKIRA_URL</c> is not a URL.</returns>
    public static (Address?, string? Error) Find()
    {
        var url = Environment.GetEnvironmentVariable("AKIRA_URL");
        var token = Environment.GetEnvironmentVariable("AKIRA_TOKEN");
        if (string.IsNullOrEmpty(url) && string.IsNullOrEmpty(token) && Demo() is { } demo)
            return (demo, null);
        if (!Uri.TryCreate(string.IsNullOrEmpty(url) ? Default : url, UriKind.Absolute, out var uri) || !IsHttp(uri))
            return (null, $"AKIRA_URL is not a web address: {url}. It is written like {Default}");
        if (string.IsNullOrEmpty(token) && Demo() is { } named && named.Url == uri)
            return (named, null);
        return string.IsNullOrEmpty(token)
            ? (new Address(uri, null, "AKIRA_URL"), null)
            : (new Address(uri, token, "AKIRA_TOKEN"), null);
    }

    /// <summary>The demo's address, when its file is there and something listens.</summary>
    public static Address? Demo()
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folders.Demo, "cli.json")));
            var url = new Uri(json.RootElement.GetProperty("url").GetString()!);
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(url.Host, url.Port);
            return new Address(url, json.RootElement.GetProperty("token").GetString(), OfDemo);
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or JsonException
                        or SocketException
                        or UriFormatException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or ArgumentNullException
            )
        {
            return null; // no demo, a demo that has ended, or one that is just writing the file
        }
    }

    private static bool IsHttp(Uri uri) => uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps;
}
