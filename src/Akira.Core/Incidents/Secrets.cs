using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Akira.Core.Incidents;

/// <summary>
/// Values that must not be seen in any log: wherever text would show one, it shows <see cref="Mark"/>. Covered are a
/// value as it is, each longer line of one with several, and either as base64 (also inside a longer text that was
/// encoded, and in the URL's alphabet), percent-encoded, escaped for JSON and quoted for a shell.
/// </summary>
public sealed class Secrets
{
    public const string Mark = "•••";

    /// <summary>Shorter ones can not be told from ordinary words.</summary>
    public const int Shortest = 6;

    private readonly string[] _longestFirst;
    private readonly SearchValues<string> _any;

    private Secrets(IEnumerable<string> patterns)
    {
        _longestFirst =
        [
            .. patterns.Distinct().OrderByDescending(p => p.Length).ThenBy(p => p, StringComparer.Ordinal),
        ];
        _any = SearchValues.Create(_longestFirst, StringComparison.Ordinal);
    }

    public static Secrets None { get; } = Of([]);

    public bool IsEmpty => _longestFirst.Length == 0;

    /// <summary>The same for bytes that are read one by one as Latin-1.</summary>
    internal Secrets AsBytes => new(_longestFirst.Select(p => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(p))));

    public static Secrets Of(IEnumerable<string> values) =>
        new(values.SelectMany(Worth).Where(v => v.Length >= Shortest).SelectMany(Disguises));

    public string Redact(string text)
    {
        if (IsEmpty || !text.AsSpan().ContainsAny(_any))
            return text;
        var clean = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        while (Next(rest) is (>= 0 and var at, var length))
        {
            clean.Append(rest[..at]).Append(Mark);
            rest = rest[(at + length)..];
        }
        return clean.Append(rest).ToString();
    }

    /// <summary>Where the first one begins and how long it is; of several that begin there the longest.</summary>
    internal (int At, int Length) Next(ReadOnlySpan<char> text)
    {
        var at = IsEmpty ? -1 : text.IndexOfAny(_any);
        if (at >= 0)
            foreach (var pattern in _longestFirst)
                if (text[at..].StartsWith(pattern, StringComparison.Ordinal))
                    return (at, pattern.Length);
        return (-1, 0);
    }

    /// <summary>How many characters at the end of a text may be the beginning of one.</summary>
    internal int Begun(ReadOnlySpan<char> text)
    {
        var longest = IsEmpty ? 0 : Math.Min(_longestFirst[0].Length - 1, text.Length);
        for (var length = longest; length > 0; length--)
            foreach (var pattern in _longestFirst)
                if (pattern.Length > length && pattern.AsSpan().StartsWith(text[^length..], StringComparison.Ordinal))
                    return length;
        return 0;
    }

    /// <summary>A key file is printed line by line.</summary>
    private static IEnumerable<string> Worth(string value) =>
        value.Trim() is var whole && whole.Contains('\n', StringComparison.Ordinal)
            ? whole
                .Split('\n', StringSplitOptions.TrimEntries)
                .Where(l => !l.StartsWith("-----", StringComparison.Ordinal))
                .Append(whole)
            : [whole];

    private static IEnumerable<string> Disguises(string value)
    {
        var percent = Uri.EscapeDataString(value);
        IEnumerable<string> plain =
        [
            value,
            percent,
            percent.Replace("%20", "+", StringComparison.Ordinal),
            string.Concat(percent.Select((c, i) => IsHexAt(percent, i) ? char.ToLowerInvariant(c) : c)),
            JsonEncodedText.Encode(value).ToString(),
            JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
            value.Replace("'", @"'\''", StringComparison.Ordinal),
        ];
        var base64 = Enumerable
            .Range(0, 3)
            .Select(offset => Base64(value, offset))
            .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(value)));
        return plain.Concat(
            base64.Concat(base64.Select(b => b.Replace('+', '-').Replace('/', '_'))).Where(b => b.Length >= Shortest)
        );
    }

    private static bool IsHexAt(string text, int i) => (i >= 1 && text[i - 1] == '%') || (i >= 2 && text[i - 2] == '%');

    /// <summary>The characters that it surely becomes when so many bytes, modulo three, stand before it.</summary>
    private static string Base64(string value, int offset)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        var encoded = Convert.ToBase64String([.. new byte[offset], .. bytes]);
        var from = ((offset * 8) + 5) / 6;
        var to = (offset + bytes.Length) * 8 / 6;
        return encoded[from..to];
    }
}
