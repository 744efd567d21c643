using System.Globalization;
using System.Net;
using Akira.Voice.Tests.Real;
using Microsoft.Extensions.Time.Testing;

namespace Akira.Voice.Tests.Backend;

/// <summary>Calls as the worker writes them, searched and counted.</summary>
public sealed class CallSearchTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.UnixEpoch.AddMicroseconds(Events.Noon);

    private readonly FakeTimeProvider _time = new(Noon.AddMinutes(30));
    private Postgres _database = null!;
    private RunningBackend _backend = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Postgres.Start();
        _backend = await RunningBackend.Start(_database, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>A call a second from noon: uid and Call-ID carry its number.</summary>
    private Task Calls(
        int first,
        int last,
        string customer = "nordwind",
        string trunk = "carrier-1",
        int code = 200,
        string dst = "+3933312345"
    ) =>
        _database.Do(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                INSERT INTO cdr (call_uid, type, t_invite, leg, attempt, is_last, call_id, from_tag, node, t_ring, t_answer, t_final, sip_code,
                    code_origin, customer, trunk_in, trunk_out, src, dst, rate, currency, stream_seq)
                SELECT 'uid-' || lpad(i::text, 6, '0'), 'setup', t, 0, 1, true, 'call-' || i, 'tag', 'sip-01', t + interval '1 s',
                    CASE WHEN {code} = 200 THEN t + interval '2 s' END, t + interval '2 s', {code}, 'remote', '{customer}', '{customer}', '{trunk}',
                    '+390212345', '{dst}', 0.012, 'EUR', i
                FROM (SELECT i, timestamptz '2026-11-24 12:00Z' + i * interval '1 s' AS t FROM generate_series({first}, {last}) i) s
                """
            )
        );

    private Task Ends(int first, int last) =>
        _database.Do(
            $"""
            INSERT INTO cdr (call_uid, type, t_invite, t_answer, t_end, disconnect_by, customer, trunk_out, rate, currency, stream_seq)
            SELECT call_uid, 'end', t_invite, t_answer, t_answer + interval '60 s', 'callee', customer, trunk_out, rate, currency, 0
            FROM cdr WHERE type = 'setup' AND call_uid BETWEEN 'uid-{first:000000}' AND 'uid-{last:000000}'
            """
        );

    private async Task<List<string>> Found(string query)
    {
        var page = await _backend.Get($"/api/calls?{query}");
        Assert.Equal(200, page.Status);
        return [.. page.Body["items"]!.AsArray().Select(c => c!["uid"]!.ToString())];
    }

    [Fact]
    public async Task Each_kind_of_search_finds_its_calls_the_newest_first()
    {
        await Calls(1, 3);
        await Calls(4, 4, customer: "costa");
        await Calls(5, 5, trunk: "carrier-2");
        await Calls(6, 6, code: 503);
        await Calls(7, 7, dst: "+4420");
        Assert.Equal(["uid-000007", "uid-000006"], (await Found("limit=2")).Take(2));
        Assert.Equal(["uid-000002"], await Found("callId=call-2"));
        Assert.Equal(["uid-000004"], await Found("customer=costa"));
        Assert.Equal(["uid-000005"], await Found("trunk=carrier-2"));
        Assert.Equal(["uid-000006"], await Found("code=503"));
        Assert.Equal(["uid-000006"], await Found("code=5xx"));
        Assert.Equal(["uid-000007"], await Found("number=%2B4420"));
        Assert.Equal(["uid-000007"], await Found("number=%2B44*"));
        Assert.Equal(7, (await Found("number=%2B390212345")).Count);
        Assert.Equal(["uid-000002"], await Found("from=2026-11-24T12:00:02Z&to=2026-11-24T12:00:03Z"));
        Assert.Empty(await Found("customer=costa&code=503"));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_or_a_repetition()
    {
        await Calls(1, 7);
        var (all, after) = (new List<string>(), "");
        do
        {
            var page = await _backend.Get($"/api/calls?limit=3&after={after}");
            all.AddRange(page.Body["items"]!.AsArray().Select(c => c!["uid"]!.ToString()));
            after = page["next"] ?? "";
        } while (after.Length > 0);
        Assert.Equal(Enumerable.Range(1, 7).Reverse().Select(i => $"uid-{i:000000}"), all);
    }

    [Fact]
    public async Task A_call_has_a_page_with_its_legs_and_what_happened_when()
    {
        await Calls(1, 1);
        await Ends(1, 1);
        var call = await _backend.Get("/api/calls/uid-000001");
        Assert.Equal(
            (200, "call-1", "false", "0.012"),
            (call.Status, call["callId"], call["inProgress"], call["charge"])
        );
        Assert.Equal(
            ["invite", "ring", "answer", "final", "end"],
            call.Body["timeline"]!.AsArray().Select(m => m!["what"]!.ToString())
        );
        var leg = Assert.Single(call.Body["legs"]!.AsArray())!;
        Assert.Equal(("answered", "callee"), (leg["outcome"]!.ToString(), leg["disconnectBy"]!.ToString()));
    }

    [Fact]
    public async Task A_call_that_nobody_knows_is_said_to_be_unknown() =>
        Assert.Equal(
            (404, "not-found"),
            ((await _backend.Get("/api/calls/nothing")).Status, (await _backend.Get("/api/calls/nothing"))["code"])
        );

    [Fact]
    public async Task Traffic_counts_each_minute_as_the_responder_does()
    {
        await Calls(0, 57); // answered within the first minute
        await Calls(58, 59, code: 503); // their final response comes in the second
        await Ends(0, 9);
        var traffic = await _backend.Get("/api/traffic?minutes=31");
        var minutes = traffic.Body["minutes"]!.AsArray();
        Assert.Equal(31, minutes.Count);
        Assert.Equal((58, 58, 1.0), (Of(0, "attempts"), Of(0, "answered"), Of(0, "asr")));
        Assert.Equal((2, 0.0, 58.0), (Of(1, "attempts"), Of(1, "asr"), Of(1, "acd") - 2));
        Assert.Equal(48, traffic.Body["inProgress"]!.GetValue<int>());
        Assert.Equal(0.9, traffic.Body["thresholds"]![0]!["below"]!.GetValue<double>());

        double Of(int minute, string figure) => minutes[minute]![figure]!.GetValue<double>();
    }

    [Fact]
    public async Task Traffic_of_a_trunk_is_its_own_and_new_calls_show_within_a_second()
    {
        _time.SetUtcNow(Noon.AddMinutes(30));
        await Calls(1, 10);
        await Calls(11, 13, trunk: "carrier-2");
        Assert.Equal(3, await Attempts("trunk=carrier-2&"));
        await Calls(1795, 1799, trunk: "carrier-2");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(8, await Attempts("trunk=carrier-2&"));
        Assert.Equal(0, await Attempts("customer=costa&"));

        async Task<int> Attempts(string scope) =>
            (await _backend.Get($"/api/traffic?{scope}minutes=60")).Body["minutes"]!
                .AsArray()
                .Sum(m => m!["attempts"]!.GetValue<int>());
    }

    [Fact]
    public async Task With_the_database_away_it_says_so_soon_and_comes_back_by_itself()
    {
        await Calls(1, 1);
        await _database.Crash();
        var answer = await _backend.Get("/api/calls");
        Assert.Equal((503, "database-away"), (answer.Status, answer["code"]));
        Assert.NotNull(answer.RetryAfter);
        Assert.Equal(503, (await _backend.Get("/readyz")).Status);
        Assert.Equal(200, (await _backend.Get("/healthz")).Status);
        await _database.Start(again: true);
        await _backend.Until("/readyz", HttpStatusCode.OK);
        Assert.Single(await Found("callId=call-1"));
    }
}
