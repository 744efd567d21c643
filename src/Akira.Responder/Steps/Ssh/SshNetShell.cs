using System.Diagnostics;
using System.Text;
using Akira.Core.Incidents;
using Renci.SshNet;

namespace Akira.Responder.Steps.Ssh;

/// <summary>
/// A host over a connection of SSH.NET that stays open. What the library does not do stands here: a command is ended as
/// a process group over a second session, a peer that no longer answers is noticed, output is drained while it comes.
/// </summary>
internal sealed class SshNetShell(SshTarget target, SshLogin login, SemaphoreSlim greeting) : IWarmShell
{
    /// <summary>sshd allows ten sessions a connection; two are left for ending a script and for signs of life.</summary>
    private const int MostSessions = 8;

    private static readonly TimeSpan DrainEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DrainFloodEvery = TimeSpan.FromMilliseconds(5);

    /// <summary>Bytes between two looks. What is not yet drained has no bound, so a fast host is looked at more often.</summary>
    private const int Flood = 256 * 1024;

    /// <summary>After so long without a word a running script's host is asked whether it lives.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    /// <summary>How long what a script left behind may hold its output open.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _sessions = new(MostSessions);
    private readonly Lock _gate = new();
    private Task<SshNetConnection>? _connection;

    public async Task Warm(CancellationToken cancel)
    {
        try
        {
            await (await Connected(cancel)).Answers();
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
            var connection = await Connected(cancel);
            var (verdict, exitCode, remark) = await Run(connection, script, timeout, output, cancel);
            return output.Evidence(target.Name, verdict, exitCode, clock.Elapsed, remark);
        }
        catch (NotReached e)
        {
            return output.Evidence(target.Name, e.Verdict, null, clock.Elapsed, $"not run: {e.Message}");
        }
        finally
        {
            _sessions.Release();
        }
    }

    private static async Task<(Verdict, int? ExitCode, string? Remark)> Run(
        SshNetConnection connection,
        string script,
        TimeSpan timeout,
        CappedOutput output,
        CancellationToken cancel
    )
    {
        var command = connection.Command(RemoteScript.Wrap(script, timeout));
        var ended = connection.Start(command);
        try
        {
            return await Watch(command, ended, connection, timeout, output, cancel);
        }
        finally
        {
            SshNetConnection.Forget(command, ended.IsCompletedSuccessfully);
        }
    }

    private static async Task<(Verdict, int? ExitCode, string? Remark)> Watch(
        SshCommand command,
        Task ended,
        SshNetConnection connection,
        TimeSpan timeout,
        CappedOutput output,
        CancellationToken cancel
    )
    {
        var clock = Stopwatch.StartNew();
        var errors = new StringBuilder();
        var isFlood = false;
        TimeSpan? exited = null;
        while (true)
        {
            var pause = isFlood ? DrainFloodEvery : DrainEvery;
            await Task.WhenAny(ended, Task.Delay(pause, TimeProvider.System, CancellationToken.None));
            isFlood = Drain(command, connection, output, errors) > Flood;
            if (ended.IsCompleted)
                break;
            if (command.ExitStatus is not null && clock.Elapsed - (exited ??= clock.Elapsed) > Grace)
            {
                // Whatever it left running in the background keeps the session open: it ends with the script.
                await End(connection, errors);
                break;
            }
            if (cancel.IsCancellationRequested || clock.Elapsed >= timeout)
            {
                var gone = await End(connection, errors);
                await Task.WhenAny(ended, Task.Delay(Grace, TimeProvider.System, CancellationToken.None));
                Drain(command, connection, output, errors);
                return cancel.IsCancellationRequested
                    ? (Verdict.Unknown, null, "stopped with the responder" + gone)
                    : (Verdict.Timeout, null, $"stopped after {Elapsed.Words(timeout)}" + gone);
            }
            if (connection.Silence > Quiet && !await connection.Answers())
                break;
        }
        // What came between the last look and the end.
        Drain(command, connection, output, errors);
        if (ended.IsFaulted || !connection.IsAlive)
            return (Verdict.Lost, null, Lost(ended.Exception?.InnerException, errors, timeout));
        var said = RemoteScript.Complaints(errors.ToString());
        return command.ExitStatus switch
        {
            0 => (Verdict.Pass, 0, null),
            { } code => (Verdict.Fail, code, said.Length > 0 ? said : null),
            null => (Verdict.Fail, null, $"ended by signal {command.ExitSignal}"),
        };
    }

    /// <returns>Nothing, or words for the remark: it is not known to be gone.</returns>
    private static async Task<string> End(SshNetConnection connection, StringBuilder errors)
    {
        if (RemoteScript.Group(errors.ToString()) is not { } group)
            return "; it is not known whether it began";
        return await connection.Passes(RemoteScript.End(group), SshLogin.Patience + Grace)
            ? ""
            : $"; process group {group} is not known to be gone";
    }

    private static string Lost(Exception? why, StringBuilder errors, TimeSpan timeout)
    {
        var what = why is null ? "the host no longer answers" : $"the connection broke: {why.Message.TrimEnd('.')}";
        return RemoteScript.Group(errors.ToString()) is { } group
            ? $"{what}; process group {group} is not known to be gone, and ends itself {RemoteScript.Limit(timeout)} s after it began"
            : $"{what}; it is not known whether the script began";
    }

    /// <returns>How many bytes there were.</returns>
    private static int Drain(SshCommand command, SshNetConnection connection, CappedOutput output, StringBuilder errors)
    {
        const int MostErrors = 4096;
        var buffer = new byte[16 * 1024];
        var drained = 0;
        while (Next(command.OutputStream) is { IsEmpty: false } bytes)
        {
            output.Add(bytes);
            drained += bytes.Length;
        }
        while (Next(command.ExtendedOutputStream) is { IsEmpty: false } bytes)
            if (errors.Length < MostErrors)
                errors.Append(Encoding.UTF8.GetString(bytes));
        return drained;

        // The stream blocks a thread when there is nothing to read, and says beforehand how much there is.
        ReadOnlySpan<byte> Next(Stream stream)
        {
            if (stream.Length == 0)
                return [];
            connection.Heard();
            return buffer.AsSpan(0, stream.Read(buffer, 0, buffer.Length));
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
            (connection, _connection) = (_connection, null);
        if (connection is { IsCompletedSuccessfully: true })
            (await connection).Dispose();
    }
}
