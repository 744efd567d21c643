using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Akira.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Akira.Responder.Tests.Access;

public sealed class RoleTests : IAsyncLifetime
{
    private RunningResponder _responder = null!;

    public async ValueTask InitializeAsync() => _responder = await RunningResponder.Start();

    public ValueTask DisposeAsync() => _responder.DisposeAsync();

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)]
    [InlineData("viewer", HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("responder", HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("admin", HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK)]
    public async Task Each_role_may_do_what_it_may(
        string? role,
        HttpStatusCode reads,
        HttpStatusCode acts,
        HttpStatusCode administers
    )
    {
        using var client = await Client(role);

        Assert.Equal(reads, (await client.GetAsync("/api/incidents")).StatusCode);
        Assert.Equal(
            acts,
            (await client.PostAsync("/api/commands", new StringContent("""{"text":"/help"}"""))).StatusCode
        );
        Assert.Equal(administers, (await client.GetAsync("/api/tokens")).StatusCode);
    }

    [Fact]
    public async Task A_revoked_token_opens_nothing()
    {
        using var client = await Client("responder");

        Assert.Equal(HttpStatusCode.NoContent, (await _responder.Http.DeleteAsync("/api/tokens/anna")).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/incidents")).StatusCode);
    }

    [Fact]
    public async Task Only_the_hash_of_a_token_is_on_the_disk()
    {
        using var client = await Client("viewer");
        var token = client.DefaultRequestHeaders.Authorization!.Parameter!;
        var folder = await _responder.Stop();

        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(token, System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)));

        _responder = await RunningResponder.Start(folder: folder);
    }

    [Fact]
    public async Task The_log_in_link_works_once()
    {
        var code = _responder.App.Services.GetRequiredService<LoginLink>().Make();
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = _responder.Http.BaseAddress,
        };

        var first = await browser.GetAsync($"/login?code={code}&name=anna");
        var second = await browser.GetAsync($"/login?code={code}&name=eve");

        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        Assert.Contains("httponly", first.Headers.GetValues("Set-Cookie").Single());
        Assert.False(second.Headers.Contains("Set-Cookie"));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/tokens")).StatusCode);
    }

    [Fact]
    public async Task Whoever_asked_stands_in_the_log()
    {
        using var client = await Client("responder");
        await client.PostAsync("/api/commands", new StringContent("""{"text":"/ticket \"SEV1 - no calls\""}"""));

        var log = await _responder.Get("/api/incidents/INC-1/log");

        Assert.Equal("anna", (string?)log[0]!["by"]);
        Assert.Equal("http", (string?)log[0]!["via"]);
    }

    [Fact]
    public async Task A_calendar_program_reads_the_calendar_with_a_token_as_password_and_nothing_else_so()
    {
        using var client = await Client("viewer");
        var token = client.DefaultRequestHeaders.Authorization!.Parameter;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"anyone:{token}"))
        );
        using var stranger = await Client(null);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/oncall.ics")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/oncall")).StatusCode);
        using var asked = await stranger.GetAsync("/api/oncall.ics");
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.Equal("Basic", Assert.Single(asked.Headers.WwwAuthenticate).Scheme);
    }

    private async Task<HttpClient> Client(string? role)
    {
        var client = new HttpClient { BaseAddress = _responder.Http.BaseAddress };
        if (role is null)
            return client;
        var answer = await _responder.Post("/api/tokens", $$"""{"name":"anna","role":"{{role}}"}""");
        var token = (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["token"];
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
