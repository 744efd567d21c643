using System.Collections.Immutable;
using System.Text.Json;
using Akira.Core.Incidents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Akira.Responder.Http;

/// <summary>Problem details (RFC 9457): what is wrong, in words for people and in a code for machines.</summary>
/// <param name="Code">Stable: the reason of a refusal, or <c>bad-input</c>, <c>too-large</c>, <c>store-failed</c>, …</param>
/// <param name="Details">One line each: the unmet gates, the hosts to name.</param>
/// <param name="Field">Where in the body: <c>[3].labels.severity</c>.</param>
/// <param name="Line">Of the body, from 1.</param>
/// <param name="Column">In bytes, from 1.</param>
public sealed record Problem(
    string Title,
    int Status,
    string Detail,
    string Code,
    ImmutableArray<string> Details,
    string? Field = null,
    long? Line = null,
    long? Column = null
) : IResult
{
    public string Type => $"urn:akira:problem:{Code}";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        return httpContext.Response.WriteAsJsonAsync(
            this,
            WireJson.Default.Problem,
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
