using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Akira.Core.Incidents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Akira.Http;

/// <summary>Problem details (RFC 9457): what is wrong, in words for people and in a code for machines.</summary>
/// <param name="Code">Stable: the reason of a refusal, or <c>bad-input</c>, <c>too-large</c>, <c>store-failed</c>, …</param>
/// <param name="Details">One line each: the unmet gates, the hosts to name.</param>
/// <param name="Field">Where in the body: <c>[3].labels.severity</c>.</param>
/// <param name="Line">Of the body, from 1.</param>
/// <param name="Column">In bytes, from 1.</param>
/// <param name="By">Who was quicker, when two change one thing.</param>
/// <param name="At">When that was.</param>
/// <param name="RetryAfter">Seconds until it is worth asking again; the header says it too.</param>
public sealed record Problem(
    string Title,
    int Status,
    string Detail,
    string Code,
    ImmutableArray<string> Details,
    string? Field = null,
    long? Line = null,
    long? Column = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? By = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? At = null,
    [property: JsonIgnore] int? RetryAfter = null
) : IResult
{
    public string Type => $"urn:akira:problem:{Code}";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        if (RetryAfter is { } seconds)
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return httpContext.Response.WriteAsJsonAsync(
            this,
            ProblemJson.Default.Problem,
            "application/problem+json",
            httpContext.RequestAborted
        );
    }

    public static Problem Of(int status, string code, string detail) =>
        new(ReasonPhrases.GetReasonPhrase(status), status, detail, code, []);

    public static Problem Refused(Refusal refusal) =>
        new(
            "Refused",
            refusal.Code == "no-incident" ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict,
            refusal.Sentence,
            refusal.Code,
            refusal.Details
        );

    public static Problem BadField(string field, string what) =>
        Of(StatusCodes.Status400BadRequest, "bad-input", $"{field} {what}") with
        {
            Field = field,
        };

    public static Problem BadJson(JsonException e)
    {
        var field = e.Path?.TrimStart('$').TrimStart('.') is { Length: > 0 } path ? path : null;
        var where = $"line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}";
        var detail = field is null
            ? $"The body is not the JSON that belongs here: {where}"
            : $"{field} cannot be read: {where}";
        return Of(StatusCodes.Status400BadRequest, "bad-input", detail) with
        {
            Field = field,
            Line = e.LineNumber + 1,
            Column = e.BytePositionInLine + 1,
        };
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext;
