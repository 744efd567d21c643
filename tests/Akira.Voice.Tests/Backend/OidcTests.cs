using System.Net;
using Akira.Voice.Backend;
using Akira.Voice.Tests.Real;

namespace Akira.Voice.Tests.Backend;

/// <summary>The whole way of a browser: to the provider, back with a code, to the pages, and to a session.</summary>
public sealed class OidcTests : IAsyncLifetime
{
    private const string Pages = "http://pages.test:8090";
    private Postgres _database = null!;
    private OidcProvider _provider = null!;
    private RunningBackend _backend = null!;

    public async ValueTask InitializeAsync()
    {
        (_database, _provider) = (await Postgres.Start(), await OidcProvider.Start());
        _backend = await RunningBackend.Start(
            _database,
            set: o =>
                o with
                {
                    FrontendUrl = Pages,
                    Oidc = new OidcOptions
                    {
                        Authority = _provider.Url,
                        ClientId = "akira",
                        ClientSecret = "secret",
                        Name = "Example",
                        ViewerGroup = "staff",
                    },
                }
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _provider.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <returns>Where the browser ends up.</returns>
    private async Task<HttpResponseMessage> Browse()
    {
        using var handler = new HttpClientHandler
        {
            AllowAutoRedirect = false,
            CookieContainer = new CookieContainer(),
        };
        using var browser = new HttpClient(handler) { BaseAddress = _backend.Http.BaseAddress };
        using var begun = await browser.GetAsync("/api/session/oidc?return=/login");
        Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);
        using var asked = await browser.GetAsync(begun.Headers.Location);
        using var came = await browser.GetAsync(asked.Headers.Location);
        Assert.Equal(HttpStatusCode.Redirect, came.StatusCode);
        return await browser.GetAsync(came.Headers.Location);
    }

    [Theory]
    [InlineData("staff", "viewer")]
    [InlineData("akira-operators", "operator")]
    [InlineData("akira-admins", "admin")]
    public async Task Whoever_the_provider_sends_has_a_session_with_the_role_of_their_group(string group, string role)
    {
        _provider.Groups = [group, "others"];
        using var end = await Browse();
        Assert.StartsWith($"{Pages}/login?code=", end.Headers.Location!.ToString(), StringComparison.Ordinal);
        var code = end.Headers.Location.Query["?code=".Length..];
        var session = await _backend.Ask(HttpMethod.Post, "/api/session", $$"""{"code":"{{code}}"}""", token: null);
        Assert.Equal((200, "anna", role), (session.Status, session["name"], session["role"]));
        var again = await _backend.Ask(HttpMethod.Post, "/api/session", $$"""{"code":"{{code}}"}""", token: null);
        Assert.Equal((401, "bad-login"), (again.Status, again["code"]));
    }

    [Fact]
    public async Task Who_is_in_no_group_of_ours_stays_out()
    {
        _provider.Groups = ["others"];
        using var end = await Browse();
        Assert.Equal(HttpStatusCode.Forbidden, end.StatusCode);
    }

    [Fact]
    public async Task A_code_is_carried_to_our_own_pages_only()
    {
        var answer = await _backend.Ask(HttpMethod.Get, "/api/session/oidc?return=https://evil.test/", token: null);
        Assert.Equal((400, "return"), (answer.Status, answer["field"]));
    }

    [Fact]
    public async Task The_pages_are_told_that_there_is_this_way_in() =>
        Assert.Equal("Example", (await _backend.Ask(HttpMethod.Get, "/api/session/ways", token: null))["oidcName"]);
}
