using System.Globalization;
using Akira.Core.Voice;
using Microsoft.Data.Sqlite;

namespace Akira.Responder.Tests.Voice;

/// <summary>
/// A million calls, counted by Akira as they come and by SQL afterwards. The SQL knows nothing of Akira but the table of
/// raw records: it is written from docs/voice-kpis.md.
/// </summary>
public sealed class IndependentSqlTests
{
    private const int Calls = 1_000_000;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private const string Figures = """
        with call as (
          select distinct * from setup where t_final >= $from and code not in (401, 407) and ($kind = 'trunk' or is_last = 1)),
        scoped as (
          select *, case $kind
            when 'platform' then ''
            when 'customer' then customer
            when 'trunk' then trunk
            else case
              when dst like '+39%' or dst like '+44%' then substr(dst, 1, 4)
              when dst like '+1%' then substr(dst, 1, 3)
              when dst like '0039%' then '+' || substr(dst, 3, 3)
              when dst glob '*[^0-9]*' then 'other'
              else 'national' end
            end as name,
          case
            when code between 200 and 299 then 'answered'
            when code in (486, 600, 603, 607) then 'delivered'
            when code = 480 and (q850 is null or q850 not in (31, 34, 38, 41, 42)) then 'delivered'
            when code = 487 and (t_ring is not null or t_early is not null) then 'delivered'
            when code = 487 and t_final - t_invite < 5000000 then 'abandoned'
            when code in (404, 410, 484, 604) then 'unallocated'
            else 'failed' end as outcome
          from call)
        select name,
          count(*), count(trunk), sum(outcome = 'answered'),
          sum(trunk is not null and outcome = 'answered'),
          sum(trunk is not null and outcome in ('answered', 'delivered')),
          sum(trunk is not null and outcome <> 'abandoned'),
          sum(code between 200 and 299 or code in (480, 486, 600, 603)),
          sum(code not between 300 and 399),
          sum(code in (408, 500, 503, 504)),
          sum(trunk is not null and outcome = 'unallocated')
        from scoped where name is not null group by name
        """;

    /// <summary>The product-limit estimate over exact delays.</summary>
    private const string Delays = """
        with call as (
          select distinct * from setup
          where t_final >= $from and code not in (401, 407) and is_last = 1),
        heard as (
          select min(coalesce(t_ring, 9e18), coalesce(t_early, 9e18),
                     coalesce(t_answer, case when code between 200 and 299 then t_final end, 9e18)) as first,
                 t_invite, t_final, code from call),
        delay as (
          select case when first < 9e18 then first - t_invite else t_final - t_invite end as d, first < 9e18 as observed
          from heard where first < 9e18 or code = 487),
        step as (select d, sum(observed) as died, count(*) as left_here from delay group by d),
        risk as (
          select d, died, (select count(*) from delay) - coalesce(sum(left_here) over (
            order by d rows between unbounded preceding and 1 preceding), 0) as n from step),
        curve as (
          select d, exp(sum(ln(max(1 - 1.0 * died / n, 1e-300))) over (order by d)) as longer from risk)
        select min(d) / 1e6 from curve where longer <= 1 - $q + 1e-12
        """;

    [Fact]
    public void Every_figure_of_a_million_calls_equals_what_sql_finds()
    {
        var windows = new CallWindows();
        using var sql = new SqliteConnection("Data Source=:memory:");
        sql.Open();
        Run(
            sql,
            "create table setup(uid, code int, q850 int, t_invite int, t_ring int, t_early int, t_answer int, t_final int, customer, trunk, dst, is_last int)"
        );
        Run(sql, "create table ended(uid, t_answer int, t_end int, is_last int)");
        Fill(sql, windows);

        foreach (var minutes in new[] { 1, 5, 15, 60 })
        foreach (var kind in new[] { "platform", "customer", "trunk", "prefix" })
            Compare(sql, windows, kind, TimeSpan.FromMinutes(minutes));
        foreach (var minutes in new[] { 1, 5, 60 })
            CompareDelays(sql, windows, TimeSpan.FromMinutes(minutes));
        foreach (var minutes in new[] { 1, 5, 15, 60 })
            CompareTalk(sql, windows, TimeSpan.FromMinutes(minutes));
        Assert.InRange(windows.Duplicates, Calls / 30, Calls / 10);
    }

