using Akira.Responder.Log;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.DeadMan;

/// <summary>
/// Asks an address once a minute, as long as this responder can record: whoever watches that address tells people when it
/// is no longer asked. It is not asked while the disk is full.
/// </summary>
public sealed partial class Heartbeat(
    Uri url,
    TimeSpan every,
    Store store,
    TimeProvider clock,
    ILogger<Heartbeat> logger
) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new() { Timeout = Patience };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var heard = true;
        using var timer = new PeriodicTimer(every, clock);
        do try
        {
            if (!store.ProveWritable(clock.GetUtcNow()))
                continue;
            using var answer = await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, stoppingToken);
            answer.EnsureSuccessStatusCode();
            heard = true;
        }
        catch (Exception e)
            when (e is HttpRequestException or OperationCanceledException && !stoppingToken.IsCancellationRequested)
        {
            if (heard)
                LogUnheard(url.Host, e.Message);
            heard = false;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "The heartbeat does not reach {Host}: {Reason}")]
    private partial void LogUnheard(string host, string reason);
}
