using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Akira.Http;
using Akira.Voice.Management;

namespace Akira.Voice.Backend.Registers;

/// <summary>What differs between customers, trunks, routes and rates.</summary>
/// <param name="Table">Also the word in the audit trail.</param>
/// <param name="Row">How a row is read and written: a column for each member.</param>
/// <param name="Title">What a search of the list looks at, beside the id.</param>
/// <param name="IdFrom">The sequence that gives ids; null: the sender does.</param>
/// <param name="Taken">What it means that a unique index refused.</param>
/// <param name="CheckFields">The fields by themselves.</param>
/// <param name="CheckRest">Against the rest of what is kept; under the lock that all changes take.</param>
/// <param name="CheckUse">Whether it may be archived.</param>
internal sealed record Kind<T>(
    string Table,
    JsonTypeInfo<T> Row,
    JsonTypeInfo<T> Wire,
    Func<T, string> Title,
    string? IdFrom,
    Func<T, string> Taken,
    Func<T, Problem?> CheckFields,
    Func<T, Rest, CancellationToken, Task<Problem?>> CheckRest,
    Func<T, Rest, CancellationToken, Task<Problem?>> CheckUse
)
    where T : class, IEntry
{
    /// <summary>The columns, as SQL names them.</summary>
    public string Columns { get; } = string.Join(", ", Row.Properties.Select(p => $"\"{p.Name}\""));
}

/// <summary>A row as JSON, as PostgreSQL makes and reads it: <c>to_jsonb</c>, <c>jsonb_populate_record</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Customer))]
[JsonSerializable(typeof(Trunk))]
[JsonSerializable(typeof(Route))]
[JsonSerializable(typeof(Rate))]
internal sealed partial class RowJson : JsonSerializerContext;
