using System.Threading.Channels;
using Akira.Core.Alerts;
using Akira.Core.Incidents;
using Akira.Core.Runbooks;
using Akira.Core.Silences;
using Akira.Responder.Alerts;
using Akira.Responder.Deadlines;
using Akira.Responder.Deploys;
using Akira.Responder.Log;
using Akira.Responder.Runbooks;
using Akira.Responder.Silences;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Incidents;

/// <summary>
/// Where every decision is taken, one after another. Requests that wait are decided together on a copy of the board
/// and recorded in one transaction; only then is the board theirs, and only then are the callers answered. When the
/// store cannot record, the copy is dropped and each caller of the round gets the <see cref="StoreFailure"/>.
/// </summary>
public sealed partial class Desk : BackgroundService
{
    private const int MostInARound = 256;
    private const int MostRemembered = 256;

    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>(new() { SingleReader = true });
    private readonly Store _store;
    private readonly IncidentLog _log;
    private readonly PolicyState _policies;
    private readonly Leases _leases;
    private readonly Secrets _secrets;
    private readonly Telemetry _telemetry;
    private readonly ILogger<Desk> _logger;
    private readonly Dictionary<int, Incident> _resolved = [];
    private Board _board = Board.Empty;
    private int _lastNumber;
    private Deploy? _lastDeploy;

    public Desk(
        Store store,
        IncidentLog log,
        PolicyState policies,
        Leases leases,
        Secrets secrets,
        TimeProvider clock,
        Telemetry telemetry,
        ILogger<Desk> logger
    )
    {
        (_store, _log, _policies, _leases, _secrets, Clock, _telemetry, _logger) = (
            store,
            log,
            policies,
            leases,
            secrets,
            clock,
            telemetry,
            logger
        );
        _lastNumber = log.LastNumber;
        _lastDeploy = DeployRows.Latest(store);
        Load();
    }

    /// <summary>All unresolved incidents, as recorded.</summary>
    public Board Board => Volatile.Read(ref _board);

    /// <summary>The policy that rules new incidents.</summary>
    public Policy Policy => _policies.Current;

    public TimeProvider Clock { get; }

    /// <summary>How many times faster than the world's the clock runs.</summary>
    public double TimeScale => Clock is ScaledTime scaled ? scaled.Factor : 1;

    public IncidentLog Log => _log;

    /// <summary>What the probes know beyond up and down; set where the probes are made, which need the desk.</summary>
    public Func<PlatformFacts> Facts { get; set; } = () => PlatformFacts.None;

    /// <summary>The policy that rules incidents which began under this hash.</summary>
    public Policy PolicyOf(string hash) => _policies.Of(hash);

    /// <summary>An incident as recorded, resolved ones too; null when there is none of that number.</summary>
    public Incident? Find(int number) => Board.Incidents.TryGetValue(number, out var open) ? open : _log.Fold(number);

    /// <summary>What the desk itself can tell: <c>deploy.age</c>, seconds since the last deploy that it heard of.</summary>
    public IReadOnlyCollection<Sample> Samples(DateTimeOffset now) =>
        _lastDeploy is { } deploy ? [Sample.Of("deploy.age", (now - deploy.At).TotalSeconds, now)] : [];

    /// <summary>The incidents that were resolved last, the newest first.</summary>
    public IReadOnlyList<Incident> RecentlyResolved(int most = 10) =>
        [.. IncidentRows.List(_store, open: false, most: most).Select(r => _log.Fold(r.Number)!)];

    /// <exception cref="StoreFailure">Nothing was recorded.</exception>
    public Task<Decision> Decide(int incident, Command command, Actor by, CancellationToken cancel) =>
        Ask(round => round.Decide(round.Find(incident), command, by).Decision, cancel);

    /// <summary>Keeps a deploy, and tells every open incident of it.</summary>
    /// <exception cref="StoreFailure">Nothing was recorded.</exception>
    public Task Record(Deploy deploy, Actor by, CancellationToken cancel) =>
        Ask(
            round =>
            {
                round.Record(deploy, by);
                return true;
            },
            cancel
        );

    /// <summary>
    /// Takes alerts in. A firing alert that fires already only has its lease renewed; the rest is decided, and
    /// recorded when this ends.
    /// </summary>
    /// <exception cref="StoreFailure">Nothing was recorded.</exception>
    public Task Receive(IReadOnlyList<Alert> alerts, CancellationToken cancel)
    {
        var now = Clock.GetUtcNow();
        var news = alerts.Where(a => !a.IsFiringAt(now) || !_leases.TryRenew(a.Fingerprint, a.EndsAt, now)).ToList();
        _telemetry.Alerts("resent", alerts.Count - news.Count);
        return news.Count == 0
            ? Task.CompletedTask
            : Ask(
                round =>
                {
                    Intake.Receive(round, news);
                    return true;
                },
                cancel
            );
    }

    /// <summary>Ends the alerts that nobody re-sent in time.</summary>
    /// <exception cref="StoreFailure">Nothing was recorded; they are tried again.</exception>
    public async Task ExpireAlerts(CancellationToken cancel)
    {
        var runOut = _leases.RunOut(Clock.GetUtcNow());
        if (runOut.Count == 0)
            return;
        try
        {
            await Ask(
                round =>
                {
                    Intake.Expire(round, runOut.Where(r => _leases.TryTake(r.Fingerprint, round.Now)));
                    return true;
                },
                cancel
            );
        }
        catch
        {
            foreach (var (fingerprint, _) in runOut)
                _leases.Restore(fingerprint, Clock.GetUtcNow());
            throw;
        }
    }

