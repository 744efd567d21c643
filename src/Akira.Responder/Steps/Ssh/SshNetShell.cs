using System.Diagnostics;
using Akira.Core.Incidents;

namespace Akira.Responder.Steps.Ssh;

/// <summary>
/// A host over a connection of SSH.NET that stays open, with a session on it that waits for the next script: the host has
/// forked and started a shell before anybody is in a hurry.
/// </summary>
internal sealed class SshNetShell(SshTarget target, SshLogin login, SemaphoreSlim greeting) : IWarmShell
{
    /// <summary>sshd allows ten sessions a connection; two are left for ending a script and for signs of life.</summary>
    private const int MostSessions = 8;

    /// <summary>The next session is made when the host has rested for so long: what runs now goes first.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _sessions = new(MostSessions);
    private readonly Lock _gate = new();
    private Task<SshNetConnection>? _connection;
    private Task<SshNetSession>? _next;
    private bool _isClosed;

    /// <summary>That the host grants a new session is its sign of life, and that one is as fresh as its log-in files.</summary>
    public async Task Warm(CancellationToken cancel)
    {
        try
        {
            await Connected(cancel);
            if (Prepare(anew: true) is { } next)
                await next.WaitAsync(cancel);
        }
        catch (NotReached)
        {
            // A step that needs the host will say so; until then nobody asked.
        }
    }

    public async Task<Evidence> Run(string script, TimeSpan timeout, CappedOutput output, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        await _sessions.WaitAsync(cancel);
        try
        {
            var (verdict, exitCode, remark) = await Run();
            return output.Evidence(target.Name, verdict, exitCode, clock.Elapsed, remark);
        }
        catch (NotReached e)
        {
            return output.Evidence(target.Name, e.Verdict, null, clock.Elapsed, $"not run: {e.Message}");
        }
        finally
        {
            _sessions.Release();
            _ = PrepareAfterRest();
        }

        async Task<(Verdict, int?, string?)> Run()
        {
            if (await Waiting(cancel) is { } waiting)
                try
                {
                    return await waiting.Run(script, timeout, output, cancel);
                }
                catch (NotReached)
                {
                    // It went while it waited, and the script has not begun.
                }
            var session = await New(cancel);
            return await session.Run(script, timeout, output, cancel);
        }
    }

    /// <summary>The session that waits, if there is one; whoever asks next needs another.</summary>
    private async Task<SshNetSession?> Waiting(CancellationToken cancel)
    {
        Task<SshNetSession>? next;
        lock (_gate)
            (next, _next) = (_next, null);
        if (next is null)
            return null;
        try
        {
            var session = await next.WaitAsync(cancel);
            if (session.Waits)
                return session;
            session.Forget();
        }
        catch (NotReached)
        {
            // Why does not matter: there is none.
        }
        return null;
    }

    private async Task<SshNetSession> New(CancellationToken cancel)
    {
        var isOpen = _connection is { IsCompletedSuccessfully: true, Result.IsAlive: true };
        try
        {
            return await (await Connected(cancel)).Session().WaitAsync(cancel);
        }
        catch (NotReached) when (isOpen)
        {
            // The connection had broken off without anybody noticing, as when the host was restarted.
            return await (await Connected(cancel)).Session().WaitAsync(cancel);
        }
    }

    private async Task PrepareAfterRest()
    {
        await Task.Delay(Rest, TimeProvider.System);
        try
        {
            if (Prepare(anew: false) is { } next)
                await next;
        }
        catch (NotReached)
        {
            // The next script asks for a session of its own.
        }
    }

    /// <summary>While nothing runs: a script takes the one that waits before it asks for more, so that they never are too many.</summary>
    private Task<SshNetSession>? Prepare(bool anew)
    {
        lock (_gate)
        {
            if (
                _isClosed
                || _sessions.CurrentCount < MostSessions
                || _connection is not { IsCompletedSuccessfully: true, Result.IsAlive: true } connection
            )
                return null;
            if (_next is { } last && (!anew || !last.IsCompleted))
                return last;
            if (_next is { IsCompletedSuccessfully: true } old)
                old.Result.Forget();
            return _next = connection.Result.Session();
        }
    }

    /// <summary>The one connection, made when it is needed. Whoever asks meanwhile waits for the same.</summary>
    private async Task<SshNetConnection> Connected(CancellationToken cancel)
    {
        Task<SshNetConnection> connection;
        lock (_gate)
        {
            if (_connection is null or { IsFaulted: true } or { IsCompletedSuccessfully: true, Result.IsAlive: false })
                _connection = Open();
            connection = _connection;
        }
        return await connection.WaitAsync(cancel);
    }

    private async Task<SshNetConnection> Open()
    {
        await greeting.WaitAsync();
        try
        {
            return await SshNetConnection.Open(target, login);
        }
        finally
        {
            greeting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<SshNetConnection>? connection;
        lock (_gate)
            (connection, _connection, _next, _isClosed) = (_connection, null, null, true);
        if (connection is { IsCompletedSuccessfully: true })
            (await connection).Dispose();
    }
}
