using Akira.Voice.CdrWorker;
using Akira.Voice.Replay;
using Akira.Voice.Stream;
using Akira.Voice.Tests.Real;
using NATS.Client.Core;
using Npgsql;

namespace Akira.Voice.Tests;

/// <summary>A window of a real stream, written again to a real PostgreSQL.</summary>
public sealed class ReplayTests : IAsyncLifetime
{
    private const int Calls = 2500;

    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    private NatsServer _server = null!;
    private Postgres _postgres = null!;
    private NatsConnection _nats = null!;
    private NpgsqlDataSource _database = null!;

    public async ValueTask InitializeAsync()
    {
        (_server, _postgres) = (await NatsServer.Start(), await Postgres.Start());
        (_nats, _database) = (new NatsLogin(_server.Url).Connect("test"), Database.Open(_postgres.Connection));
        await CdrTables.Ensure(_database, _cancel);
        await CdrStream.Ensure(_nats.JetStream(), CdrStream.Limits.Usual, _cancel);
        await CdrStream.EnsureWorker(_nats.JetStream(), _cancel);
        for (var call = 1; call <= Calls; call++)
            await Publish(Events.Setup(call).Replace("{", $"{{\"call_uid\":\"c{call}\",", StringComparison.Ordinal));
        await Publish("no JSON");
        await Publish(Events.Heartbeat(Calls));
        await _nats.PingAsync(_cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _nats.DisposeAsync();
        await _database.DisposeAsync();
        await _server.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task The_proof_says_what_would_be_added_and_changes_nothing()
    {
        var proof = await Replay().Prove(DateTimeOffset.UnixEpoch, Soon, _cancel);
        Assert.Equal(new ReplayPlan(Calls + 2, Calls, 0, 1, 1, Twice: 0), proof);
        Assert.Equal(0, await _postgres.Count("SELECT count(*) FROM cdr"));
        Assert.Equal(0, await _postgres.Count("SELECT count(*) FROM cdr_dead_letter"));
    }

    [Fact]
    public async Task Replayed_twice_nothing_changes_the_second_time()
    {
        await Replay().Write(DateTimeOffset.UnixEpoch, Soon, _cancel);
        var before = await State();
        var again = await Replay().Write(DateTimeOffset.UnixEpoch, Soon, _cancel);

        Assert.Equal(Calls, await _postgres.Count("SELECT count(*) FROM cdr"));
        Assert.Equal((0, Calls), (again.New, again.Known));
        Assert.Equal(before, await State());
    }

    [Fact]
    public async Task A_window_that_ends_in_the_future_ends_with_what_is_there_now()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancel);
        var publishing = KeepPublishing(stop.Token);

        await Replay().Write(DateTimeOffset.UnixEpoch, Soon, _cancel).WaitAsync(Patience, TimeProvider.System, _cancel);

        Assert.False(publishing.IsCompleted);
        await stop.CancelAsync();
        await publishing;
    }

    [Fact]
    public async Task A_table_without_its_key_is_found_out_before_anything_is_written()
    {
        await using (var drop = _database.CreateCommand("ALTER TABLE cdr DROP CONSTRAINT cdr_pkey"))
            await drop.ExecuteNonQueryAsync(_cancel);

        var proof = await Replay().Prove(DateTimeOffset.UnixEpoch, Soon, _cancel);
        Assert.False(proof.IsIdempotent);
        Assert.Equal(Calls, proof.Twice);
        Assert.Equal(0, await _postgres.Count("SELECT count(*) FROM cdr"));
    }

    [Fact]
    public async Task Status_tells_what_waits_what_is_missing_and_when_it_would_be_lost()
    {
        await Replay().Write(DateTimeOffset.UnixEpoch, Soon, _cancel);
        var status = await PipelineStatus.Read(_nats, _database, TimeProvider.System.GetUtcNow(), _cancel);

        Assert.Equal((Calls + 2, 0, Calls + 2), (status.LastSeq, status.CommittedSeq, status.Backlog));
        Assert.Equal(1, status.DeadLetters);
        // Setups have the odd numbers: of 1 to 2 n - 1 every second one is missing.
        Assert.Equal(Calls - 1, Assert.Single(status.Nodes).Missing);
        Assert.InRange(status.BacklogAge!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(2));
        Assert.InRange(status.LossIn!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));
    }

    [Theory]
    [InlineData(10, 0, 0, 7 * 86400 - 10)] // nothing more comes: the age decides
    [InlineData(10, 900, 10, 10)] // 100 bytes are left, 10 come a second
    [InlineData(10, 2000, 10, 0)] // over the limit already
    [InlineData(8 * 86400, 0, 0, 0)]
    public void Loss_comes_by_age_or_by_size_whichever_is_sooner(int waited, double bytes, double rate, int seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            PipelineStatus.LossOf(TimeSpan.FromSeconds(waited), bytes, rate, TimeSpan.FromDays(7), maxBytes: 1000)
        );

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private async Task KeepPublishing(CancellationToken stop)
    {
        for (var call = Calls + 1; !stop.IsCancellationRequested; call++)
        {
            await Publish(Events.Setup(call).Replace("{", $"{{\"call_uid\":\"c{call}\",", StringComparison.Ordinal));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    private static DateTimeOffset Soon => TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1);

    private WindowReplay Replay() => new(_nats, _database, TimeProvider.System);

    private async Task Publish(string text) =>
        await _nats.PublishAsync("akira.cdr.sip-01", Events.Utf8(text), cancellationToken: _cancel);

    private async Task<List<string>> State() =>
        await _postgres.Column(
            "SELECT received || ' ' || last_seq FROM cdr_node UNION ALL SELECT count(*)::text FROM cdr_dead_letter UNION ALL SELECT last_seq::text FROM ingest_state"
        );
}