    private static void Compare(SqliteConnection sql, CallWindows windows, string kind, TimeSpan window)
    {
        using var ask = Ask(sql, Figures, ("$from", Micros(Noon - window)), ("$kind", kind));
        using var row = ask.ExecuteReader();
        var rows = 0;
        while (row.Read())
        {
            rows++;
            var scope = new Scope(kind, row.GetString(0));
            var k = windows.Kpis(scope, window, Noon);
            int Of(int column) => row.GetInt32(column);
            Assert.Equal((scope, Of(1), Of(2), Of(3)), (scope, k.Attempts, k.Seizures, k.Answered));
            Assert.Equal(Measure.Ratio(Of(4), Of(2)), k.Asr);
            Assert.Equal(Measure.Ratio(Of(5), Of(6)), k.Ner);
            Assert.Equal(Measure.Ratio(Of(7), Of(8)), k.Seer);
            Assert.Equal(Measure.Ratio(Of(3), Of(8)), k.Ser);
            Assert.Equal(Measure.Ratio(Of(9), Of(1)), k.Isa);
            Assert.Equal(Measure.Ratio(Of(10), Of(2)), k.Unallocated);
        }
        Assert.Equal(windows.Scopes.Count(s => s.Kind == kind), rows);
    }

    private static void CompareDelays(SqliteConnection sql, CallWindows windows, TimeSpan window)
    {
        var kpis = windows.Kpis(Scope.Platform, window, Noon);
        foreach (var (q, measure) in new[] { (0.5, kpis.PddP50), (0.95, kpis.PddP95) })
        {
            using var ask = Ask(sql, Delays, ("$from", Micros(Noon - window)), ("$q", q));
            var exact = Convert.ToDouble(ask.ExecuteScalar(), CultureInfo.InvariantCulture);
            Assert.InRange(measure.Value!.Value, exact * 0.99, exact * 1.01);
        }
    }

    private static void CompareTalk(SqliteConnection sql, CallWindows windows, TimeSpan window)
    {
        using var ask = Ask(
            sql,
            "select count(*), avg(t_end - t_answer) / 1e6 from (select distinct * from ended where t_end >= $from and is_last = 1)",
            ("$from", Micros(Noon - window))
        );
        using var row = ask.ExecuteReader();
        Assert.True(row.Read());
        var acd = windows.Kpis(Scope.Platform, window, Noon).Acd;
        Assert.Equal(row.GetInt32(0), acd.N);
        Assert.Equal(row.GetDouble(1), acd.Value!.Value, 6);
    }

    private static void Fill(SqliteConnection sql, CallWindows windows)
    {
        var random = new Random(20260301);
        using var transaction = sql.BeginTransaction();
        using var setup = Insert(sql, "setup", 12);
        using var ended = Insert(sql, "ended", 4);
        var recent = new Queue<CallRecord>();
        for (var i = 0; i < Calls; i++)
        {
            var record = Random(random, i);
            Count(record);
            recent.Enqueue(record);
            // One in twenty comes again, some time later.
            if (recent.Count > 5000 && recent.Dequeue() is var old && i % 20 == 0)
                Count(old);
        }
        transaction.Commit();

        void Count(CallRecord r)
        {
            windows.Add(r, Noon);
            if (r.Type == CallRecordType.End)
                Put(ended, r.CallUid, Micros(r.AnsweredAt), Micros(r.EndedAt), r.IsLast is not false ? 1 : 0);
            else
                Put(
                    setup,
                    r.CallUid,
                    r.SipCode,
                    r.Q850,
                    Micros(r.InvitedAt),
                    Micros(r.RangAt),
                    Micros(r.EarlyMediaAt),
                    Micros(r.AnsweredAt),
                    Micros(r.FinalAt),
                    r.Customer,
                    r.TrunkOut,
                    r.Destination,
                    r.IsLast is not false ? 1 : 0
                );
        }
    }

