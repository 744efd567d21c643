using System.Collections.Immutable;

namespace Akira.Core.Voice;

/// <summary>Whose calls: the platform's, or those of one customer, trunk or destination prefix.</summary>
/// <param name="Kind">Also the label that selects it in a condition: <c>asr{trunk="t1"}</c>.</param>
/// <param name="Name">Empty for the platform.</param>
public readonly record struct Scope(string Kind, string Name)
{
    public static Scope Platform { get; } = new("platform", "");

    public static Scope Customer(string name) => new("customer", name);

    public static Scope Trunk(string name) => new("trunk", name);

    public static Scope Prefix(string name) => new("prefix", name);

    /// <summary>The scope that labels select; null when they select none that is measured.</summary>
    public static Scope? Of(ImmutableSortedDictionary<string, string> labels) =>
        labels.Count switch
        {
            0 => Platform,
            1 when labels.First() is { Key: "customer" or "trunk" or "prefix" } label => new(label.Key, label.Value),
            _ => null,
        };
}
