using Akira.Core.Incidents;
using Akira.Responder.Incidents;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Log;

/// <summary>
/// Acts on entries of the log, in order, one at a time. How far it has come is recorded together with what it did, so
/// that a restart repeats at most the one thing it was doing.
/// </summary>
/// <param name="name">Of its cursor: never to be changed.</param>
public abstract partial class Follower(string name, Desk desk, ILogger logger) : BackgroundService
{
    private const int MostTries = 3;
    private const int SkippedBeforeSaving = 1000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private long _saved;

    /// <summary>It has done its work up to here.</summary>
    public long Position { get; private set; }

    protected Desk Desk => desk;

    /// <summary>Whether it has anything to do with such an entry.</summary>
    protected abstract bool Wants(Entry entry);

    /// <summary>Does what the entry asks for, and ends with <see cref="Record(LogEntry, Command, CancellationToken)"/>.</summary>
    protected virtual Task Act(LogEntry entry, CancellationToken cancel) => Task.CompletedTask;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // A follower that is new begins with what happens from now on; that it has begun must be remembered.
        var cursor = desk.Log.Cursor(name);
        (_saved, Position) = (cursor ?? -1, cursor ?? desk.Log.Position);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (_saved < 0)
            await Save(Position, stoppingToken);
        await Work(stoppingToken);
    }

    /// <summary>Entry by entry. Who does not take them in the order of the log has a way of its own.</summary>
    protected virtual async Task Work(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await desk.Log.WaitPast(Position, stoppingToken);
            foreach (var entry in desk.Log.ReadAfter(Position))
            {
                if (Wants(entry.Entry))
                    await Try(entry, stoppingToken);
                Position = entry.Position;
            }
            await MoveTo(Position, stoppingToken);
        }
    }

    /// <summary>Its work is done up to here. A restart may find it a little behind that.</summary>
    protected async Task MoveTo(long position, CancellationToken cancel)
    {
        Position = position;
        if (Position - _saved >= SkippedBeforeSaving)
            await Save(Position, cancel);
    }

    /// <summary>Records what came of several entries at once, and that the work is done up to a position.</summary>
    protected async Task Record(
        long position,
        IReadOnlyList<(int Incident, Command Command)> results,
        CancellationToken cancel
    )
    {
        await Persist(
            round =>
            {
                round.MoveCursor(name, position);
                foreach (var (incident, command) in results)
                    round.Decide(round.Find(incident), command, Actor.Akira);
                return true;
            },
            cancel
        );
        _saved = position;
    }

    /// <summary>Records what came of an entry, and that the work on it is done. A store that fails is waited for.</summary>
    protected async Task<Decision> Record(LogEntry done, Command command, CancellationToken cancel)
    {
        var decision = await Persist(
            round =>
            {
                round.MoveCursor(name, done.Position);
                return round.Decide(round.Find(done.IncidentNumber), command, Actor.Akira).Decision;
            },
            cancel
        );
        _saved = done.Position;
        return decision;
    }

    /// <summary>Waits a little before another try: 1 s, 2 s, 4 s, … 60 s.</summary>
    protected Task BackOff(int tries, CancellationToken cancel) => Task.Delay(BackOffAfter(tries), desk.Clock, cancel);

    /// <summary>1 s, 2 s, 4 s, … 60 s.</summary>
    protected static TimeSpan BackOffAfter(int tries)
    {
        var wait = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(tries - 1, 10)));
        return wait < LongestWait ? wait : LongestWait;
    }

    private async Task Try(LogEntry entry, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
            try
            {
                await Act(entry, cancel);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // A disk comes back; a mistake of ours does not, and must not hold up what comes after it.
                var lasting = tries >= MostTries && e is not IOException;
                LogFailed(e, name, entry.IncidentId, entry.Seq, lasting ? "given up" : "tried again");
                if (lasting)
                    return;
                await BackOff(tries, cancel);
            }
    }

    private async Task Save(long position, CancellationToken cancel)
    {
        await Persist(
            round =>
            {
                round.MoveCursor(name, position);
                return true;
            },
            cancel
        );
        _saved = position;
    }

    private async Task<T> Persist<T>(Func<Round, T> decide, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
            try
            {
                return await desk.Ask(decide, cancel);
            }
            catch (StoreFailure)
            {
                await BackOff(tries, cancel);
            }
    }

    [LoggerMessage(LogLevel.Error, "{Follower} failed at {Incident}/{Seq}: {Outcome}")]
    private partial void LogFailed(Exception e, string follower, string incident, int seq, string outcome);
}
