using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Akira.Core.Alerts;

/// <summary>
/// Names with their values, sorted by name (ordinal). One array: an alert has a handful of labels, a storm has many
/// alerts, and all of them are kept.
/// </summary>
[JsonConverter(typeof(LabelSetJson))]
public sealed class LabelSet : IReadOnlyDictionary<string, string>
{
    private readonly KeyValuePair<string, string>[] _sorted;

    private LabelSet(KeyValuePair<string, string>[] sorted) => _sorted = sorted;

    public static LabelSet Empty { get; } = new([]);

    /// <exception cref="ArgumentException">A name comes twice.</exception>
    public static LabelSet Of(params IEnumerable<KeyValuePair<string, string>> labels)
    {
        var sorted = labels.ToArray();
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        for (var i = 1; i < sorted.Length; i++)
            if (sorted[i].Key == sorted[i - 1].Key)
                throw new ArgumentException($"The label {sorted[i].Key} comes twice.", nameof(labels));
        return sorted.Length == 0 ? Empty : new LabelSet(sorted);
    }

    /// <param name="sorted">By name, none twice. The array is the set's own from here on.</param>
    public static LabelSet OfSorted(KeyValuePair<string, string>[] sorted) =>
        sorted.Length == 0 ? Empty : new LabelSet(sorted);

    public static LabelSet Of(string name, string value) => new([KeyValuePair.Create(name, value)]);

    /// <summary>Itself when no value changes.</summary>
    public LabelSet WithValues(Func<string, string> change)
    {
        var changed = Array.ConvertAll(_sorted, label => KeyValuePair.Create(label.Key, change(label.Value)));
        return changed.SequenceEqual(_sorted) ? this : new LabelSet(changed);
    }

    public ReadOnlySpan<KeyValuePair<string, string>> Sorted => _sorted;

    public int Count => _sorted.Length;
    public IEnumerable<string> Keys => _sorted.Select(l => l.Key);
    public IEnumerable<string> Values => _sorted.Select(l => l.Value);

    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        foreach (var (name, found) in _sorted)
            if (name == key)
            {
                value = found;
                return true;
            }
        value = null;
        return false;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, string>>)_sorted).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>As a JSON object.</summary>
public sealed class LabelSetJson : JsonConverter<LabelSet>
{
    public override LabelSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        var labels = new List<KeyValuePair<string, string>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw new JsonException();
            labels.Add(KeyValuePair.Create(name, reader.GetString()!));
        }
        return LabelSet.Of(labels);
    }

    public override void Write(Utf8JsonWriter writer, LabelSet value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in value.Sorted)
            writer.WriteString(name, text);
        writer.WriteEndObject();
    }
}
