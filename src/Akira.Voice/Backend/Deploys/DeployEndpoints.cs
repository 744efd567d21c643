using Akira.Http;
using Akira.Voice.Backend.Access;
using Akira.Voice.Backend.Registers;
using Akira.Voice.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using NpgsqlTypes;

namespace Akira.Voice.Backend.Deploys;

/// <summary>Versions that went out: the same address and body as the responder's, so that one command records with both.</summary>
internal static class DeployEndpoints
{
    private const int LongestText = 200;
    private const int LongestPage = 500;

    public static void Map(IEndpointRouteBuilder app)
    {
        var deploys = app.MapGroup("/api/deploys").WithTags("Deploys");
        deploys
            .MapGet("", List)
            .RequireAuthorization(Policies.Viewer)
            .WithSummary("The newest first")
            .Produces<Deploy[]>();
        deploys
            .MapPost("", Post)
            .RequireAuthorization(Policies.Operator)
            .WithSummary("Tells of a deploy")
            .Accepts<Deploy>("application/json")
            .Produces<Deploy>();
    }

    private static async Task<IResult> List(HttpContext context, NpgsqlDataSource database, int limit = 50)
    {
        if (limit is < 1 or > LongestPage)
            return Problem.BadField("limit", $"must be 1 to {LongestPage}");
        await using var command = database.CreateCommand(
            "SELECT version, service, at, by FROM deploy ORDER BY at DESC, seq DESC LIMIT $1"
        );
        command.Parameters.Add(new() { Value = limit });
        var all = new List<Deploy>();
        await using var reader = await command.ExecuteReaderAsync(context.RequestAborted);
        while (await reader.ReadAsync(context.RequestAborted))
            all.Add(
                new(
                    reader.GetString(0),
                    reader.IsDBNull(1) ? null : reader.GetString(1),
                    reader.GetFieldValue<DateTimeOffset>(2),
                    reader.GetString(3)
                )
            );
        return TypedResults.Ok(all.ToArray());
    }

    private static async Task<IResult> Post(HttpContext context, NpgsqlDataSource database, TimeProvider time)
    {
        var (posted, bad) = await JsonBody.Read(context, ManagementJson.Default.Deploy);
        if (bad is not null)
            return bad;
        var wrong =
            Field.Text("version", posted!.Version, LongestText, isNeeded: true)
            ?? Field.Text("service", posted.Service, LongestText);
        if (wrong is not null)
            return wrong;
        var now = time.GetUtcNow();
        if (posted.At > now.AddHours(1) || posted.At?.Year < 2000)
            return Problem.BadField("at", $"is {posted.At:u}, and it is {now:u} here");
        var deploy = new Deploy(
            posted.Version.Trim(),
            posted.Service?.Trim() is { Length: > 0 } service ? service : null,
            (posted.At ?? now).ToUniversalTime(),
            Caller.NameOf(context)
        );
        await using var command = database.CreateCommand(
            "INSERT INTO deploy (version, service, at, by) VALUES ($1, $2, $3, $4)"
        );
        command.Parameters.Add(new() { Value = deploy.Version });
        command.Parameters.Add(
            new() { Value = (object?)deploy.Service ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }
        );
        command.Parameters.Add(new() { Value = deploy.At!.Value.UtcDateTime });
        command.Parameters.Add(new() { Value = deploy.By! });
        await command.ExecuteNonQueryAsync(context.RequestAborted);
        return TypedResults.Ok(deploy);
    }
}
