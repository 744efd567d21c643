using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Akira.Core.Voice;
using Akira.Voice.Stream;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Akira.Responder.Voice;

/// <summary>
/// Reads call records from the stream that the SIP hosts' relays fill, into the same figures and the same disk as
/// <c>POST /api/calls</c>. A message is acknowledged when its record is on disk. While NATS or the disk is away it waits and tries
/// again; after an absence it catches up with what still counts, the last hour.
/// </summary>
/// <param name="consumer">The durable consumer's name: its own for each responder, since each counts all calls.</param>
/// <param name="clock">The responder's.</param>
/// <param name="world">The SIP hosts', and NATS's.</param>
public sealed partial class CallStream(
    NatsLogin login,
    string consumer,
    CallIntake intake,
    CallSpool spool,
    KpiKeeper keeper,
    TimeProvider clock,
    TimeProvider world,
    ILogger<CallStream> log
) : BackgroundService
{
    private const int BatchMessages = 5000;
    private const int BatchBytes = 8 << 20;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private string? _trouble;

    /// <summary>Of a responder on this machine with this data folder.</summary>
    public static string ConsumerOf(string dataFolder)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(dataFolder)));
        var machine = string.Concat(
            Environment.MachineName.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        );
        return $"responder_{machine}_{Convert.ToHexStringLower(hash)[..8]}";
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What the disk has first: numbers that follow on it are then seen to.
        await keeper.Restored.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Follow(stoppingToken);
            }
            catch (Exception e) when (IsOutside(e) && !stoppingToken.IsCancellationRequested)
            {
                Say("NATS", e.Message);
                await Task.Delay(Retry, world, stoppingToken);
            }
        }
    }

    /// <summary>Returns only by an exception.</summary>
    private async Task Follow(CancellationToken cancel)
    {
        var nats = login.Connect($"akira responder {consumer}");
        try
        {
            await CdrStream
                .EnsureReader(nats.JetStream(), consumer, world.GetUtcNow(), CallWindows.Longest, cancel)
                .WaitAsync(Patience, world, cancel);
            await using var pull = await Pull.Begin(nats, consumer, world, cancel);
            while (true)
            {
                var messages = await pull.Next(BatchMessages, BatchBytes, cancel);
                Say("NATS", null);
                if (messages.Count == 0)
                    continue;
                await Take(messages, cancel);
                foreach (var message in messages)
                    await message.Settle(nats, done: true);
            }
        }
        finally
        {
            // A client without a server tries for ever, also while it is disposed of.
            await nats.DisposeAsync()
                .AsTask()
                .WaitAsync(Retry, world, CancellationToken.None)
                .ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task Take(List<Delivery> messages, CancellationToken cancel)
    {
        var ahead = clock.GetUtcNow() - world.GetUtcNow();
        var records = new List<CallRecord>(messages.Count);
        foreach (var (message, _) in messages)
            if (CallRecords.TryRead(message.Payload.Span, 1, out var record, out _))
                records.Add(ahead.Duration() < Retry ? record : record.Later(ahead));
        // What is no record is the worker's to keep, with its reason.
        intake.Unreadable(messages.Count - records.Count, clock.GetUtcNow());
        while (true)
        {
            try
            {
                await spool.Append(records, clock.GetUtcNow(), cancel);
                Say("the disk", null);
                break;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Say("the disk", e.Message);
                await Task.Delay(Retry, world, cancel);
            }
        }
        intake.Add(records, clock.GetUtcNow());
    }

    private static bool IsOutside(Exception e) =>
        e
            is NatsException
                or NATS.NKeys.NKeysException
                or TimeoutException
                or IOException
                or UnauthorizedAccessException
                or SocketException
                or OperationCanceledException
                or ObjectDisposedException;

    /// <summary>Once when it begins, and once when it is over.</summary>
    private void Say(string whose, string? trouble)
    {
        if (trouble is not null && _trouble != whose)
        {
            _trouble = whose;
            InTrouble(whose, trouble);
        }
        else if (trouble is null && _trouble == whose)
        {
            _trouble = null;
            Eased(whose);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Call records of the stream can not be taken, trying again: {Whose}: {Reason}")]
    private partial void InTrouble(string whose, string reason);

    [LoggerMessage(LogLevel.Information, "Call records of the stream are taken again: {Whose} is back")]
    private partial void Eased(string whose);
}
