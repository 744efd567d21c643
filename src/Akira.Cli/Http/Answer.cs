using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Akira.Cli.CommandLine;

namespace Akira.Cli.Http;

/// <summary>What the responder said.</summary>
/// <param name="Status">Null: nobody answered.</param>
/// <param name="Failure">Null: it did as asked, and <paramref name="Body"/> is its answer.</param>
internal sealed record Answer(HttpStatusCode? Status, JsonElement Body, DateTimeOffset? Date, Failure? Failure);

/// <param name="Sentence">What is wrong, and the way out.</param>
/// <param name="Details">One line each.</param>
internal sealed record Failure(int ExitCode, string Sentence, ImmutableArray<string> Details)
{
    /// <returns>The exit code.</returns>
    public int Print()
    {
        Screen.Complain(Sentence);
        foreach (var detail in Details)
            Console.Error.WriteLine("  - " + Screen.Clean(detail));
        return ExitCode;
    }
}
