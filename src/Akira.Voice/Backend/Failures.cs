using System.Net.Sockets;
using Akira.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Akira.Voice.Backend;

/// <summary>What went wrong outside of anybody's decision, as problem details, without a trace of the stack.</summary>
internal static partial class Failures
{
    private const int WorthAskingAgain = 2; // seconds

    public static void UseFailures(this WebApplication app, ILogger log) =>
        app.Use(
            async (context, next) =>
            {
                try
                {
                    await next(context);
                    if (!context.Response.HasStarted && context.Request.Path.StartsWithSegments("/api"))
                        await Unsaid.Explain(context);
                }
                catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
                {
                    context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                }
                catch (BadHttpRequestException e) when (!context.Response.HasStarted)
                {
                    await Problem.Of(e.StatusCode, "bad-input", e.Message).ExecuteAsync(context);
                }
                catch (Exception e) when (!context.Response.HasStarted)
                {
                    var problem = Of(e);
                    if (problem.Status == StatusCodes.Status500InternalServerError)
                        log.Broke(e, context.Request.Method, context.Request.Path);
                    await problem.ExecuteAsync(context);
                }
            }
        );

    public static Problem Of(Exception e) =>
        e switch
        {
            // The server ended it, and lives.
            PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => Problem.Of(
                StatusCodes.Status503ServiceUnavailable,
                "too-slow",
                "The search takes too long. Narrow it down: give from and to, or a whole number."
            ),
            PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn } =>
                Away("The database is being prepared. Nothing is lost; try again in a moment."),
            PostgresException p when !IsAway(p) => Unexpected,
            NpgsqlException or TimeoutException or SocketException => Away(
                "The database does not answer. Calls go on without it; what is shown here comes back with it."
            ),
            _ => Unexpected,
        };

    /// <summary>Class 08 is connections, 53 resources, 57 the operator; 25006 a standby, 28 and 3D a server that is not ours yet.</summary>
    private static bool IsAway(PostgresException e) =>
        e.IsTransient || e.SqlState[..2] is "08" or "25" or "28" or "3D" or "53" or "57" or "58";

    private static Problem Away(string sentence) =>
        Problem.Of(StatusCodes.Status503ServiceUnavailable, "database-away", sentence) with
        {
            RetryAfter = WorthAskingAgain,
        };

    private static Problem Unexpected { get; } =
        Problem.Of(
            StatusCodes.Status500InternalServerError,
            "unexpected",
            "Something went wrong here, and is in the log. Nothing was changed."
        );

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private static partial void Broke(this ILogger log, Exception e, string method, string path);
}
