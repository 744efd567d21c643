using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Akira.Core.Runbooks.Reading;

/// <summary>
/// A fence's line: a language, then attributes in Runme's forms, <c>{ name=x timeout=30s }</c> (divided by blanks, nothing
/// is quoted) or <c>{"name":"x"}</c>. Both end at the first closing brace.
/// </summary>
/// <param name="Problem">Why the attributes can not be read; null when they can.</param>
internal sealed partial record FenceAttributes(
    string Language,
    ImmutableDictionary<string, string> Values,
    string? Problem
)
{
    public string? Name => Values.GetValueOrDefault("name");

    /// <summary>Where a key or its value begins in the fence's line.</summary>
    public static int OffsetOf(string line, string key, bool value)
    {
        foreach (Match match in Key().Matches(line))
            if (match.Groups["key"].Value == key)
                return value ? match.Index + match.Length : match.Groups["key"].Index;
        return 0;
    }

    /// <param name="line">The raw line: the parser has resolved escapes in its own copy, which breaks JSON.</param>
    public static FenceAttributes Read(string line)
    {
        line = line.Trim().TrimStart('`', '~').Trim();
        var end = line.IndexOfAny([' ', '\t', '{']);
        var language = (end < 0 ? line : line[..end]).ToLowerInvariant();
        var open = line.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
            return new(language, [], Unbraced().IsMatch(line) ? "the attributes stand outside of braces" : null);
        var close = line.IndexOf('}', open);
        if (close < 0)
            return new(language, [], "the attributes are not closed by a brace");
        if (line[(close + 1)..].Trim().Length > 0)
            return new(language, [], "what stands after the first closing brace is not read");
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
                if (!values.TryAdd(property.Name, property.Value.ToString()))
                    return new(language, [], $"{FindingList.Quote(property.Name)} is given twice");
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

    [GeneratedRegex("""(?<![\w-])"?(?<key>[\w-]+)"?\s*[=:]\s*"?""")]
    private static partial Regex Key();

    [GeneratedRegex(@"\s(?:name|effect|timeout)=")]
    private static partial Regex Unbraced();
}
