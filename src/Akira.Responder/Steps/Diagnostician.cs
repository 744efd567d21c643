using Akira.Core.Incidents;
using Akira.Responder.Incidents;
using Akira.Responder.Log;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akira.Responder.Steps;

/// <summary>
/// Asks for an incident's read-only diagnostics when it opens, and for further ones when its severity or subsystem
/// changes. Asking twice asks for nothing new, so it needs no cursor.
/// </summary>
public sealed partial class Diagnostician : BackgroundService
{
    private readonly Desk _desk;
    private readonly IncidentLog _log;
    private readonly ILogger<Diagnostician> _logger;
    private long _position;

    public Diagnostician(Desk desk, IncidentLog log, ILogger<Diagnostician> logger)
    {
        (_desk, _log, _logger) = (desk, log, logger);
        _position = log.Position;
    }

    /// <summary>Up to where it has read the log.</summary>
    public long Position => Volatile.Read(ref _position);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        // Whoever died between an opening and its diagnostics left an incident without any run.
        foreach (var incident in _desk.Board.Incidents.Values.Where(i => i.Runs.IsEmpty))
            await Diagnose(incident.Number, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await _log.WaitPast(_position, stoppingToken);
            foreach (var logged in _log.ReadAfter(_position))
            {
                if (logged.Entry is Entry.Opened or Entry.SeverityChanged or Entry.Classified or Entry.Reopened)
                    await Diagnose(logged.IncidentNumber, stoppingToken);
                Volatile.Write(ref _position, logged.Position);
            }
        }
    }

    private async Task Diagnose(int incident, CancellationToken cancel)
    {
        try
        {
            await _desk.Decide(incident, new Command.Diagnose(), Actor.Akira, cancel);
        }
        catch (StoreFailure e)
        {
            LogFailed(Incident.IdOf(incident), e.Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "{Incident}: its diagnostics could not be asked for: {Reason}")]
    private partial void LogFailed(string incident, string reason);
}
