using System.Globalization;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types;

namespace Akira.Responder.Channels.Telegram;

/// <summary>
/// Asks Telegram for updates, and for the next ones only when what the last ones said is on the disk: asking confirms
/// them. How far it has come is recorded in the same transaction as what was said, so that a restart neither loses a
/// command nor gives it twice.
/// </summary>
public sealed partial class Listener(TelegramApi api, Desk desk, Hearing hearing, ILogger<Listener> logger)
    : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The last update that is done with.</summary>
    private long? _done;

    /// <summary>Of the bot: another bot counts its updates anew.</summary>
    private string Cursor => $"telegram:{api.BotId.ToString(CultureInfo.InvariantCulture)}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        _done = desk.Log.Cursor(Cursor);
        for (var failures = 0; !stoppingToken.IsCancellationRequested; )
            try
            {
                var asked = TimeProvider.System.GetTimestamp();
                var updates = await api.Updates((int?)(_done + 1), Poll, stoppingToken);
                failures = 0;
                foreach (var (id, update) in updates)
                    await Hear(id, update, stoppingToken);
                // Some servers do not wait until there is something; they are not asked without a pause.
                if (updates.Count == 0 && TimeProvider.System.GetElapsedTime(asked) < Pause)
                    await Task.Delay(Pause, TimeProvider.System, stoppingToken);
            }
            catch (Exception e)
                when (e is RequestException or StoreFailure or OperationCanceledException
                    && !stoppingToken.IsCancellationRequested
                )
            {
                if (failures++ == 0)
                    LogDeaf(e.Message);
                await Task.Delay(PauseAfter(e, failures), TimeProvider.System, stoppingToken);
            }
    }

    private static TimeSpan PauseAfter(Exception e, int failures)
    {
        var pause = Pause * Math.Pow(2, Math.Min(failures - 1, 8));
        var most = pause < LongestPause ? pause : LongestPause;
        return e is ApiRequestException { Parameters.RetryAfter: { } seconds } && seconds > most.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : most;
    }

    private async Task Hear(int id, Update? update, CancellationToken cancel)
    {
        try
        {
            if (update is null)
                LogUnreadable(id);
            else
                await hearing.Of(update, new Reached(Cursor, id), cancel);
        }
        catch (Exception e) when (e is not (StoreFailure or OperationCanceledException or RequestException))
        {
            // It would be the same each time; the others behind it must be heard. Where it was Telegram that could not be
            // asked, it will not be the same: the update is not confirmed, and comes again.
            LogNotUnderstood(e, id);
        }
        _done = id;
    }

    [LoggerMessage(LogLevel.Error, "Telegram gives no updates, so nobody is heard there: {Reason}")]
    private partial void LogDeaf(string reason);

    [LoggerMessage(LogLevel.Warning, "Telegram's update {Update} is of a kind that this version cannot read")]
    private partial void LogUnreadable(int update);

    [LoggerMessage(LogLevel.Error, "Telegram's update {Update} was given up")]
    private partial void LogNotUnderstood(Exception e, int update);
}