    private static readonly int[] Codes =
    [
        200,
        200,
        200,
        200,
        200,
        200,
        200,
        202,
        302,
        401,
        403,
        404,
        407,
        408,
        410,
        480,
        480,
        484,
        486,
        486,
        487,
        487,
        487,
        488,
        500,
        502,
        503,
        503,
        504,
        600,
        603,
        604,
        606,
        607,
    ];

    /// <summary>In no order: any of it may come late.</summary>
    private static CallRecord Random(Random random, int number)
    {
        // Not into the very last second: windows and SQL would have to agree on what «now» includes.
        var final = Noon.AddMicroseconds(-random.NextInt64(1_000_000, 3_600_000_000L));
        var waited = random.NextDouble() < 0.5 ? random.NextDouble() * 2 : -8 * Math.Log(1 - random.NextDouble());
        var invited = final.AddMicroseconds(-(long)(waited * 1e6));
        var code = Codes[random.Next(Codes.Length)];
        var record = new CallRecord
        {
            Version = 1,
            Type = CallRecordType.Setup,
            CallUid = $"sql-{number}",
            InvitedAt = invited,
            FinalAt = final,
            SipCode = code,
            Q850 = random.Next(3) == 0 ? random.Next(1, 128) : null,
            RangAt = random.Next(2) == 0 ? Between() : null,
            EarlyMediaAt = random.Next(5) == 0 ? Between() : null,
            AnsweredAt = code < 300 ? final : null,
            IsLast =
                random.Next(10) == 0 ? false
                : random.Next(2) == 0 ? true
                : null,
            Customer = random.Next(50) == 0 ? null : $"customer-{random.Next(60)}",
            TrunkOut = random.Next(20) == 0 ? null : $"trunk-{random.Next(20)}",
            Destination = random.Next(5) switch
            {
                0 => $"+39{random.Next(10)}{random.NextInt64(10_000_000, 99_999_999)}",
                1 => $"+44{random.Next(10)}{random.NextInt64(10_000_000, 99_999_999)}",
                2 => $"+1{random.Next(2, 10)}{random.NextInt64(10_000_000, 99_999_999)}",
                3 => $"0039{random.Next(10)}{random.NextInt64(10_000_000, 99_999_999)}",
                _ => random.Next(2) == 0 ? "0212345678" : "alice",
            },
        };
        return code < 300 && random.Next(3) == 0
            ? record with
            {
                Type = CallRecordType.End,
                EndedAt = final,
                AnsweredAt = invited,
            }
            : record;

        DateTimeOffset Between() => invited.AddMicroseconds((long)(random.NextDouble() * waited * 1e6));
    }

    private static long Micros(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10;

    private static long? Micros(DateTimeOffset? at) => at is { } given ? Micros(given) : null;

    private static void Run(SqliteConnection sql, string text)
    {
        using var command = Ask(sql, text);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Ask(SqliteConnection sql, string text, params (string Name, object Value)[] values)
    {
        var command = sql.CreateCommand();
#pragma warning disable CA2100 // Only the constants above come here
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    private static SqliteCommand Insert(SqliteConnection sql, string table, int columns)
    {
        var names = Enumerable.Range(0, columns).Select(i => $"$p{i}").ToArray();
        var command = Ask(sql, $"insert into {table} values ({string.Join(", ", names)})");
        foreach (var name in names)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private static void Put(SqliteCommand insert, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
            insert.Parameters[i].Value = values[i] ?? DBNull.Value;
        insert.ExecuteNonQuery();
    }
}
