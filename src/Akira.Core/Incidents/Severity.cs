using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Akira.Core.Incidents;

/// <summary>A severity as the policy names it: <c>SEV1</c> is the worst, higher levels are milder.</summary>
[JsonConverter(typeof(SeverityJson))]
public readonly record struct Severity(int Level) : IComparable<Severity>
{
    public bool IsWorseThan(Severity other) => Level < other.Level;

    /// <summary>Orders the worst first.</summary>
    public int CompareTo(Severity other) => Level.CompareTo(other.Level);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"SEV{Level}");

    /// <summary>Reads <c>SEV1</c>, <c>sev-1</c> or <c>Sev 1</c>.</summary>
    public static bool TryParse(string? text, out Severity severity)
    {
        severity = default;
        if (text is null)
            return false;
        var span = text.AsSpan().Trim();
        if (!span.StartsWith("sev", StringComparison.OrdinalIgnoreCase))
            return false;
        span = span[3..].TrimStart(" -");
        if (!int.TryParse(span, NumberStyles.None, CultureInfo.InvariantCulture, out var level) || level is < 1 or > 99)
            return false;
        severity = new Severity(level);
        return true;
    }

    public sealed class SeverityJson : JsonConverter<Severity>
    {
        public override Severity Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out var severity)
                ? severity
                : throw new JsonException("A severity is written SEV1, SEV2, …");

        public override void Write(Utf8JsonWriter writer, Severity value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
