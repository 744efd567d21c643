using System.Collections.Immutable;
using System.Net.Sockets;
using Akira.Core.Alerts;
using Akira.Core.Runbooks;
using Npgsql;

namespace Akira.Responder.Probes;

/// <summary>
/// A cluster of PostgreSQL servers, each asked <c>SELECT now()</c> on a connection of its own: one that is open says nothing
/// about whether others still get in. It is up while one of them takes writes. Log-in as libpq has it: <c>PGUSER</c>,
/// <c>PGPASSFILE</c>.
/// </summary>
/// <remarks>
/// Sample <c>replication.lag</c>, seconds: for how long the primary has been ahead of what its standbys have replayed, of
/// several the worst. Seen from here, by where the primary stood at each look, and not by the standby's own account: that
/// is silent when it receives nothing, and looks bad when nothing happens.
/// </remarks>
public sealed class PostgresProbe(ProbeTarget target, TimeProvider world) : IProbe
{
    /// <summary>Bytes of write-ahead log that the primary would replay after a crash: since its last checkpoint began.</summary>
    public const string WalToReplay = "wal.to_replay";

    /// <summary>Bytes into its write-ahead log at which the primary stood when it was last seen.</summary>
    public const string WalEnd = "wal.end";

    /// <summary>Bytes up to there that no standby has replayed.</summary>
    public const string StandbyBehind = "wal.standby_behind";

    private const string Ask = """
        select now(), pg_is_in_recovery(), (at - '0/0')::bigint, (at - (pg_control_checkpoint()).redo_lsn)::bigint
        from (select case when pg_is_in_recovery() then coalesce(pg_last_wal_replay_lsn(), '0/0') else pg_current_wal_lsn() end) wal(at)
        """;

    private (long End, long ToReplay)? _primary;

    private readonly Dictionary<ProbeEndpoint, ReplicationLag> _lags = [];

    /// <summary>Those that answered last time. A server starts a process for each connection: nobody knocks there first.</summary>
    private ImmutableHashSet<ProbeEndpoint> _answering = [];

    public async Task<Reading> Look(CancellationToken cancel)
    {
        var answers = await Task.WhenAll(target.Endpoints.Select(e => AskOne(e, cancel)));
        _answering = [.. answers.Where(a => a.Error is null).Select(a => a.Endpoint)];
        var primaries = answers.Where(a => a.Position is not null && !a.IsStandby).ToList();
        var lag = Lag(answers, primaries.Count == 1 ? primaries[0].Position : null);
        if (primaries is [{ Position: { } end } alone])
            _primary = (end, alone.SinceCheckpoint);
        ImmutableArray<Figure> figures = [lag, .. Wal(answers)];
        return primaries.Count switch
        {
            1 => Reading.Of(true, Said(answers), figures),
            0 => Reading.Of(false, Said(answers), figures),
            _ => Reading.Of(false, $"more than one takes writes: {Names(primaries)}", figures),
        };
    }

    private async Task<Answer> AskOne(ProbeEndpoint endpoint, CancellationToken cancel)
    {
        if (
            !_answering.Contains(endpoint)
            && await Reaching.Knock(endpoint, cancel) is not SocketError.Success and var error
        )
            return new Answer(endpoint, false, null, 0, Words.Of(error));
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = endpoint.Host,
            Port = endpoint.Port,
            Database = target.Path.Split('?')[0] is { Length: > 0 } database ? database : "postgres",
            Pooling = false,
            ApplicationName = "akira probe",
        };
        if (target.User.Length > 0)
            settings.Username = target.User;
        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(cancel);
            await using var ask = new NpgsqlCommand(Ask, connection);
            await using var row = await ask.ExecuteReaderAsync(cancel);
            await row.ReadAsync(cancel);
            return new Answer(endpoint, row.GetBoolean(1), row.GetInt64(2), row.GetInt64(3), null);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            return new Answer(endpoint, false, null, 0, Words.Of(e, cancel));
        }
    }

    private Figure Lag(Answer[] answers, long? primary)
    {
        const string Sample = "replication.lag";
        if (answers.Length == 1)
            return new Figure(Sample, null, "the probe names no standby");
        if (primary is not { } ahead)
            return new Figure(Sample, null, "there is no primary to compare with");
        var now = world.GetUtcNow();
        double? worst = null;
        foreach (var standby in answers.Where(a => a.Position is null || a.IsStandby))
        {
            if (!_lags.TryGetValue(standby.Endpoint, out var lag))
                _lags[standby.Endpoint] = lag = new();
            var seconds = lag.Note(now, ahead, standby.Position)?.TotalSeconds;
            worst = seconds > (worst ?? -1) ? seconds : worst;
        }
        return new Figure(Sample, worst, worst is null ? "no standby has been seen to follow yet" : null);
    }

    /// <summary>What matters most of it is told when the primary is gone: as it was when it was last seen.</summary>
    private IEnumerable<Figure> Wal(Answer[] answers)
    {
        if (_primary is not { } primary)
            yield break;
        yield return new(WalToReplay, primary.ToReplay);
        yield return new(WalEnd, primary.End);
        if (answers.Where(a => a.IsStandby).Max(a => a.Position) is { } replayed)
            yield return new(StandbyBehind, Math.Max(0, primary.End - replayed));
    }

    private static string Said(Answer[] answers) =>
        string.Join(
            "; ",
            answers.Select(a => $"{a.Endpoint}: {(a.Error ?? (a.IsStandby ? "a standby" : "takes writes"))}")
        );

    private static string Names(IEnumerable<Answer> answers) => string.Join(", ", answers.Select(a => a.Endpoint));

    /// <param name="Position">In the write-ahead log, bytes: written or replayed up to. Null: it did not answer.</param>
    private sealed record Answer(
        ProbeEndpoint Endpoint,
        bool IsStandby,
        long? Position,
        long SinceCheckpoint,
        string? Error
    );
}
