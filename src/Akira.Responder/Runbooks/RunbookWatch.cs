using Akira.Responder.Log;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Runbooks;

/// <summary>Reads the runbooks again when their files change. A broken edit changes nothing but what is said of it.</summary>
public sealed partial class RunbookWatch(PolicyState policies, ILogger<RunbookWatch> logger) : BackgroundService
{
    /// <summary>An editor, or git, touches files several times in a row.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changed = new SemaphoreSlim(0, 1);
        using var watcher = new FileSystemWatcher(policies.Folder) { IncludeSubdirectories = true };
        watcher.Changed += (_, _) => Notice();
        watcher.Created += (_, _) => Notice();
        watcher.Deleted += (_, _) => Notice();
        watcher.Renamed += (_, _) => Notice();
        watcher.Error += (_, _) => Notice();
        watcher.EnableRaisingEvents = true;
        while (true)
        {
            await changed.WaitAsync(stoppingToken);
            // Files change in the world's time, however fast our own clock runs.
            while (await changed.WaitAsync(Settle, stoppingToken)) { }
            Reload();
        }

        void Notice()
        {
            try
            {
                changed.Release();
            }
            catch (SemaphoreFullException)
            {
                // It is known already that something changed.
            }
        }
    }

    private void Reload()
    {
        var before = policies.Current.Hash;
        try
        {
            policies.Reload();
        }
        catch (Exception e) when (e is CannotStart or StoreFailure)
        {
            LogUnread(e.Message);
            return;
        }
        if (policies.IsBroken)
            LogBroken(string.Join('\n', policies.Findings.Where(f => f.IsError).Select(f => f.ToString())));
        else if (policies.Current.Hash != before)
            LogReloaded(policies.Current.Hash[..12]);
    }

    [LoggerMessage(
        LogLevel.Information,
        "The runbooks have changed ({Hash}): they rule new incidents, and others after /policy reload"
    )]
    private partial void LogReloaded(string hash);

    [LoggerMessage(LogLevel.Error, "The runbooks are broken, the last good ones rule on:\n{Findings}")]
    private partial void LogBroken(string findings);

    [LoggerMessage(LogLevel.Error, "The runbooks could not be read again, the last good ones rule on: {Reason}")]
    private partial void LogUnread(string reason);
}
