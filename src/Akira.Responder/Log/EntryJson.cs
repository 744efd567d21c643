using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Akira.Core.Incidents;

namespace Akira.Responder.Log;

/// <summary>Entries as they are on disk. Strict: a member nobody knows is an error, not something to lose quietly.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Entry))]
[JsonSerializable(typeof(Dictionary<string, string>))]
public sealed partial class EntryJson : JsonSerializerContext
{
    private static readonly FrozenDictionary<Type, string> Kinds = typeof(Entry)
        .GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToFrozenDictionary(a => a.DerivedType, a => (string)a.TypeDiscriminator!);

    public static string KindOf(Entry entry) => Kinds[entry.GetType()];

    /// <returns>UTF-8.</returns>
    public static byte[] Write(Entry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, Default.Entry);

    /// <exception cref="JsonException">It is not an entry this version knows.</exception>
    public static Entry Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Default.Entry) ?? throw new JsonException("An entry is null");
}
