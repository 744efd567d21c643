using System.Text.Json;
using System.Text.Json.Serialization;
using Akira.Core.Alerts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Akira.Responder.Alerts;

/// <summary>Labels or annotations as they were sent, sorted by name (ordinal). A value that is no text is null.</summary>
[JsonConverter(typeof(PostedTextsJson))]
internal sealed class PostedTexts(KeyValuePair<string, string?>[] sorted)
{
    public ReadOnlySpan<KeyValuePair<string, string?>> Sorted => sorted;

    public int Count => sorted.Length;

    /// <summary>Only of texts without a null, and with no name twice. They are not copied: a storm has many thousands.</summary>
    public LabelSet All => LabelSet.OfSorted(sorted!);

    /// <summary>Those with a value.</summary>
    /// <inheritdoc cref="All"/>
    public LabelSet NotEmpty =>
        Array.Exists(sorted, t => t.Value!.Length == 0)
            ? LabelSet.OfSorted(Array.FindAll(sorted, t => t.Value!.Length > 0)!)
            : All;

    /// <summary>For OpenAPI: an object of texts.</summary>
    public static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        if (context.JsonTypeInfo.Type == typeof(PostedTexts))
            (schema.Type, schema.AdditionalProperties) = (
                JsonSchemaType.Object,
                new OpenApiSchema { Type = JsonSchemaType.String }
            );
        return Task.CompletedTask;
    }
}

/// <summary>
/// The same few words come in every alert, and are kept for as long as it fires: they are made once. A storm is a third
/// smaller in memory for it.
/// </summary>
internal sealed class PostedTextsJson : JsonConverter<PostedTexts>
{
    private const int LongestKnown = 256;
    private const int MostKnown = 4096;

    [ThreadStatic]
    private static HashSet<string>? _known;

    [ThreadStatic]
    private static List<KeyValuePair<string, string?>>? _read;

    public override PostedTexts Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        var texts = _read ??= [];
        texts.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Known(ref reader);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
                texts.Add(new(name, Known(ref reader)));
            else
            {
                texts.Add(new(name, null));
                reader.TrySkip(); // what is read here is there as a whole
            }
        }
        var sorted = texts.ToArray();
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return new PostedTexts(sorted);
    }

    public override void Write(Utf8JsonWriter writer, PostedTexts value, JsonSerializerOptions options) =>
        throw new NotSupportedException();

    internal static string Known(ref Utf8JsonReader reader)
    {
        var bytes = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (bytes > LongestKnown)
            return reader.GetString()!;
        Span<char> text = stackalloc char[LongestKnown];
        text = text[..reader.CopyString(text)];
        var known = _known ??= new(StringComparer.Ordinal);
        var lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var made))
            return made;
        if (known.Count >= MostKnown)
            known.Clear();
        made = new string(text);
        known.Add(made);
        return made;
    }
}

/// <summary>A text that comes again, like the place of the rule that an alert is from.</summary>
internal sealed class KnownText : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? PostedTextsJson.Known(ref reader) : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}
