using System.Net;
using Akira.Http;
using Akira.Voice.Backend;
using Akira.Voice.Frontend;
using Akira.Voice.Tests.Real;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Akira.Voice.Tests.Frontend;

/// <summary>PostgreSQL, a provider, the backend and the pages, and a proxy before them.</summary>
public sealed class OidcSite : IAsyncLifetime
{
    public static readonly Uri Address = new("https://akira.test");

    private Postgres _database = null!;
    private WebApplication _pages = null!;

    internal OidcProvider Provider { get; private set; } = null!;

    internal RunningBackend Backend { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        (_database, Provider) = (await Postgres.Start(), await OidcProvider.Start());
        Backend = await RunningBackend.Start(_database, set: o => With(o, Provider.Url));
        var first = Backend.App.Services.GetRequiredService<LoginLink>().Make();
        Assert.Equal("admin", (await Backend.Post("/api/session", $$"""{"code":"{{first}}"}"""))["name"]);
        _pages = await Pages(Backend);
    }

    internal ProxiedBrowser Browser() => new(Address, new Uri(_pages.Urls.First()));

    internal static async Task<WebApplication> Pages(RunningBackend backend)
    {
        var pages = Voice.Frontend.Frontend.Build(
            new FrontendOptions("http://127.0.0.1:0", backend.Http.BaseAddress!.ToString()),
            TimeProvider.System
        );
        await pages.StartAsync();
        return pages;
    }

    /// <summary>A backend like it, that is told of another provider.</summary>
    internal Task<RunningBackend> BackendWith(string provider) =>
        RunningBackend.Start(_database, set: o => With(o, provider));

    private static BackendOptions With(BackendOptions options, string provider) =>
        options with
        {
            FrontendUrl = Address.ToString(),
            Oidc = new OidcOptions
            {
                Authority = provider,
                ClientId = "akira",
                ClientSecret = "secret",
                Name = "Example",
                ViewerGroup = "staff",
            },
        };

    public async ValueTask DisposeAsync()
    {
        await _pages.DisposeAsync();
        await Backend.DisposeAsync();
        await Provider.DisposeAsync();
        await _database.DisposeAsync();
    }
}

/// <summary>The whole way of a browser: over the pages to the provider, back with a code, and to where it wanted.</summary>
public sealed class OidcTests : IClassFixture<OidcSite>, IDisposable
{
    private readonly OidcSite _site;
    private readonly ProxiedBrowser _browser;

    public OidcTests(OidcSite site)
    {
        (_site, _browser) = (site, site.Browser());
        (Provider.Person, Provider.Groups, Provider.ForgedNonce) = ("anna", ["staff"], null);
    }

    public void Dispose() => _browser.Dispose();

    private OidcProvider Provider => _site.Provider;

    private async Task<string?> RoleNow() =>
        (await _site.Backend.Ask(HttpMethod.Get, "/api/session", token: _browser.Session?.Value))["role"];

    [Theory]
    [InlineData("staff", "viewer")]
    [InlineData("akira-operators", "operator")]
    [InlineData("akira-admins", "admin")]
    public async Task Whoever_the_provider_sends_has_the_role_of_their_group(string group, string role)
    {
        Provider.Groups = [group, "others"];
        var arrived = await _browser.Go("/login/oidc");

        Assert.Equal((OidcSite.Address, 200), (arrived.At, arrived.Status));
        Assert.Contains("anna", arrived.Text, StringComparison.Ordinal);
        Assert.Equal(role, await RoleNow());
    }

    [Fact]
    public async Task Who_wanted_to_see_a_page_sees_it_after_the_way_over_the_provider()
    {
        var asked = await _browser.Go("/calls?code=503&number=%2B39*");
        Assert.Equal("/login", asked.At.AbsolutePath);
        var link = System.Text.RegularExpressions.Regex.Match(asked.Text, "href=\"(login/oidc[^\"]*)\"").Groups[1];

        var arrived = await _browser.Go(WebUtility.HtmlDecode(link.Value));

        Assert.Equal(("/calls?code=503&number=%2B39*", 200), (arrived.At.PathAndQuery, arrived.Status));
    }

    [Fact]
    public async Task Behind_a_proxy_with_a_certificate_everything_is_https()
    {
        await _browser.Go("/login/oidc");

        Assert.Equal("https://akira.test/api/session/oidc/callback", Provider.Back);
        Assert.True(_browser.Session!.Secure);
        Assert.True(_browser.Session.HttpOnly);
    }

    [Theory]
    [InlineData("others")]
    [InlineData(null)]
    public async Task Who_is_in_no_group_of_ours_stays_out_and_is_told_so(string? group)
    {
        Provider.Groups = group is null ? null : [group];
        var arrived = await _browser.Go("/login/oidc?to=/calls");

        Assert.Equal("/login?to=%2Fcalls&why=role-too-low", arrived.At.PathAndQuery);
        Assert.Contains("not in a group", arrived.Text, StringComparison.Ordinal);
        Assert.Null(_browser.Session);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("code")]
    public async Task What_was_forged_on_the_way_back_lets_nobody_in(string what)
    {
        var arrived = await _browser.Go(
            "/login/oidc",
            at =>
                at.AbsolutePath == "/api/session/oidc/callback"
                    ? new(
                        $"{at.GetLeftPart(UriPartial.Path)}{at.Query.Replace($"{what}=", $"{what}=forged", StringComparison.Ordinal)}"
                    )
                    : at
        );

        Assert.Equal("/login?why=oidc", arrived.At.PathAndQuery);
        Assert.Contains("was not completed", arrived.Text, StringComparison.Ordinal);
        Assert.Null(_browser.Session);
    }

