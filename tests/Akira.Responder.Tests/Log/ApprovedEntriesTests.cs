using System.Text;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Akira.Responder.Log;
using Akira.Responder.Silences;

namespace Akira.Responder.Tests.Log;

public class ApprovedEntriesTests
{
    /// <summary>What is on disks out there must be read for ever: members may be added with a default, never renamed.</summary>
    [Fact]
    public void The_shape_of_every_entry_on_disk_stands_in_the_approved_file() =>
        Approval.Check("entries.txt", Shape(EntryJson.Default, EntryJson.Default.Entry));

    /// <inheritdoc cref="The_shape_of_every_entry_on_disk_stands_in_the_approved_file"/>
    [Fact]
    public void The_shape_of_every_entry_of_the_log_of_silences_stands_in_the_approved_file() =>
        Approval.Check("silence-entries.txt", Shape(SilenceJson.Default, SilenceJson.Default.SilenceEntry));

    private static string Shape(JsonSerializerContext json, JsonTypeInfo entries)
    {
        var text = new StringBuilder();
        var todo = new Queue<JsonTypeInfo>();
        var described = new HashSet<Type>();
        foreach (var derived in entries.PolymorphismOptions!.DerivedTypes)
        {
            var type = json.GetTypeInfo(derived.DerivedType)!;
            text.Append($"{derived.TypeDiscriminator}\n");
            Describe(type);
        }
        while (todo.TryDequeue(out var type))
        {
            text.Append($"\n{Name(type.Type)}\n");
            Describe(type);
        }
        return text.ToString();

        void Describe(JsonTypeInfo type)
        {
            foreach (var member in type.Properties.Where(p => p.Get is not null))
            {
                text.Append($"    {member.Name}: {Name(member.PropertyType)}\n");
                var inner = Element(member.PropertyType);
                if (
                    inner.Namespace!.StartsWith("Akira", StringComparison.Ordinal)
                    && json.GetTypeInfo(inner) is { Kind: JsonTypeInfoKind.Object } more
                    && described.Add(inner)
                )
                    todo.Enqueue(more);
            }
        }
    }

    private static Type Element(Type type) => type.IsGenericType ? type.GetGenericArguments()[^1] : type;

    private static string Name(Type type) =>
        type.IsGenericType
            ? $"{type.Name.Split('`')[0]} of {string.Join(", ", type.GetGenericArguments().Select(Name))}"
            : type.Name;
}
