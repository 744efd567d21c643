using Akira.Http;
using Akira.Voice.Tests.Real;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Voice.Tests.Backend;

public sealed class AccessTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddMicroseconds(Events.Noon));
    private Postgres _database = null!;
    private RunningBackend _backend = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Postgres.Start();
        _backend = await RunningBackend.Start(_database, _time, o => o with { Token = null });
        var code = _backend.App.Services.GetRequiredService<LoginLink>().Make();
        _admin = (await LogIn($$"""{"code":"{{code}}"}"""))["token"]!;
    }

    private string _admin = "";

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _database.DisposeAsync();
    }

    private Task<Heard> LogIn(string json) => _backend.Ask(HttpMethod.Post, "/api/session", json, token: null);

    private Task<Heard> LogIn(string name, string password) =>
        LogIn($$"""{"name":"{{name}}","password":"{{password}}"}""");

    private Task<Heard> Ask(string token, HttpMethod method, string path, string? json = null) =>
        _backend.Ask(method, path, json, token: token);

    private async Task<string> NewAccount(string name, string role)
    {
        var made = await Ask(
            _admin,
            HttpMethod.Post,
            "/api/accounts",
            $$"""{"name":"{{name}}","role":"{{role}}","password":"correct horse battery"}"""
        );
        Assert.Equal((200, null), (made.Status, made["password"]));
        return (await LogIn(name, "correct horse battery"))["token"]!;
    }

    [Fact]
    public async Task The_first_link_makes_an_administrator_and_works_once()
    {
        Assert.Equal("admin", (await Ask(_admin, HttpMethod.Get, "/api/session"))["role"]);
        var code = _backend.App.Services.GetRequiredService<LoginLink>().Make();
        Assert.Equal("bad-login", (await LogIn($$"""{"code":"{{code}}"}"""))["code"]);
    }

    [Fact]
    public async Task Without_a_token_nothing_of_the_platform_is_told()
    {
        foreach (var path in new[] { "/api/calls", "/api/trunks", "/api/traffic", "/api/session", "/api/nothing" })
            Assert.Equal(401, (await _backend.Ask(HttpMethod.Get, path, token: null)).Status);
        foreach (var path in new[] { "/healthz", "/readyz", "/metrics", "/openapi/v1.json" })
            Assert.Equal(200, (await _backend.Ask(HttpMethod.Get, path, token: null)).Status);
    }

    [Theory]
    [InlineData("viewer", 200, 403, 403)]
    [InlineData("operator", 200, 201, 403)]
    [InlineData("admin", 200, 201, 200)]
    public async Task A_role_may_what_it_may(string role, int reads, int changes, int administers)
    {
        var token = await NewAccount("somebody", role);
        Assert.Equal(reads, (await Ask(token, HttpMethod.Get, "/api/trunks")).Status);
        const string trunk = """{"id":"t","name":"T","host":"192.0.2.1"}""";
        Assert.Equal(changes, (await Ask(token, HttpMethod.Post, "/api/trunks", trunk)).Status);
        Assert.Equal(administers, (await Ask(token, HttpMethod.Get, "/api/accounts")).Status);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_are_answered_alike()
    {
        await NewAccount("anna", "viewer");
        var (wrong, unknown) = (await LogIn("anna", "not hers at all"), await LogIn("nobody", "not hers at all"));
        Assert.Equal((401, "bad-login"), (wrong.Status, wrong["code"]));
        Assert.Equal(wrong.Text, unknown.Text);
    }

    [Fact]
    public async Task Who_fails_five_times_waits_a_minute()
    {
        await NewAccount("anna", "viewer");
        for (var i = 0; i < 5; i++)
            await LogIn("anna", "guess");
        var refused = await LogIn("anna", "correct horse battery");
        Assert.Equal((429, "too-many-logins"), (refused.Status, refused["code"]));
        Assert.Equal(TimeSpan.FromMinutes(1), refused.RetryAfter);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await LogIn("anna", "correct horse battery")).Status);
    }

    [Fact]
    public async Task A_session_ends_by_logging_out_by_time_and_with_its_account()
    {
        var (one, two) = (await NewAccount("anna", "viewer"), await NewAccount("bruno", "viewer"));
        await Ask(one, HttpMethod.Delete, "/api/session");
        Assert.Equal(401, (await Ask(one, HttpMethod.Get, "/api/trunks")).Status);
        await Ask(
            _admin,
            HttpMethod.Put,
            "/api/accounts/bruno",
            """{"name":"bruno","role":"viewer","archived":true}"""
        );
        Assert.Equal(401, (await Ask(two, HttpMethod.Get, "/api/trunks")).Status);
        _time.Advance(TimeSpan.FromDays(31));
        Assert.Equal(401, (await Ask(_admin, HttpMethod.Get, "/api/trunks")).Status);
    }

    [Fact]
    public async Task A_role_that_is_taken_away_is_gone_at_once()
    {
        var token = await NewAccount("anna", "operator");
        await Ask(_admin, HttpMethod.Put, "/api/accounts/anna", """{"name":"anna","role":"viewer"}""");
        Assert.Equal("viewer", (await Ask(token, HttpMethod.Get, "/api/session"))["role"]);
    }

    [Fact]
    public async Task Secrets_are_not_in_the_database()
    {
        var token = await NewAccount("anna", "viewer");
        var program = (await Ask(_admin, HttpMethod.Post, "/api/tokens", """{"name":"grafana","role":"viewer"}"""))[
            "token"
        ]!;
        Assert.Equal(200, (await Ask(program, HttpMethod.Get, "/api/trunks")).Status);
        var rows = await _database.Column(
            "SELECT t::text FROM session t UNION ALL SELECT t::text FROM token t UNION ALL SELECT t::text FROM account t UNION ALL SELECT t::text FROM audit t"
        );
        Assert.DoesNotContain(rows, r => r.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(rows, r => r.Contains(program, StringComparison.Ordinal));
        Assert.DoesNotContain(rows, r => r.Contains("correct horse", StringComparison.Ordinal));
    }
}
