using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Akira.Core.Alerts;

namespace Akira.Core.Silences;

/// <summary>
/// What a label must be like, as Alertmanager writes it: <c>job="sip"</c>, <c>job!="sip"</c>, <c>host=~"db-.*"</c>,
/// <c>host!~"db-.*"</c>. A pattern holds for the whole value; a label that is not there is empty.
/// </summary>
[JsonConverter(typeof(MatcherJson))]
public sealed partial class Matcher
{
    private const int LongestText = 500;
    private readonly Regex? _pattern;

    private Matcher(string label, string op, string value)
    {
        (Label, Op, Value) = (label, op, value);
        // Linear in its input, whatever the pattern: it comes from people, and stands in the way of every alert.
        if (op.EndsWith('~'))
            _pattern = new Regex(
                $"^(?:{value})$",
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline
            );
    }

    public string Label { get; }

    /// <summary><c>=</c>, <c>!=</c>, <c>=~</c> or <c>!~</c>.</summary>
    public string Op { get; }

    public string Value { get; }

    public static Matcher Equal(string label, string value) => new(label, "=", value);

    /// <summary>Reads one matcher that fills the text; null when it is none.</summary>
    public static Matcher? TryParse(string text) =>
        text.Length <= LongestText && Whole().Match(text.Trim()) is { Success: true } match
            ? TryMake(match.Groups["label"].Value, match.Groups["op"].Value, Unquoted(match.Groups["value"].Value))
            : null;

    /// <returns>Null: the value is no pattern that can be matched in linear time.</returns>
    private static Matcher? TryMake(string label, string op, string value)
    {
        try
        {
            return new Matcher(label, op, value);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>
    /// Severity, subsystem and service are what the alert says of them and what was made of it: <c>severity="page"</c> and
    /// <c>severity="SEV1"</c> are both true of the same alert.
    /// </summary>
    public bool Matches(TriagedAlert alert)
    {
        var said = alert.Alert.Labels.GetValueOrDefault(Label, "");
        var holds = IsLike(said) || Made(alert) is { } made && IsLike(made);
        return Op[0] == '!' ? !holds : holds;
    }

    public override string ToString() =>
        $"{Label}{Op}\"{Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private bool IsLike(string value) => _pattern is null ? value == Value : _pattern.IsMatch(value);

    private string? Made(TriagedAlert alert) =>
        Label switch
        {
            "severity" => alert.Severity.ToString(),
            "subsystem" => alert.Subsystem,
            "service" => alert.Service,
            _ => null,
        };

    private static string Unquoted(string value) =>
        value.StartsWith('"') ? Escaped().Replace(value[1..^1], m => m.Groups[1].Value) : value;

    [GeneratedRegex($"^{Pattern}$")]
    private static partial Regex Whole();

    /// <summary>One matcher in a line of others.</summary>
    internal const string Pattern =
        @"(?<label>[A-Za-z_][A-Za-z0-9_]*)\s*(?<op>=~|!~|!=|=)\s*(?<value>""(?:[^""\\]|\\.)*""|[^\s,""{}]+)";

    // Only what ToString escapes: a pattern's own backslashes (\d, \.) stay.
    [GeneratedRegex("""\\(["\\])""")]
    private static partial Regex Escaped();
}

/// <summary>As its text.</summary>
public sealed class MatcherJson : JsonConverter<Matcher>
{
    public override Matcher Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Matcher.TryParse(reader.GetString() ?? "")
        ?? throw new JsonException("A matcher is written label=\"value\", label!=, label=~ or label!~");

    public override void Write(Utf8JsonWriter writer, Matcher value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
