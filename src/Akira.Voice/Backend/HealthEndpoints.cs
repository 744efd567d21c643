using System.Reflection;
using Akira.Voice.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Akira.Voice.Backend;

internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The release that runs: what the deploy says, else the build.</summary>
    private static readonly string Version = Environment.GetEnvironmentVariable("AKIRA_VERSION")
        is { Length: > 0 } deployed
        ? deployed
        : typeof(HealthEndpoints)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapMethods("/healthz", [HttpMethods.Get, HttpMethods.Head], () => TypedResults.Ok(Fine))
            .AllowAnonymous()
            .WithSummary("Whether the process answers");
        app.MapGet("/readyz", Ready).AllowAnonymous().WithSummary("Whether the database does: 503 when not");
    }

    private static Health Fine { get; } = new("ok", "akira-backend", Version);

    private static async Task<IResult> Ready(HttpContext context, NpgsqlDataSource database, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        try
        {
            await using var command = database.CreateCommand("SELECT count(*) FROM (SELECT FROM trunk LIMIT 1) t");
            await command.ExecuteScalarAsync(both.Token);
            return TypedResults.Ok(Fine);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            return Failures.Of(e is OperationCanceledException ? new TimeoutException() : e);
        }
    }
}
