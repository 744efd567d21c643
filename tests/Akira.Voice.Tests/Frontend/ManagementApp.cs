using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Akira.Scenarios.Real;
using Akira.Voice.Backend;
using Akira.Voice.CdrWorker;
using Akira.Voice.Frontend;
using Akira.Voice.Management;
using Akira.Voice.Tests.Real;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using Npgsql;

namespace Akira.Voice.Tests.Frontend;

/// <summary>One app for all of them, one after another: some take the backend away.</summary>
[CollectionDefinition(nameof(ManagementApp))]
public sealed class OneManagementApp : ICollectionFixture<ManagementApp>;

/// <summary>The whole management app: PostgreSQL, backend, pages and a browser, each real, on ports of loopback.</summary>
public sealed class ManagementApp : IAsyncLifetime
{
    public const string AdminToken = "the-admin-of-these-tests";
    public const string Password = "correct horse battery";
    private const string Chromium = "/usr/bin/chromium";

    private readonly int _backendPort = FreePort.Next();
    private readonly int _frontendPort = FreePort.Next();
    private Postgres _postgres = null!;
    private OidcProvider _provider = null!;
    private NpgsqlDataSource _database = null!;
    private WebApplication? _backend;
    private WebApplication _frontend = null!;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;
    private int _calls;

    public string Address => $"http://127.0.0.1:{_frontendPort}";

