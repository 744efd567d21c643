using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Akira.Lab.Doubles;

/// <summary>
/// A Vault with a seal and nothing in it. As the real one it is sealed whenever it starts, opens when enough different
/// key shares are in, and says how it stands by the status code of <c>/v1/sys/health</c>.
/// </summary>
internal static class Vault
{
    private const int Threshold = 3;
    private const string Version = "1.15.6";

    /// <param name="sharesFile">SHA-256 of each key share in hexadecimal, one a line: the shares themselves are with their holders.</param>
    public static void MapVault(this WebApplication app, string sharesFile)
    {
        var shares = File.ReadAllLines(sharesFile).Where(l => l.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var given = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var gate = new Lock();
        var isSealed = true;

        app.MapMethods(
            "/v1/sys/health",
            ["GET", "HEAD"],
            (int? sealedcode, int? activecode, TimeProvider time) =>
            {
                var status = isSealed ? sealedcode ?? 503 : activecode ?? 200;
                return Results.Json(
                    new
                    {
                        initialized = true,
                        @sealed = isSealed,
                        standby = false,
                        performance_standby = false,
                        server_time_utc = time.GetUtcNow().ToUnixTimeSeconds(),
                        version = Version,
                        cluster_name = "akira-lab",
                    },
                    statusCode: status
                );
            }
        );
        app.MapGet("/v1/sys/seal-status", () => Status());
        app.MapMethods(
            "/v1/sys/unseal",
            ["PUT", "POST"],
            async (HttpRequest request) =>
            {
                if (await Read(request) is not { } body || (body.Key is null && !body.Reset))
                    return Refused("'key' must be specified in request body as JSON, or 'reset' set to true");
                lock (gate)
                {
                    if (body.Reset)
                        given.Clear();
                    else if (isSealed)
                    {
                        var share = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(body.Key!)));
                        if (!shares.Contains(share))
                            return Refused("'key' must be a valid hex or base64 string of one of the shares");
                        given.Add(share);
                        if (given.Count >= Threshold)
                        {
                            isSealed = false;
                            given.Clear();
                        }
                    }
                }
                return Status();
            }
        );
        // The real one asks for a root token here. The lab's fault does not have one.
        app.MapMethods(
            "/v1/sys/seal",
            ["PUT", "POST"],
            () =>
            {
                lock (gate)
                {
                    isSealed = true;
                    given.Clear();
                }
                return Results.NoContent();
            }
        );

        IResult Status()
        {
            lock (gate)
                return Results.Json(
                    new
                    {
                        type = "shamir",
                        initialized = true,
                        @sealed = isSealed,
                        t = Threshold,
                        n = shares.Count,
                        progress = given.Count,
                        nonce = "",
                        version = Version,
                        migration = false,
                        recovery_seal = false,
                        storage_type = "none",
                    }
                );
        }
    }

    private static async Task<Unseal?> Read(HttpRequest request)
    {
        try
        {
            // curl says it sends a form when it is not told otherwise; the real one does not look at the type either.
            return await System.Text.Json.JsonSerializer.DeserializeAsync<Unseal>(request.Body);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static IResult Refused(string error) => Results.Json(new { errors = new[] { error } }, statusCode: 400);

    private sealed record Unseal(
        [property: JsonPropertyName("key")] string? Key,
        [property: JsonPropertyName("reset")] bool Reset
    );
}
