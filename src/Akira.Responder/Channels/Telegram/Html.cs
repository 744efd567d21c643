using System.Text;

namespace Akira.Responder.Channels.Telegram;

/// <summary>
/// A message in the HTML that Telegram takes, never longer than it takes. What others wrote is escaped, and cut before
/// it is: so no tag and no entity is ever cut in two.
/// </summary>
internal sealed class Html
{
    public const int Longest = 4096;

    private const string Opening = "<pre>";
    private const string Closing = "</pre>";
    private const int WorthShowing = 40;

    private readonly StringBuilder _text = new();

    public int Left => Longest - _text.Length - 1;

    public static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal);

    public static string Bold(string text) => $"<b>{Escape(text)}</b>";

    public static string Code(string text) => $"<code>{Escape(text)}</code>";

    /// <summary>At most so many UTF-16 units, none of them half a character.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
            return text;
        var end = most - 1;
        if (end > 0 && char.IsHighSurrogate(text[end - 1]))
            end--;
        return text[..end] + "…";
    }

    /// <summary>A line of HTML made by us; left out when there is no room.</summary>
    public Html Line(string html)
    {
        if (html.Length <= Left)
            _text.Append(_text.Length == 0 ? "" : "\n").Append(html);
        return this;
    }

    /// <summary>What others wrote, cut to what fits.</summary>
    /// <param name="most">UTF-16 units of it.</param>
    /// <param name="room">Of the message, once it is escaped.</param>
    public Html Text(string text, int most = Longest, int room = Longest)
    {
        text = Cut(text, most);
        room = Math.Min(room, Left);
        var escaped = Escape(text);
        // An escaped character is up to six long: taking away as much as is too much always ends, and soon.
        while (escaped.Length > room && text.Length > 1)
        {
            text = Cut(text, Math.Max(1, text.Length - Math.Max(1, (escaped.Length - room) / 6)));
            escaped = Escape(text);
        }
        return Line(escaped);
    }

    /// <summary>Output of a command, cut to what fits; of one that printed nothing, nothing.</summary>
    public Html Pre(string text, int most)
    {
        var room = Math.Min(most, Left - Opening.Length - Closing.Length);
        text = text.Trim();
        if (text.Length == 0 || room < WorthShowing)
            return this;
        text = Cut(text, room);
        while (Escape(text).Length > room && text.Length > 1)
            text = Cut(text, Math.Max(1, text.Length - Math.Max(1, (Escape(text).Length - room) / 6)));
        return Line(Opening + Escape(text) + Closing);
    }

    public override string ToString() => _text.ToString();
}
