using System.Net;
using System.Text;
using Akira.Voice.CdrRelay;
using Akira.Voice.CdrWorker;
using Akira.Voice.Stream;
using Akira.Voice.Tests.Real;

namespace Akira.Voice.Tests;

/// <summary>From the SIP server's datagrams to rows, over a real nats-server and a real PostgreSQL.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private readonly string _spool = Directory.CreateTempSubdirectory("akira-spool-").FullName;
    private readonly int _port = FreePort.Next();
    private readonly List<string> _said = [];
    private NatsServer _nats = null!;
    private Postgres _database = null!;

    public async ValueTask InitializeAsync() => (_nats, _database) = (await NatsServer.Start(), await Postgres.Start());

    public async ValueTask DisposeAsync()
    {
        await _nats.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_spool, recursive: true);
    }

    [Fact]
    public async Task Setup_and_end_of_a_call_are_two_rows_with_one_time_ordered_identity()
    {
        await using var relay = Running.Start(Relay);
        await Listening();
        await using var worker = Running.Start(Worker);
        await Events.Send(_port, [Events.Setup(1), Events.End(1), Events.Setup(2), Events.Heartbeat(3)]);
        await Rows(3);

        var uids = await _database.Column("SELECT call_uid FROM cdr ORDER BY call_uid, type");
        Assert.Equal(uids[0], uids[1]);
        Assert.True(string.CompareOrdinal(uids[1], uids[2]) < 0);
        Assert.Equal(3, await _database.Count("SELECT last_seq FROM cdr_node"));
        Assert.Equal(3, await _database.Count("SELECT received FROM cdr_node"));
    }

    [Fact]
    public async Task An_event_that_is_sent_twice_is_a_row_once()
    {
        await using var relay = Running.Start(Relay);
        await Listening();
        await using var worker = Running.Start(Worker);
        await Events.Send(_port, [Events.Setup(1), Events.Setup(1), Events.Setup(2)]);
        await Rows(2);
    }

    [Fact]
    public async Task What_comes_while_nats_is_away_is_kept_and_goes_to_the_stream_when_it_is_back()
    {
        await using var relay = Running.Start(Relay);
        await Listening();
        await using var worker = Running.Start(Worker);
        await Events.Send(_port, [Events.Setup(1)]);
        await Rows(1);
        await _nats.Kill();
        await Events.Send(_port, Enumerable.Range(2, 499).Select(c => Events.Setup(c)));
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        await _nats.Start();
        await Rows(500);
    }

    [Fact]
    public async Task A_relay_that_starts_again_sends_what_the_one_before_had_not()
    {
        await _nats.Kill();
        await using (Running.Start(Relay))
        {
            await Listening();
            await Events.Send(_port, Enumerable.Range(1, 500).Select(c => Events.Setup(c)));
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
        await _nats.Start();
        await using var relay = Running.Start(Relay);
        await Listening();
        await using var worker = Running.Start(Worker);
        await Rows(500);
    }

    [Fact]
    public async Task Calls_go_on_into_the_stream_while_the_database_is_down_and_none_is_lost_or_poison()
    {
        await using var relay = Running.Start(Relay);
        await Listening();
        await using var worker = Running.Start(Worker);
        await Events.Send(_port, [Events.Setup(1)]);
        await Rows(1);
        await _database.Crash();
        await Events.Send(_port, Enumerable.Range(2, 2999).Select(c => Events.Setup(c)));
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        await _database.Start(again: true);
        await Rows(3000);
        Assert.Equal(0, await _database.Count("SELECT count(*) FROM cdr_dead_letter"));
    }

    [Fact]
    public async Task The_worker_says_in_figures_what_it_wrote_and_what_is_away()
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        using var http = new HttpClient();
        async Task Shows(params string[] figures) =>
            await Until(async () =>
            {
                var page = await http.GetStringAsync(new Uri(address, "/metrics"));
                return figures.All(f => page.Contains($"\nakira_cdr_worker_{f}\n", StringComparison.Ordinal));
            });
        await using var relay = Running.Start(Relay);
        await Listening();
        await using var worker = Running.Start(cancel => Worker(address, cancel));
        await Events.Send(_port, [Events.Setup(1), Events.Setup(2)]);
        await Rows(2);
        await Shows("rows_total 2", "committed_seq 2", "dead_letters_total 0", "database_up 1", "stream_up 1");

        await _database.Crash();
        await Events.Send(_port, [Events.Setup(3)]);
        await Shows("database_up 0", "rows_total 2");
        await _database.Start(again: true);
        await Shows("database_up 1", "rows_total 3");
    }

    [Fact]
    public async Task Poison_among_good_records_is_a_dead_letter_with_its_reason_and_its_bytes_and_stalls_nothing()
    {
        var good = Enumerable.Range(1, 3250).Select(c => Events.Setup(c)).ToList();
        string[] poison =
        [
            "\u00ff{ no JSON",
            Events.Setup(9001).Replace("\"sip_code\":200", "\"sip_code\":\"200\"", StringComparison.Ordinal),
            Events.Setup(9002, start: 0),
            Events.Setup(9003, start: 4_102_444_800_000_000),
            Events.Setup(9004, start: 4_000_000_000_000_000),
            Events.Setup(9005).Replace("nordwind", new string('x', 400_000), StringComparison.Ordinal),
            Events.Setup(9006).Replace("nordwind", "nord\\u0000wind", StringComparison.Ordinal),
            Events.Setup(9007).Replace("nordwind", "\\ud800", StringComparison.Ordinal),
            Events.Setup(9008).Replace("0.012", "1e40", StringComparison.Ordinal),
            Events.Setup(9009).Replace("\"v\"", "\"a\\u0000b\":1,\"v\"", StringComparison.Ordinal),
            "null",
            "[]",
            "",
        ];
        poison =
        [
            .. poison.Select((p, i) => p.Replace("{\"v\"", $"{{\"call_uid\":\"p{i}\",\"v\"", StringComparison.Ordinal)),
        ];
        await using var nats = new NatsLogin(_nats.Url).Connect("test");
        var stream = nats.JetStream();
        await CdrStream.Ensure(stream, CdrStream.Limits.Usual, TestContext.Current.CancellationToken);
        for (var i = 0; i < good.Count; i++)
        {
            if (i % 250 == 0)
                await stream.PublishAsync("akira.cdr.sip-01", Encoding.Latin1.GetBytes(poison[i / 250]));
            var uid = good[i].Replace("{", $"{{\"call_uid\":\"c{i}\",", StringComparison.Ordinal);
            await nats.PublishAsync("akira.cdr.sip-01", Events.Utf8(uid));
        }

        await using var worker = Running.Start(Worker);
        await Rows(3250);
        var reasons = await _database.Column("SELECT reason FROM cdr_dead_letter ORDER BY stream_seq");
        Assert.Equal(poison.Length, reasons.Count);
        Assert.Contains("sip_code: must be a whole number", reasons[1], StringComparison.Ordinal);
        Assert.Contains("between the years 2000 and 2100", reasons[2], StringComparison.Ordinal);
        Assert.Contains("a day ahead", reasons[4], StringComparison.Ordinal);
        Assert.Contains("longer than", reasons[5], StringComparison.Ordinal);
        Assert.Contains("zero character", reasons[6], StringComparison.Ordinal);
        Assert.Contains("a?b", reasons[9], StringComparison.Ordinal);
        Assert.Equal(
            1,
            await _database.Count(
                "SELECT count(*) FROM cdr_dead_letter WHERE payload = '\\xff7b206e6f204a534f4e'::bytea"
            )
        );
    }

    [Fact]
    public async Task The_state_moves_forward_only_and_ends_where_the_stream_does()
    {
        await using var relay = Running.Start(Relay);
        await Listening();
        await using var one = Running.Start(Worker);
        await using var two = Running.Start(Worker);
        await Events.Send(_port, Enumerable.Range(1, 5000).Select(c => Events.Setup(c)));
        await Rows(5000);
        await Until(async () =>
            await _database.Count("SELECT last_seq FROM ingest_state WHERE consumer = 'cdr_worker'") == 5000
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_standby_that_lagged_when_it_took_over_is_given_again_what_it_lost(bool whileNoWorkerRuns)
    {
        await using var relay = Running.Start(Relay);
        await Listening();
        var worker = Running.Start(Worker);
        await Events.Send(_port, Enumerable.Range(1, 3000).Select(c => Events.Setup(c)));
        await Rows(3000);
        if (whileNoWorkerRuns)
            await worker.DisposeAsync();

        // As its log had come to message 1000.
        await _database.Count(
            "WITH lost AS (DELETE FROM cdr WHERE stream_seq > 1000 RETURNING 1), back AS (UPDATE ingest_state SET last_seq = 1000), "
                + "counted AS (UPDATE cdr_node SET received = 1000, last_seq = 1999) SELECT count(*) FROM lost"
        );
        await using var next = whileNoWorkerRuns ? Running.Start(Worker) : worker;
        if (!whileNoWorkerRuns)
            await Events.Send(_port, [Events.Setup(3001)]);
        var rows = whileNoWorkerRuns ? 3000 : 3001;
        await Rows(rows);
        Assert.Equal(rows, await _database.Count("SELECT received FROM cdr_node"));
    }

    private Task Relay(CancellationToken cancel) =>
        Told(
            new Relay(new(new(IPAddress.Loopback, _port), _spool, new(_nats.Url)), TimeProvider.System, Say).Run(cancel)
        );

    private Task Worker(CancellationToken cancel) => Worker(null, cancel);

    private Task Worker(Uri? metrics, CancellationToken cancel) =>
        Told(new Worker(new(new(_nats.Url), _database.Connection, metrics), TimeProvider.System, Say).Run(cancel));

    /// <summary>What ends by itself says so among what was said, where a failed test shows it.</summary>
    private async Task Told(Task running)
    {
        try
        {
            await running;
        }
        catch (Exception e)
        {
            Say(e.ToString());
            throw;
        }
    }

    private void Say(string line)
    {
        lock (_said)
            _said.Add(line);
    }

    private Task Listening() =>
        Until(() => Task.FromResult(_said.Any(s => s.StartsWith("events are taken", StringComparison.Ordinal))));

    private async Task Rows(long rows)
    {
        await Until(async () =>
            await _database.Count("SELECT count(*) FROM pg_class WHERE relname = 'cdr'") == 1
            && await _database.Count("SELECT count(*) FROM cdr") >= rows
        );
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System); // one too many would come late
        Assert.Equal(rows, await _database.Count("SELECT count(*) FROM cdr"));
    }

    private async Task Until(Func<Task<bool>> holds)
    {
        for (var left = 150; !await Holds(); left--)
        {
            Assert.True(left > 0, string.Join('\n', _said.Take(30)));
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        async Task<bool> Holds()
        {
            try
            {
                return await holds();
            }
            catch (Npgsql.NpgsqlException)
            {
                return false;
            }
        }
    }

    /// <summary>Runs until it is disposed of; then it is told to end, and must.</summary>
    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private Task _task = Task.CompletedTask;

        public static Running Start(Func<CancellationToken, Task> run)
        {
            var running = new Running();
            running._task = Task.Run(() => run(running._stop.Token));
            return running;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
            _stop.Dispose();
        }
    }
}
