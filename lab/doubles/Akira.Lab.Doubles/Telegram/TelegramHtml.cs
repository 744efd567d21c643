using System.Net;
using System.Text;

namespace Akira.Lab.Doubles.Telegram;

/// <summary>Reads the HTML that messages may have; what the real API refuses is refused with its words.</summary>
internal static class TelegramHtml
{
    private static readonly HashSet<string> Tags =
    [
        "b",
        "strong",
        "i",
        "em",
        "u",
        "ins",
        "s",
        "strike",
        "del",
        "span",
        "tg-spoiler",
        "tg-emoji",
        "a",
        "code",
        "pre",
        "blockquote",
    ];

    /// <exception cref="Refusal">A tag is unknown, unclosed, or closed in the wrong order.</exception>
    public static string PlainText(string html)
    {
        var plain = new StringBuilder();
        var open = new Stack<string>();
        for (var i = 0; i < html.Length; i++)
        {
            if (html[i] != '<')
            {
                plain.Append(html[i]);
                continue;
            }
            var end = html.IndexOf('>', i);
            if (end < 0)
                throw Unreadable($"Unclosed start tag at byte offset {Bytes(html, i)}");
            var inside = html[(i + 1)..end];
            if (inside.StartsWith('/'))
            {
                var name = inside[1..].Trim().ToLowerInvariant();
                if (!open.TryPop(out var expected))
                    throw Unreadable($"Unexpected end tag at byte offset {Bytes(html, i)}");
                if (name.Length > 0 && name != expected)
                    throw Unreadable(
                        $"Unmatched end tag at byte offset {Bytes(html, i)}, expected \"</{expected}>\", found \"</{name}>\""
                    );
            }
            else
            {
                var name = inside.Split(' ', 2)[0].ToLowerInvariant();
                if (!Tags.Contains(name))
                    throw Unreadable($"Unsupported start tag \"{name}\" at byte offset {Bytes(html, i)}");
                open.Push(name);
            }
            i = end;
        }
        if (open.TryPeek(out var unclosed))
            throw Unreadable($"Can't find end tag corresponding to start tag \"{unclosed}\"");
        return WebUtility.HtmlDecode(plain.ToString());
    }

    private static int Bytes(string html, int at) => Encoding.UTF8.GetByteCount(html.AsSpan(0, at));

    private static Refusal Unreadable(string why) => new($"Bad Request: can't parse entities: {why}");
}