    [Fact]
    public async Task A_token_for_another_log_in_lets_nobody_in()
    {
        Provider.ForgedNonce = "of-another";
        var arrived = await _browser.Go("/login/oidc");

        Assert.Equal("/login?why=oidc", arrived.At.PathAndQuery);
        Assert.Null(_browser.Session);
    }

    [Fact]
    public async Task A_way_back_that_began_in_another_browser_ends_outside()
    {
        using var other = _site.Browser();
        var stolen = "";
        await other.Go(
            "/login/oidc",
            at => at.AbsolutePath.EndsWith("/callback", StringComparison.Ordinal) ? Stop(at) : at
        );

        var arrived = await _browser.Go(stolen);

        Assert.Equal("/login?why=oidc", arrived.At.PathAndQuery);
        Assert.Null(_browser.Session);

        Uri Stop(Uri at)
        {
            stolen = at.PathAndQuery;
            return new(OidcSite.Address, "/healthz");
        }
    }

    [Fact]
    public async Task A_code_counts_once()
    {
        var used = "";
        await _browser.Go("/login/oidc", at => Seen(at));
        using var second = _site.Browser();

        var arrived = await second.Go(used);

        Assert.Contains("was used already", arrived.Text, StringComparison.Ordinal);
        Assert.Null(second.Session);

        Uri Seen(Uri at)
        {
            used = at.AbsolutePath == "/login" ? at.PathAndQuery : used;
            return at;
        }
    }

    [Fact]
    public async Task Who_logs_out_is_out_here_and_their_token_counts_no_more()
    {
        await _browser.Go("/login/oidc");
        var token = _browser.Session!.Value;

        var arrived = await _browser.Go(HttpMethod.Post, "/logout");

        Assert.Equal("/login", arrived.At.AbsolutePath);
        Assert.Null(_browser.Session);
        Assert.Equal(401, (await _site.Backend.Ask(HttpMethod.Get, "/api/session", token: token)).Status);
    }

    [Fact]
    public async Task A_name_at_the_provider_opens_no_account_that_has_a_password()
    {
        await _site.Backend.Post(
            "/api/accounts",
            """{"name":"local","role":"admin","password":"correct horse battery"}"""
        );
        Provider.Person = "local";

        var arrived = await _browser.Go("/login/oidc");

        Assert.Contains("password of its own", arrived.Text, StringComparison.Ordinal);
        Assert.Null(_browser.Session);
        var accounts = await _site.Backend.Get("/api/accounts");
        Assert.Contains(accounts.Body.AsArray(), a => (string?)a!["name"] == "local" && (string?)a["role"] == "admin");
    }

    [Fact]
    public async Task A_name_at_the_provider_is_not_the_first_administrators()
    {
        Provider.Person = "admin";

        await _browser.Go("/login/oidc");

        Assert.Null(_browser.Session);
        var accounts = await _site.Backend.Get("/api/accounts");
        Assert.Contains(accounts.Body.AsArray(), a => (string?)a!["name"] == "admin" && (string?)a["role"] == "admin");
    }

    [Fact]
    public async Task Whose_account_is_archived_stays_out_and_is_told_so()
    {
        await _site.Backend.Post("/api/accounts", """{"name":"gone","role":"viewer","archived":true}""");
        Provider.Person = "gone";

        var arrived = await _browser.Go("/login/oidc");

        Assert.Contains("is archived", arrived.Text, StringComparison.Ordinal);
        Assert.Null(_browser.Session);
    }

    [Fact]
    public async Task A_provider_that_is_away_is_said_to_be()
    {
        await using var backend = await _site.BackendWith($"http://127.0.0.1:{FreePort.Next()}");
        await using var pages = await OidcSite.Pages(backend);
        using var browser = new ProxiedBrowser(OidcSite.Address, new Uri(pages.Urls.First()));

        var arrived = await browser.Go("/login/oidc?to=/calls");

        Assert.Equal("/login?to=%2Fcalls&why=provider-away", arrived.At.PathAndQuery);
        Assert.Contains("does not answer just now", arrived.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.test/")]
    [InlineData("//evil.test/")]
    [InlineData("http://akira.test/login")]
    public async Task A_code_is_carried_to_our_own_pages_only(string page)
    {
        var answer = await _site.Backend.Ask(
            HttpMethod.Get,
            $"/api/session/oidc?return={Uri.EscapeDataString(page)}",
            token: null
        );
        Assert.Equal((400, "return"), (answer.Status, answer["field"]));
    }

    [Fact]
    public async Task The_log_in_page_has_a_button_with_the_providers_name() =>
        Assert.Contains("Log in with Example", (await _browser.Go("/login")).Text, StringComparison.Ordinal);
}
