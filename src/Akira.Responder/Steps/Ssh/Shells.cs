using System.Collections.Concurrent;
using System.Diagnostics;
using Akira.Core.Runbooks;
using Akira.Responder.Incidents;
using Microsoft.Extensions.Hosting;

namespace Akira.Responder.Steps.Ssh;

/// <summary>
/// The shells of the hosts. While an incident is open the connections to the hosts of its runbook sections are opened
/// and kept: the first command then takes milliseconds. Some time after the last incident they are closed.
/// </summary>
public sealed class Shells(Desk desk, ResponderOptions options) : BackgroundService
{
    /// <summary>How many hosts are greeted at once: it costs a core, and bastions drop crowds.</summary>
    internal const int GreetedAtOnce = 16;

    private static readonly TimeSpan LookAtMostEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(10);

    private readonly SshLogin _login = SshLogin.Of(options.Ssh);
    private readonly SemaphoreSlim _greeting = new(GreetedAtOnce);
    private readonly ConcurrentDictionary<SshTarget, Lazy<IWarmShell>> _hosts = new();
    private readonly Lazy<DirectoryInfo> _sockets = new(() => Directory.CreateTempSubdirectory("akira-ssh-"));

    /// <summary>This machine's.</summary>
    public IShell Local { get; } = new Bash(options.Secrets);

    /// <summary>A host's; null when the platform has no such host.</summary>
    public IShell? Of(string host, string? user, Platform platform) =>
        platform.Host(host) is { } known ? Of(SshTarget.Of(known, user, platform)) : null;

    private IWarmShell Of(SshTarget target) => _hosts.GetOrAdd(target, t => new(() => Make(t))).Value;

    private IWarmShell Make(SshTarget target) =>
        ByOpenSsh(target, options.Ssh)
            ? new OpenSshShell(target, _login, _sockets.Value.FullName)
            : new SshNetShell(target, _login, _greeting);

    /// <summary>Whether OpenSSH's own client reaches it: it knows more ways than ours.</summary>
    internal static bool ByOpenSsh(SshTarget target, SshOptions options) =>
        target.Jump is not null
        || options
            .OpenSsh.Split(',', StringSplitOptions.TrimEntries)
            .Any(h => h == "*" || h.Equals(target.Name, StringComparison.OrdinalIgnoreCase));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var warmed = new Dictionary<SshTarget, long>();
        var neededAt = Stopwatch.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            var position = desk.Log.Position;
            var needed = Needed();
            if (needed.Count > 0)
                neededAt = Stopwatch.GetTimestamp();
            else if (Stopwatch.GetElapsedTime(neededAt) > KeepFor)
                await Close();
            // Not waited for: a host that hangs must not keep the others cold.
            foreach (var target in needed.Where(t => !warmed.TryGetValue(t, out var at) || IsOver(at, LookEvery)))
            {
                warmed[target] = Stopwatch.GetTimestamp();
                _ = Of(target).Warm(stoppingToken);
            }
            await Task.Delay(LookAtMostEvery, TimeProvider.System, stoppingToken);
            await NewsAfter(position, stoppingToken);
        }
    }

    /// <summary>Ends when something happened, or when it is time to look after the connections.</summary>
    private async Task NewsAfter(long position, CancellationToken cancel)
    {
        try
        {
            await desk.Log.WaitPast(position, cancel).WaitAsync(LookEvery, TimeProvider.System, cancel);
        }
        catch (TimeoutException)
        {
            // time to look
        }
    }

    private static bool IsOver(long since, TimeSpan span) => Stopwatch.GetElapsedTime(since) >= span;

    /// <summary>The hosts that the sections of the open incidents name.</summary>
    private HashSet<SshTarget> Needed() =>
        [
            .. desk
                .Board.Incidents.Values.Select(i => (Incident: i, Policy: desk.PolicyOf(i.PolicyHash)))
                .SelectMany(i =>
                    Core.Incidents.Diagnostics.For(i.Incident, i.Policy)
                        .SelectMany(s => s.Steps)
                        .SelectMany(s => s.Parts)
                        .Where(p => p.Host is not null)
                        .Select(p =>
                            i.Policy.Platform.Host(p.Host!) is { } host
                                ? SshTarget.Of(host, p.User, i.Policy.Platform)
                                : null
                        )
                )
                .OfType<SshTarget>(),
        ];

    private async Task Close()
    {
        foreach (var target in _hosts.Keys)
            if (_hosts.TryRemove(target, out var shell) && shell.IsValueCreated)
                await shell.Value.DisposeAsync();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Close();
        if (_sockets.IsValueCreated)
            _sockets.Value.Delete(recursive: true);
    }
}