    public HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        DebianPackage.Require("chromium", "chromium");
        (_postgres, _provider) = (await Postgres.Start(), await OidcProvider.Start());
        _database = NpgsqlDataSource.Create(_postgres.Connection);
        await CdrTables.Ensure(_database, CancellationToken.None);
        await StartBackend();
        _frontend = Voice.Frontend.Frontend.Build(
            new FrontendOptions(Address, $"http://127.0.0.1:{_backendPort}"),
            TimeProvider.System
        );
        await _frontend.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_backendPort}") };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
        await Ready();
        foreach (var role in (string[])["viewer", "operator"])
            await Post("api/accounts", new Account($"the-{role}", role, Password));
        await Post("api/customers", new Customer("nordwind", "Nordwind Telecom AG"));
        await Post("api/trunks", new Trunk("carrier-1", "Carrier One", "sip.one.example"));
        await Post("api/trunks", new Trunk("carrier-2", "Carrier Two", "sip.two.example", Transport: "tls"));
        await Post("api/routes", new Route("", "39", ["carrier-1", "carrier-2"]));
        await Post("api/rates", new Rate("", null, "39", 0.012m, "EUR", new DateOnly(2026, 1, 1)));
        await Post("api/deploys", new Deploy("2026.11.3", "akira-backend", null));
        for (var minute = 59; minute >= 0; minute--)
        for (var call = 0; call < 4; call++)
            await Call(TimeSpan.FromSeconds(60 * minute + 13 * call + 5), code: call == 3 ? 503 : 200);

        Assertions.SetDefaultExpectTimeout(30_000); // a limit for a busy machine, not a speed
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-quic"] }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        Http?.Dispose();
        if (_frontend is not null)
            await _frontend.DisposeAsync();
        await StopBackend();
        if (_provider is not null)
            await _provider.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }

    public async Task StartBackend()
    {
        _backend = BackendHost.Build(
            new BackendOptions
            {
                Listen = $"http://127.0.0.1:{_backendPort}",
                Database = _postgres.Connection,
                Token = AdminToken,
                FrontendUrl = Address,
                Oidc = new OidcOptions
                {
                    Authority = _provider.Url,
                    ClientId = "akira",
                    ClientSecret = "secret",
                    Name = "Example",
                },
            },
            TimeProvider.System
        );
        await _backend.StartAsync();
    }

    public async Task StopBackend()
    {
        if (_backend is null)
            return;
        await _backend.StopAsync();
        await _backend.DisposeAsync();
        _backend = null;
    }

    public Task CrashDatabase() => _postgres.Crash();

    public async Task StartDatabase()
    {
        await _postgres.Start(again: true);
        _database.Clear(); // its connections are to the one that crashed
    }

    public async Task ClosePages()
    {
        foreach (var context in _browser.Contexts.ToList())
            await context.CloseAsync();
    }

    /// <summary>A form is drawn before its circuit is there, and closed until then.</summary>
    public static Task UntilItCanBeTypedInto(IPage page) =>
        Assertions.Expect(page.Locator("main fieldset:not([disabled])")).ToHaveCountAsync(1);

    /// <summary>A page of somebody who is logged in, and of whom nobody else's cookies are known.</summary>
    /// <param name="token">Null: nobody is logged in.</param>
    public async Task<IPage> Open(string? token = AdminToken, int width = 1440, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _browser.NewContextAsync(
            new()
            {
                BaseURL = Address,
                ColorScheme = scheme,
                ViewportSize = new() { Width = width, Height = width == 390 ? 844 : 900 },
            }
        );
        if (token is not null)
            await context.AddCookiesAsync([
                new()
                {
                    Name = "akira-app",
                    Value = token,
                    Url = Address,
                },
            ]);
        return await context.NewPageAsync();
    }

    public async Task<string> TokenOf(string name)
    {
        using var answer = await Http.PostAsJsonAsync("api/session", new Credentials(name, Password));
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<Session>(JsonSerializerOptions.Web))!.Token;
    }

    public async Task<T> Post<T>(string path, T body)
    {
        using var answer = await Http.PostAsJsonAsync(path, body, JsonSerializerOptions.Web);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<T>(JsonSerializerOptions.Web))!;
    }

    /// <summary>Another saves an entry that was read at the given version.</summary>
    public async Task Put<T>(string path, T body)
        where T : IEntry
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path)
        {
            Content = JsonContent.Create(body, options: JsonSerializerOptions.Web),
        };
        request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{body.Version}\""));
        using var answer = await Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A call's records, as the worker writes them: it rang after a second, and a 2xx talked for a minute.</summary>
    /// <returns>Its Call-ID.</returns>
    public async Task<string> Call(TimeSpan ago, int code = 200, bool hungUp = true, string src = "+390212345678")
    {
        var number = Interlocked.Increment(ref _calls);
        var invited = TimeProvider.System.GetUtcNow() - ago;
        var callId = $"call-{number}@sip-01";
        await Write("setup");
        if (code < 300 && hungUp)
            await Write("end");
        return callId;

        async Task Write(string type)
        {
            await using var insert = _database.CreateCommand(
                """
                INSERT INTO cdr (call_uid, type, t_invite, leg, attempt, is_last, call_id, from_tag, node, t_ring, t_answer, t_final, t_end,
                    t_emit, sip_code, code_origin, disconnect_by, customer, trunk_in, trunk_out, src, dst, config_version, rate, currency, stream_seq)
                VALUES ($1, $2, $3, 0, 1, true, $4, $5, 'sip-01', $6, $7, $8, $9, now(), $10, 'remote', $11, 'nordwind', 'nordwind', 'carrier-1', $12,
                    '+4930987654321', '2026.11.3', 0.012, 'EUR', $13)
                """
            );
            var answered = code < 300 ? invited.AddSeconds(4) : (DateTimeOffset?)null;
            object?[] values =
            [
                $"{invited.ToUnixTimeMilliseconds():x12}{number:x20}",
                type,
                invited,
                callId,
                $"tag-{number}",
                invited.AddSeconds(1.2),
                answered,
                answered ?? invited.AddSeconds(2),
                type == "end" ? invited.AddSeconds(64) : null,
                code,
                type == "end" ? "caller" : null,
                src,
                (long)number,
            ];
            foreach (var value in values)
                insert.Parameters.Add(new() { Value = value ?? DBNull.Value });
            await insert.ExecuteNonQueryAsync();
        }
    }

    /// <summary>The backend makes its tables while it answers already.</summary>
    private async Task Ready()
    {
        for (var left = 300; ; left--)
        {
            using var answer = await Http.GetAsync(new Uri("api/trunks", UriKind.Relative));
            if (answer.IsSuccessStatusCode)
                return;
            Assert.True(left > 0, $"the backend is not ready: {await answer.Content.ReadAsStringAsync()}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }
}
