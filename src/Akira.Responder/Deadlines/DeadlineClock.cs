using Akira.Core.Incidents;
using Akira.Responder.Incidents;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Deadlines;

/// <summary>
/// Wakes when the next deadline of any incident is due. Remembers nothing but the agenda, which it makes anew from the
/// log at each start.
/// </summary>
public sealed partial class DeadlineClock(Desk desk, Telemetry telemetry, ILogger<DeadlineClock> logger)
    : BackgroundService
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);

    private readonly Agenda _agenda = new();

    /// <summary>The log up to which deadlines are reckoned.</summary>
    public long Position { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        Position = desk.Log.Position;
        foreach (var number in desk.Board.Incidents.Keys)
            Schedule(number);
        while (!stoppingToken.IsCancellationRequested)
        {
            FollowLog();
            await MeetWhatIsDue(stoppingToken);
            await Sleep(stoppingToken);
        }
    }

    private void FollowLog()
    {
        while (desk.Log.ReadAfter(Position) is [.., var last] entries)
        {
            foreach (var number in entries.Select(e => e.IncidentNumber).Distinct())
                Schedule(number);
            Position = last.Position;
        }
    }

    private void Schedule(int number)
    {
        if (
            !desk.Board.Incidents.TryGetValue(number, out var incident)
            || Core.Incidents.Deadlines.Of(incident, desk.PolicyOf(incident.PolicyHash)) is not [var next, ..]
        )
            _agenda.Remove(number);
        else
            _agenda.Set(number, next.DueAt);
    }

    private async Task MeetWhatIsDue(CancellationToken cancel)
    {
        var now = desk.Clock.GetUtcNow();
        var due = new List<int>();
        while (_agenda.TryTake(now, out var number, out var at))
        {
            telemetry.DeadlineMet(now - at);
            // Were it met in vain, or not recorded, it comes up again; once met, the log puts the next one in.
            _agenda.Set(number, now + TryAgain);
            due.Add(number);
        }
        try
        {
            // All at once: the desk records them together.
            await Task.WhenAll(due.Select(n => desk.Decide(n, new Command.MeetDeadlines(), Actor.Akira, cancel)));
        }
        catch (Log.StoreFailure e)
        {
            LogUnrecorded(due.Count, e.Message);
        }
    }

    private async Task Sleep(CancellationToken cancel)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var news = desk.Log.WaitPast(Position, awake.Token);
        var now = desk.Clock.GetUtcNow();
        var left = _agenda.Next is { } next && next - now < LongestSleep ? next - now : LongestSleep;
        if (left > TimeSpan.Zero)
            await Task.WhenAny(news, Task.Delay(left, desk.Clock, awake.Token));
        await awake.CancelAsync();
    }

    [LoggerMessage(LogLevel.Error, "{Count} deadlines are due and cannot be recorded: {Reason}")]
    private partial void LogUnrecorded(int count, string reason);
}
