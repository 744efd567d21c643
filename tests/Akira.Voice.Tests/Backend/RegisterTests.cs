using Akira.Voice.Tests.Real;

namespace Akira.Voice.Tests.Backend;

/// <summary>Customers, trunks, routes and rates over HTTP, kept in a real PostgreSQL.</summary>
public sealed class RegisterTests : IAsyncLifetime
{
    private Postgres _database = null!;
    private RunningBackend _backend = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Postgres.Start();
        _backend = await RunningBackend.Start(_database, set: o => o with { SipAddresses = ["10.77.0.11"] });
    }

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static string Trunk(string id, string host = "192.0.2.1", string name = "Carrier") =>
        $$"""{"id":"{{id}}","name":"{{name}}","host":"{{host}}"}""";

    private static string Route(string prefix, string trunks, string? overflow = null) =>
        $$"""{"prefix":"{{prefix}}","trunks":[{{trunks}}],"overflow":{{(overflow is null ? "null" : $"\"{overflow}\"")}}}""";

    [Fact]
    public async Task What_was_made_is_listed_with_its_version_and_its_maker()
    {
        var made = await _backend.Post("/api/trunks", Trunk("carrier-1"));
        Assert.Equal((201, "\"1\"", "admin", "5060"), (made.Status, made.ETag, made["changedBy"], made["port"]));
        var list = (await _backend.Get("/api/trunks")).Body.AsArray();
        Assert.Equal("carrier-1", Assert.Single(list)!["id"]!.ToString());
    }

    [Fact]
    public async Task The_second_of_two_editors_hears_who_was_quicker_and_changes_nothing()
    {
        await _backend.Post("/api/trunks", Trunk("carrier-1"));
        var first = await _backend.Put("/api/trunks/carrier-1", Trunk("carrier-1", name: "First"), version: 1);
        var second = await _backend.Put("/api/trunks/carrier-1", Trunk("carrier-1", name: "Second"), version: 1);
        Assert.Equal((200, "2"), (first.Status, first["version"]));
        Assert.Equal((412, "changed-meanwhile", "admin"), (second.Status, second["code"], second["by"]));
        Assert.StartsWith("admin changed it at ", second["detail"], StringComparison.Ordinal);
        Assert.Equal("First", (await _backend.Get("/api/trunks/carrier-1"))["name"]);
    }

    [Fact]
    public async Task A_change_that_does_not_say_what_it_read_is_asked_to()
    {
        await _backend.Post("/api/trunks", Trunk("carrier-1"));
        var blind = await _backend.Put("/api/trunks/carrier-1", Trunk("carrier-1"));
        Assert.Equal((428, "no-version"), (blind.Status, blind["code"]));
    }

    [Fact]
    public async Task Each_change_is_in_the_audit_trail_with_what_was_before()
    {
        await _backend.Post("/api/trunks", Trunk("carrier-1", name: "Old"));
        await _backend.Put("/api/trunks/carrier-1", Trunk("carrier-1", name: "New"), version: 1);
        await _backend.Post("/api/trunks/carrier-1/archive", version: 2);
        var page = await _backend.Get("/api/audit?kind=trunk&id=carrier-1");
        var lines = page.Body["items"]!.AsArray();
        Assert.Equal(["archive", "change", "create"], lines.Select(l => l!["what"]!.ToString()));
        Assert.Equal("Old", lines[1]!["before"]!["name"]!.ToString());
        Assert.Equal("New", lines[1]!["after"]!["name"]!.ToString());
    }

    [Fact]
    public async Task The_audit_trail_goes_on_where_a_page_ended()
    {
        for (var i = 1; i <= 3; i++)
            await _backend.Post("/api/trunks", Trunk($"carrier-{i}"));
        var first = await _backend.Get("/api/audit?limit=2");
        var second = await _backend.Get($"/api/audit?limit=2&after={first["next"]}");
        Assert.Equal("carrier-1", Assert.Single(second.Body["items"]!.AsArray())!["id"]!.ToString());
        Assert.Null(second["next"]);
    }

    [Fact]
    public async Task An_archived_trunk_is_not_listed_and_can_be_restored()
    {
        await _backend.Post("/api/trunks", Trunk("carrier-1"));
        await _backend.Post("/api/trunks/carrier-1/archive", version: 1);
        Assert.Empty((await _backend.Get("/api/trunks")).Body.AsArray());
        Assert.Single((await _backend.Get("/api/trunks?archived=true")).Body.AsArray());
        var changed = await _backend.Put("/api/trunks/carrier-1", Trunk("carrier-1"), version: 2);
        Assert.Equal((409, "archived"), (changed.Status, changed["code"]));
        var restored = await _backend.Post("/api/trunks/carrier-1/restore", version: 2);
        Assert.Equal((200, "false"), (restored.Status, restored["archived"]));
    }

    [Fact]
    public async Task A_trunk_that_a_route_uses_is_not_archived()
    {
        await _backend.Post("/api/trunks", Trunk("carrier-1"));
        await _backend.Post("/api/routes", Route("39", "\"carrier-1\""));
        var refused = await _backend.Post("/api/trunks/carrier-1/archive", version: 1);
        Assert.Equal((409, "in-use"), (refused.Status, refused["code"]));
        Assert.Contains("route 1 (+39)", refused["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routes_that_would_send_calls_round_are_refused_with_the_way_round()
    {
        await _backend.Post("/api/trunks", Trunk("carrier-1"));
        await _backend.Post("/api/routes", Route("39", "\"carrier-1\""));
        await _backend.Post("/api/routes", Route("44", "\"carrier-1\"", overflow: "1"));
        var loop = await _backend.Put("/api/routes/1", Route("39", "\"carrier-1\"", overflow: "2"), version: 1);
        Assert.Equal((409, "route-loop"), (loop.Status, loop["code"]));
        Assert.Equal(["1", "2", "1"], loop.Body["details"]!.AsArray().Select(d => d!.ToString()));
        var itself = await _backend.Put("/api/routes/1", Route("39", "\"carrier-1\"", overflow: "1"), version: 1);
        Assert.Equal("route-loop", itself["code"]);
    }

    [Fact]
    public async Task A_trunk_to_our_own_sip_server_is_a_loop()
    {
        var loop = await _backend.Post("/api/trunks", Trunk("carrier-1", host: "10.77.0.11"));
        Assert.Equal((409, "route-loop", "host"), (loop.Status, loop["code"], loop["field"]));
    }

    [Fact]
    public async Task What_is_named_and_not_there_is_said()
    {
        var route = await _backend.Post("/api/routes", Route("39", "\"nobody\""));
        Assert.Equal((409, "unknown-reference", "trunks[0]"), (route.Status, route["code"], route["field"]));
        var rate = await _backend.Post(
            "/api/rates",
            """{"customer":"nobody","prefix":"39","perMinute":0.01,"currency":"EUR","from":"2026-11-01"}"""
        );
        Assert.Equal((409, "unknown-reference", "customer"), (rate.Status, rate["code"], rate["field"]));
    }

    [Fact]
    public async Task The_same_id_or_the_same_prefix_twice_is_refused()
    {
        await _backend.Post("/api/trunks", Trunk("carrier-1"));
        Assert.Equal("id-taken", (await _backend.Post("/api/trunks", Trunk("carrier-1")))["code"]);
        await _backend.Post("/api/routes", Route("39", "\"carrier-1\""));
        var twice = await _backend.Post("/api/routes", Route("39", "\"carrier-1\""));
        Assert.Equal((409, "id-taken"), (twice.Status, twice["code"]));
        Assert.Contains("+39", twice["detail"], StringComparison.Ordinal);
    }
}
