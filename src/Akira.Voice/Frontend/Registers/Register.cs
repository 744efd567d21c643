using Akira.Voice.Management;

namespace Akira.Voice.Frontend.Registers;

/// <summary>A register as pages show it: what its entries are called, and which fields they have.</summary>
/// <param name="Path">Of its pages here, and below <c>api/</c> of the backend.</param>
/// <param name="One">As in "a new trunk".</param>
/// <param name="Many">As a heading.</param>
/// <param name="Blank">What a new entry begins as.</param>
/// <param name="Name">What people call an entry.</param>
/// <param name="Columns">Of the list.</param>
/// <param name="Fields">Of the form, in the order of the eye.</param>
public sealed record Register<T>(
    string Path,
    string One,
    string Many,
    T Blank,
    Func<T, string> Name,
    Column<T>[] Columns,
    Field<T>[] Fields
)
    where T : IEntry;

/// <param name="Show">The text of one cell.</param>
/// <param name="IsNumber">Right-aligned.</param>
public sealed record Column<T>(string Title, Func<T, string> Show, bool IsNumber = false);

/// <summary>One field of an entry, as text in a form.</summary>
/// <param name="Name">In JSON, which is also how the backend names it when it refuses.</param>
/// <param name="Show">The entry's value as text.</param>
/// <param name="Take">The entry with the text in its place; null when the text cannot be it.</param>
public sealed record Field<T>(string Name, string Label, Func<T, string> Show, Func<T, string, T?> Take)
    where T : IEntry
{
    public Shape Shape { get; init; } = Shape.Line;

    /// <summary>What to write, in a few words.</summary>
    public string Hint { get; init; } = "";

    /// <summary>Said when <see cref="Take"/> cannot.</summary>
    public string Wrong { get; init; } = "That cannot be read.";

    /// <summary>Stays as it is once the entry is made.</summary>
    public bool IsFixed { get; init; }

    /// <summary>What can be chosen: value and label.</summary>
    public Func<Choices, IEnumerable<(string Value, string Label)>>? Options { get; init; }
}

/// <summary>How a field is filled in.</summary>
public enum Shape
{
    Line,
    Lines,
    Check,
    Day,

    /// <summary>One of its options.</summary>
    Choice,

    /// <summary>Some of its options, in an order, divided by commas.</summary>
    Sequence,
}

/// <summary>Entries of other registers, to choose from.</summary>
public sealed record Choices(Customer[] Customers, Trunk[] Trunks, Management.Route[] Routes)
{
    public static Choices None { get; } = new([], [], []);
}
