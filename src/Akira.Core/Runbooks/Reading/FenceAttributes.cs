using System.Collections.Immutable;
using System.Text.Json;

namespace Akira.Core.Runbooks.Reading;

/// <summary>
/// A fence's line: a language, then attributes in Runme's forms, <c>{ name=x timeout=30s }</c> (divided by blanks, nothing
/// is quoted) or <c>{"name":"x"}</c>. Both end at the first closing brace.
/// </summary>
/// <param name="Problem">Why the attributes can not be read; null when they can.</param>
internal sealed record FenceAttributes(string Language, ImmutableDictionary<string, string> Values, string? Problem)
{
    /// <param name="line">The raw line: the parser has resolved escapes in its own copy, which breaks JSON.</param>
    public static FenceAttributes Read(string line)
    {
        line = line.Trim().TrimStart('`', '~').Trim();
        var end = line.IndexOfAny([' ', '\t', '{']);
        var language = (end < 0 ? line : line[..end]).ToLowerInvariant();
        var open = line.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
            return new(language, [], null);
        var close = line.IndexOf('}', open);
        if (close < 0)
            return new(language, [], "the attributes are not closed by a brace");
        var inner = line[(open + 1)..close].Trim();
        return inner.StartsWith('"') ? Json(language, line[open..(close + 1)]) : Pairs(language, inner);
    }

    private static FenceAttributes Json(string language, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var values = ImmutableDictionary.CreateBuilder<string, string>();
            foreach (var property in document.RootElement.EnumerateObject())
                values[property.Name] = property.Value.ToString();
            return new(language, values.ToImmutable(), null);
        }
        catch (JsonException)
        {
            return new(language, [], "the attributes are not valid JSON");
        }
    }

    private static FenceAttributes Pairs(string language, string inner)
    {
        var values = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var pair in inner.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == pair.Length - 1)
                return new(language, [], $"{FindingList.Quote(pair)} is not of the form name=value");
            if (!values.TryAdd(pair[..equals], pair[(equals + 1)..]))
                return new(language, [], $"{FindingList.Quote(pair[..equals])} is given twice");
        }
        return new(language, values.ToImmutable(), null);
    }
}
