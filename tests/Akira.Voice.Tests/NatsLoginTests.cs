using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Akira.Voice.Stream;
using Akira.Voice.Tests.Real;
using NATS.Client.Core;
using NATS.NKeys;

namespace Akira.Voice.Tests;

/// <summary>Against a real server that lets nobody in otherwise.</summary>
public class NatsLoginTests
{
    [Fact]
    public async Task A_user_logs_in_with_the_seed_of_a_key_pair()
    {
        using var user = KeyPair.CreatePair(PrefixByte.User);
        await using var server = await NatsServer.Start(
            $$"""authorization { users: [ { nkey: {{user.GetPublicKey()}} } ] }"""
        );
        using var seed = new TempFile(user.GetSeed());

        await using var nats = new NatsLogin(server.Url, NKey: seed.Path).Connect("test");
        await nats.PingAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_user_logs_in_with_a_credentials_file()
    {
        using var owner = KeyPair.CreatePair(PrefixByte.Operator);
        using var account = KeyPair.CreatePair(PrefixByte.Account);
        using var user = KeyPair.CreatePair(PrefixByte.User);
        await using var server = await NatsServer.Start(
            $$"""
            operator: {{Jwt(owner, owner, "operator")}}
            resolver: MEMORY
            resolver_preload: { {{account.GetPublicKey()}}: {{Jwt(owner, account, "account")}} }
            """
        );
        using var creds = new TempFile(
            $"""
            -----BEGIN NATS USER JWT-----
            {Jwt(account, user, "user")}
            ------END NATS USER JWT------

            -----BEGIN USER NKEY SEED-----
            {user.GetSeed()}
            ------END USER NKEY SEED------
            """
        );

        await using var nats = new NatsLogin(server.Url, Creds: creds.Path).Connect("test");
        await nats.PingAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Another_key_is_not_let_in()
    {
        using var user = KeyPair.CreatePair(PrefixByte.User);
        using var stranger = KeyPair.CreatePair(PrefixByte.User);
        await using var server = await NatsServer.Start(
            $$"""authorization { users: [ { nkey: {{user.GetPublicKey()}} } ] }"""
        );
        using var seed = new TempFile(stranger.GetSeed());

        await using var nats = new NatsLogin(server.Url, NKey: seed.Path).Connect("test");
        await Assert.ThrowsAsync<TimeoutException>(() =>
            nats.PingAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(2), TimeProvider.System)
        );
        Assert.NotEqual(NatsConnectionState.Open, nats.ConnectionState);
    }

    /// <summary>As the server reads it: signed by the issuer's key over header and claims.</summary>
    private static string Jwt(KeyPair issuer, KeyPair subject, string type)
    {
        var claims = new JsonObject
        {
            ["jti"] = "test",
            ["iat"] = 1_700_000_000,
            ["iss"] = issuer.GetPublicKey(),
            ["name"] = type,
            ["sub"] = subject.GetPublicKey(),
            ["nats"] = type switch
            {
                "operator" => new JsonObject { ["type"] = type, ["version"] = 2 },
                "account" => new JsonObject
                {
                    ["limits"] = new JsonObject
                    {
                        ["subs"] = -1,
                        ["data"] = -1,
                        ["payload"] = -1,
                        ["imports"] = -1,
                        ["exports"] = -1,
                        ["wildcards"] = true,
                        ["conn"] = -1,
                        ["leaf"] = -1,
                    },
                    ["type"] = type,
                    ["version"] = 2,
                },
                _ => new JsonObject
                {
                    ["subs"] = -1,
                    ["data"] = -1,
                    ["payload"] = -1,
                    ["type"] = type,
                    ["version"] = 2,
                },
            },
        };
        var body = $"{Base64("""{"typ":"JWT","alg":"ed25519-nkey"}""")}.{Base64(claims.ToJsonString())}";
        var signature = new byte[64];
        issuer.Sign(Encoding.ASCII.GetBytes(body), signature);
        return $"{body}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Base64(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private sealed class TempFile : IDisposable
    {
        public TempFile(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
