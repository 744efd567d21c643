using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Akira.Http;

public static class JsonBody
{
    /// <summary>The request's body, or the problem with it.</summary>
    public static async Task<(T? Body, Problem? Problem)> Read<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return
                await JsonSerializer.DeserializeAsync(context.Request.BodyReader, type, context.RequestAborted)
                    is { } body
                ? (body, null)
                : (null, Problem.Of(StatusCodes.Status400BadRequest, "bad-input", "The body is null"));
        }
        catch (JsonException e)
        {
            return (null, Problem.BadJson(e));
        }
    }
}
