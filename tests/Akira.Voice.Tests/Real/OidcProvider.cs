using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Akira.Voice.Tests.Real;

/// <summary>An OIDC provider that lets everybody in at once, as the person that a test says: discovery, keys, code with PKCE, tokens.</summary>
internal sealed class OidcProvider : IAsyncDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly Dictionary<string, (string Nonce, string Challenge, string Back)> _codes = [];
    private readonly WebApplication _app;

    private OidcProvider(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public string Person { get; set; } = "anna";

    /// <summary>Null: it says nothing of groups.</summary>
    public string[]? Groups { get; set; } = [];

    /// <summary>What it puts into its tokens in place of the nonce it was given.</summary>
    public string? ForgedNonce { get; set; }

    /// <summary>Where it was asked to send people, the last time.</summary>
    public string? Back { get; private set; }

    public static async Task<OidcProvider> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var provider = new OidcProvider(builder.Build());
        provider.Map();
        await provider._app.StartAsync();
        return provider;
    }

    private RsaSecurityKey Key => new(_rsa) { KeyId = "test" };

    private void Map()
    {
        _app.MapGet(
            "/.well-known/openid-configuration",
            () =>
                Results.Json(
                    new Dictionary<string, object>
                    {
                        ["issuer"] = Url,
                        ["authorization_endpoint"] = $"{Url}/authorize",
                        ["token_endpoint"] = $"{Url}/token",
                        ["userinfo_endpoint"] = $"{Url}/userinfo",
                        ["jwks_uri"] = $"{Url}/keys",
                        ["response_types_supported"] = new[] { "code" },
                        ["subject_types_supported"] = new[] { "public" },
                        ["id_token_signing_alg_values_supported"] = new[] { "RS256" },
                    }
                )
        );
        _app.MapGet(
            "/keys",
            () =>
            {
                var key = _rsa.ExportParameters(false);
                return Results.Json(
                    new
                    {
                        keys = new[]
                        {
                            new
                            {
                                kty = "RSA",
                                use = "sig",
                                kid = "test",
                                n = Base64UrlEncoder.Encode(key.Modulus),
                                e = Base64UrlEncoder.Encode(key.Exponent),
                            },
                        },
                    }
                );
            }
        );
        _app.MapGet("/authorize", Authorize);
        _app.MapPost("/token", Token);
        _app.MapGet("/userinfo", () => Results.Json(Claims(null)));
    }

    private IResult Authorize(HttpRequest request)
    {
        var query = request.Query;
        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        Back = query["redirect_uri"].ToString();
        _codes[code] = (query["nonce"].ToString(), query["code_challenge"].ToString(), Back);
        return Results.Redirect($"{Back}?code={code}&state={Uri.EscapeDataString(query["state"].ToString())}");
    }

    private async Task<IResult> Token(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (!_codes.Remove(form["code"].ToString(), out var asked))
            return Results.BadRequest();
        var verifier = Base64UrlEncoder.Encode(
            SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))
        );
        if (
            verifier != asked.Challenge
            || form["redirect_uri"] != asked.Back
            || form["client_id"] != "akira"
            || form["client_secret"] != "secret"
        )
            return Results.BadRequest();
        var token = new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Url,
                Audience = "akira",
                Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(5),
                Claims = Claims(ForgedNonce ?? asked.Nonce),
                SigningCredentials = new(Key, SecurityAlgorithms.RsaSha256),
            }
        );
        return Results.Json(
            new
            {
                access_token = "access",
                token_type = "Bearer",
                id_token = token,
            }
        );
    }

    private Dictionary<string, object> Claims(string? nonce)
    {
        var claims = new Dictionary<string, object> { ["sub"] = Person, ["preferred_username"] = Person };
        if (Groups is not null)
            claims["groups"] = Groups;
        if (nonce is not null)
            claims["nonce"] = nonce;
        return claims;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
    }
}
