using System.Text.Json;
using System.Text.Json.Serialization;
using Akira.Voice.Backend.Registers;
using Akira.Voice.Management;
using Microsoft.Extensions.Logging;

namespace Akira.Voice.Backend;

/// <summary>What a database begins with that has no trunk yet; in this order, so that each finds what it names.</summary>
internal sealed record SeedFile(Customer[]? Customers, Trunk[]? Trunks, Route[]? Routes, Rate[]? Rates);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    ReadCommentHandling = JsonCommentHandling.Skip,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(SeedFile))]
internal sealed partial class SeedJson : JsonSerializerContext;

internal sealed class Seed(
    BackendOptions options,
    Register<Customer> customers,
    Register<Trunk> trunks,
    Register<Route> routes,
    Register<Rate> rates,
    ILogger<Seed> log
)
{
    private const string By = "seed";

    /// <summary>Reads the file at the start: what is wrong with it is said before anything runs.</summary>
    /// <exception cref="ArgumentException">It cannot be read.</exception>
    public static SeedFile? Read(string? path)
    {
        if (string.IsNullOrEmpty(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), SeedJson.Default.SeedFile);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"The seed {path} cannot be read: {e.Message}");
        }
    }

    public async Task Sow(CancellationToken cancel)
    {
        if (Read(options.Seed) is not { } file || (await trunks.List(archived: true, cancel)).Count > 0)
            return;
        await Sow(customers, file.Customers, cancel);
        await Sow(trunks, file.Trunks, cancel);
        await Sow(routes, file.Routes, cancel);
        await Sow(rates, file.Rates, cancel);
    }

    private async Task Sow<T>(Register<T> register, T[]? entries, CancellationToken cancel)
        where T : class, IEntry
    {
        foreach (var entry in entries ?? [])
            if ((await register.Create(entry, By, cancel)).Problem is { } problem)
                log.NotSown(register.Kind.Table, entry.Id, problem.Detail);
    }
}

internal static partial class Said
{
    [LoggerMessage(LogLevel.Warning, "the seed's {Kind} {Id} was refused: {Why}")]
    public static partial void NotSown(this ILogger log, string kind, string id, string why);
}