    /// <summary>Decides anything, in turn. Ends when what was decided is on the disk.</summary>
    /// <param name="decide">Runs on the desk's loop: it must not wait for anything.</param>
    /// <exception cref="StoreFailure">Nothing was recorded.</exception>
    public Task<T> Ask<T>(Func<Round, T> decide, CancellationToken cancel)
    {
        var request = new Request<T>(decide);
        // A caller may stop waiting, but what it asked for stays in the queue: it may be on the disk already.
        return _requests.Writer.TryWrite(request)
            ? request.Answer.WaitAsync(cancel)
            : Task.FromException<T>(new StoreFailure("The responder is stopping."));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = stoppingToken.Register(() => _requests.Writer.TryComplete());
        var taken = new List<Request>();
        // Never inline on the starting thread, and not ended by the token: whoever was heard is answered.
        await Task.Yield();
        while (await _requests.Reader.WaitToReadAsync(CancellationToken.None))
        {
            taken.Clear();
            var round = NewRound();
            while (taken.Count < MostInARound && _requests.Reader.TryRead(out var request))
            {
                taken.Add(request);
                request.Decide(round);
            }
            Finish(round, taken);
        }
    }

    private Round NewRound() =>
        new(
            Board,
            _log.Position,
            _lastNumber,
            _lastDeploy,
            _policies,
            _secrets,
            _leases,
            Recall,
            Micros.Round(Clock.GetUtcNow())
        );

    private void Finish(Round round, List<Request> taken)
    {
        try
        {
            Record(round);
        }
        catch (Exception e)
        {
            LogNotRecorded(taken.Count, e.Message);
            taken.ForEach(r => r.Fail(e));
            return;
        }
        taken.ForEach(r => r.Succeed());
    }

    private void Record(Round round)
    {
        var batch = round.Batch;
        if (batch.IsEmpty)
            return;
        if (_log.Append(batch) is AppendOutcome.Conflict conflict)
        {
            Load();
            throw new StoreFailure(
                $"{Incident.IdOf(conflict.Incident)} has changed on the disk: somebody else wrote to this log. Nothing was recorded; try again."
            );
        }
        (_lastNumber, _lastDeploy) = (round.LastNumber, round.LastDeploy);
        var changed = batch.Changed.ToDictionary(i => i.Number);
        foreach (var incident in batch.Changed)
            Remember(incident);
        Volatile.Write(ref _board, round.Board);
        foreach (var silence in batch.Silences)
            _leases.Follow(silence);
        foreach (var entry in batch.Entries)
            _leases.Follow(entry, changed[entry.IncidentNumber]);
        _log.Announce(batch.Entries);
        _telemetry.Recorded(batch.Entries);
        _telemetry.Alerts(
            "silenced",
            batch.Silences.Sum(s => s.Entry is SilenceEntry.Kept kept ? kept.Alerts.Length : 0)
        );
    }

    private void Load()
    {
        var now = Clock.GetUtcNow();
        var board = Board.Empty with { Silencing = SilenceRows.Fold(_store) };
        foreach (var silenced in board.Silencing.Alerts.Values)
            _leases.Begin(silenced, now);
        foreach (var number in _log.Unresolved())
        {
            Incident? incident = null;
            foreach (var entry in _log.Of(number))
            {
                incident = Incident.Evolve(incident, entry);
                board = board.With(incident);
            }
            if (incident is not null)
                _leases.Begin(incident, now);
        }
        Volatile.Write(ref _board, board);
        _resolved.Clear();
    }

    /// <summary>Resolved incidents are still written to for a moment: deliveries, evidence, the post-mortem.</summary>
    private Incident? Recall(int number) => _resolved.TryGetValue(number, out var known) ? known : _log.Fold(number);

    private void Remember(Incident incident)
    {
        if (incident.State != IncidentState.Resolved)
            _resolved.Remove(incident.Number);
        else
        {
            if (_resolved.Count >= MostRemembered)
                _resolved.Clear();
            _resolved[incident.Number] = incident;
        }
    }

    [LoggerMessage(LogLevel.Error, "{Requests} requests could not be recorded: {Reason}")]
    private partial void LogNotRecorded(int requests, string reason);

    private abstract class Request
    {
        public abstract void Decide(Round round);
        public abstract void Succeed();
        public abstract void Fail(Exception e);
    }

    private sealed class Request<T>(Func<Round, T> decide) : Request
    {
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Exception? _failure;
        private T? _decided;

        public Task<T> Answer => _answer.Task;

        public override void Decide(Round round)
        {
            var back = round.Mark();
            try
            {
                _decided = decide(round);
            }
            catch (Exception e)
            {
                _failure = e;
                back();
            }
        }

        public override void Succeed()
        {
            if (_failure is null)
                _answer.SetResult(_decided!);
            else
                _answer.SetException(_failure);
        }

        public override void Fail(Exception e) => _answer.SetException(_failure ?? e);
    }
}
