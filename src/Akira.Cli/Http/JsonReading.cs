using System.Globalization;
using System.Text.Json;

namespace Akira.Cli.Http;

/// <summary>Reads members that may be absent, null, or of another kind than expected.</summary>
internal static class JsonReading
{
    extension(JsonElement json)
    {
        public JsonElement? Member(string name) =>
            json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty(name, out var member)
            && member.ValueKind != JsonValueKind.Null
                ? member
                : null;

        public string? Text(string name) => json.Member(name)?.Words() is { Length: > 0 } words ? words : null;

        public DateTimeOffset? Time(string name) =>
            DateTimeOffset.TryParse(json.Text(name), CultureInfo.InvariantCulture, out var time) ? time : null;

        public IEnumerable<JsonElement> Items(string name) =>
            json.Member(name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

        /// <summary>A text as it is, a list with commas, anything else as JSON.</summary>
        public string Words() =>
            json.ValueKind switch
            {
                JsonValueKind.String => json.GetString()!,
                JsonValueKind.Array => string.Join(", ", json.EnumerateArray().Select(i => i.Words())),
                JsonValueKind.Undefined => "",
                _ => json.GetRawText(),
            };
    }
}
