using Akira.Voice.Tests.Real;

namespace Akira.Voice.Tests.Backend;

/// <summary>SQL, markup and nonsense in every field: one clear answer each.</summary>
public sealed class BadInputTests(BadInputTests.Fixture fixture) : IClassFixture<BadInputTests.Fixture>
{
    public sealed class Fixture : IAsyncLifetime
    {
        internal Postgres Database { get; private set; } = null!;
        internal RunningBackend Backend { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Database = await Postgres.Start();
            Backend = await RunningBackend.Start(Database);
        }

        public async ValueTask DisposeAsync()
        {
            await Backend.DisposeAsync();
            await Database.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("/api/customers", """{"id":"x'; DROP TABLE customer; --","name":"X"}""", "id")]
    [InlineData("/api/customers", """{"id":"<script>","name":"X"}""", "id")]
    [InlineData("/api/customers", """{"id":"x","name":"<img src=x onerror=alert(1)>"}""", "name")]
    [InlineData("/api/customers", """{"id":"x","name":"a\u0000b"}""", "name")]
    [InlineData("/api/customers", """{"id":"x","name":""}""", "name")]
    [InlineData("/api/customers", """{"name":"X"}""", "id")]
    [InlineData("/api/customers", """{"id":"x","name":"X","email":"<b>@x"}""", "email")]
    [InlineData("/api/customers", """{"id":"x","name":"X","currency":"'; --"}""", "currency")]
    [InlineData("/api/customers", """{"id":"x","name":"X","note":"</textarea><script>"}""", "note")]
    [InlineData("/api/trunks", """{"id":"x","name":"X","host":"10.0.0.1; DROP"}""", "host")]
    [InlineData("/api/trunks", """{"id":"x","name":"X","host":"a\nb"}""", "host")]
    [InlineData("/api/trunks", """{"id":"x","name":"X","host":"192.0.2.1","port":70000}""", "port")]
    [InlineData("/api/trunks", """{"id":"x","name":"X","host":"192.0.2.1","port":99999999999999}""", "port")]
    [InlineData("/api/trunks", """{"id":"x","name":"X","host":"192.0.2.1","transport":"sctp"}""", "transport")]
    [InlineData("/api/routes", """{"prefix":"+39","trunks":["x"]}""", "prefix")]
    [InlineData("/api/routes", """{"prefix":"3912345678901234567890","trunks":["x"]}""", "prefix")]
    [InlineData("/api/routes", """{"prefix":"39","trunks":[]}""", "trunks")]
    [InlineData("/api/routes", """{"prefix":"39"}""", "trunks")]
    [InlineData("/api/routes", """{"prefix":"39","trunks":["a","a"]}""", "trunks")]
    [InlineData("/api/routes", """{"prefix":"39","trunks":[null]}""", "trunks[0]")]
    [InlineData(
        "/api/rates",
        """{"prefix":"39","perMinute":-0.01,"currency":"EUR","from":"2026-11-01"}""",
        "perMinute"
    )]
    [InlineData("/api/rates", """{"prefix":"39","perMinute":1e9,"currency":"EUR","from":"2026-11-01"}""", "perMinute")]
    [InlineData(
        "/api/rates",
        """{"prefix":"39","perMinute":0.00000001,"currency":"EUR","from":"2026-11-01"}""",
        "perMinute"
    )]
    [InlineData(
        "/api/rates",
        """{"prefix":"39","perMinute":"much","currency":"EUR","from":"2026-11-01"}""",
        "perMinute"
    )]
    [InlineData("/api/rates", """{"prefix":"39","perMinute":1,"currency":"EUR","from":"31.11.2026"}""", "from")]
    [InlineData("/api/deploys", """{"version":""}""", "version")]
    [InlineData("/api/deploys", """{"version":"<script>"}""", "version")]
    [InlineData("/api/accounts", """{"name":"x","role":"king"}""", "role")]
    [InlineData("/api/accounts", """{"name":"x","role":"viewer","password":"short"}""", "password")]
    public async Task A_bad_entry_is_answered_with_its_field(string path, string json, string field)
    {
        var answer = await fixture.Backend.Post(path, json);
        Assert.Equal((400, "bad-input", field), (answer.Status, answer["code"], answer["field"]));
    }

    [Fact]
    public async Task An_apostrophe_is_no_crime()
    {
        var made = await fixture.Backend.Post(
            "/api/customers",
            """{"id":"obrien","name":"O'Brien'); DROP TABLE customer; --"}"""
        );
        Assert.Equal(201, made.Status);
        Assert.Equal(1, await fixture.Database.Count("SELECT count(*) FROM customer"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    public async Task What_is_no_entry_at_all_is_said_to_be_none(string body)
    {
        var answer = await fixture.Backend.Post("/api/trunks", body);
        Assert.Equal((400, "bad-input"), (answer.Status, answer["code"]));
    }

    [Theory]
    [InlineData("number=' OR 1=1 --", "number")]
    [InlineData("number=123456789012345678901234567890123", "number")]
    [InlineData("number=<script>", "number")]
    [InlineData("callId=a b", "callId")]
    [InlineData("customer=Nordwind'", "customer")]
    [InlineData("trunk=<b>", "trunk")]
    [InlineData("code=999", "code")]
    [InlineData("code=200 OR 1=1", "code")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=31.11.2026", "to")]
    [InlineData("from=2026-11-24T13:00Z&to=2026-11-24T12:00Z", "to")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=100000", "limit")]
    [InlineData("after='; DROP TABLE cdr", "after")]
    public async Task A_bad_search_is_answered_with_its_field(string query, string field)
    {
        var asked = query.Split('&').Select(p => p.Split('=', 2)).Select(p => $"{p[0]}={Uri.EscapeDataString(p[1])}");
        var answer = await fixture.Backend.Get($"/api/calls?{string.Join('&', asked)}");
        Assert.Equal((400, "bad-input", field), (answer.Status, answer["code"], answer["field"]));
    }
}
