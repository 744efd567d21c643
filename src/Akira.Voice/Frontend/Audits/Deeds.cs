using System.Text.Json;
using Akira.Voice.Management;

namespace Akira.Voice.Frontend.Audits;

/// <summary>What somebody did, as a sentence and as the fields that it changed.</summary>
internal static class Deeds
{
    /// <summary>What every change changes says nothing.</summary>
    private static readonly HashSet<string> Bookkeeping = ["version", "changedAt", "changedBy", "id"];

    /// <summary>Goes on after the name of who did it.</summary>
    public static string Sentence(Audit audit) =>
        audit.What is "login" ? Verb(audit.What) : $"{Verb(audit.What)} {audit.Kind} {audit.Id}";

    private static string Verb(string what) =>
        what switch
        {
            "create" => "created",
            "change" => "changed",
            "archive" => "archived",
            "restore" => "restored",
            "login" => "logged in",
            _ => what,
        };

    /// <summary>Fields that differ, by name; null where there was or is none.</summary>
    public static IEnumerable<(string Field, string? Before, string? After)> Changes(Audit audit)
    {
        var (before, after) = (Fields(audit.Before), Fields(audit.After));
        foreach (var field in before.Keys.Union(after.Keys).Except(Bookkeeping))
            if (before.GetValueOrDefault(field) is var was && after.GetValueOrDefault(field) is var now && was != now)
                yield return (field, was, now);
    }

    private static Dictionary<string, string?> Fields(JsonElement? entry) =>
        entry is { ValueKind: JsonValueKind.Object } fields
            ? fields.EnumerateObject().ToDictionary(f => f.Name, f => Text(f.Value))
            : [];

    private static string? Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray()),
            _ => value.ToString() is { Length: > 0 } text ? text : null,
        };
}
