using System.Diagnostics;
using System.Text;
using Akira.Core.Incidents;
using Renci.SshNet;

namespace Akira.Responder.Steps.Ssh;

/// <summary>
/// A session at whose far end a shell waits for its one script: what the host needs to make one is over when the script
/// comes. What the library does not do stands here: a script is ended as a process group over a second session, a peer that no
/// longer answers is noticed, output is drained while it comes.
/// </summary>
/// <param name="ended">Ends, by a value or an exception, when the command does or the connection.</param>
internal sealed class SshNetSession(SshNetConnection connection, SshCommand command, Task ended)
{
    private static readonly TimeSpan DrainEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DrainFloodEvery = TimeSpan.FromMilliseconds(5);

    /// <summary>Bytes between two looks. What is not yet drained has no bound, so a fast host is looked at more often.</summary>
    private const int Flood = 256 * 1024;

    /// <summary>Characters kept of standard error, the last ones: what the far shell itself has to say.</summary>
    private const int MostErrors = 4096;

    /// <summary>After so long without a word a running script's host is asked whether it lives.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    /// <summary>How long what a script left behind may hold its output open.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly StringBuilder _errors = new();
    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>The script's process group. Null: it has not begun, as far as anybody has heard.</summary>
    private int? _group;

    /// <summary>Whether it can still take a script.</summary>
    public bool Waits => connection.IsAlive && !ended.IsCompleted;

    /// <summary>Without a script: the shell over there ends.</summary>
    public void Forget() => SshNetConnection.Forget(command, ended.IsCompletedSuccessfully);

    /// <exception cref="NotReached">The shell ended before the script began: another session may be tried.</exception>
    public async Task<(Verdict, int? ExitCode, string? Remark)> Run(
        string script,
        TimeSpan timeout,
        CappedOutput output,
        CancellationToken cancel
    )
    {
        try
        {
            SshNetConnection.Feed(command, RemoteScript.Fed(script, timeout));
            return await Watch(timeout, output, cancel);
        }
        finally
        {
            Forget();
        }
    }

    private async Task<(Verdict, int? ExitCode, string? Remark)> Watch(
        TimeSpan timeout,
        CappedOutput output,
        CancellationToken cancel
    )
    {
        var clock = Stopwatch.StartNew();
        var isFlood = false;
        TimeSpan? exited = null;
        while (true)
        {
            var pause = isFlood ? DrainFloodEvery : DrainEvery;
            await Task.WhenAny(ended, Task.Delay(pause, TimeProvider.System, CancellationToken.None));
            isFlood = Drain(output) > Flood;
            if (ended.IsCompleted)
                break;
            if (command.ExitStatus is not null && clock.Elapsed - (exited ??= clock.Elapsed) > Grace)
            {
                // Whatever it left running in the background keeps the session open: it ends with the script.
                await End();
                break;
            }
            if (cancel.IsCancellationRequested || clock.Elapsed >= timeout)
            {
                var gone = await End();
                await Task.WhenAny(ended, Task.Delay(Grace, TimeProvider.System, CancellationToken.None));
                Drain(output);
                return cancel.IsCancellationRequested
                    ? (Verdict.Unknown, null, "stopped with the responder" + gone)
                    : (Verdict.Timeout, null, $"stopped after {Elapsed.Words(timeout)}" + gone);
            }
            if (clock.Elapsed > Quiet && connection.Silence > Quiet && !await connection.Answers())
                break;
        }
        // What came between the last look and the end.
        Drain(output);
        if (ended.IsFaulted || !connection.IsAlive)
            return (Verdict.Lost, null, Lost(timeout));
        if (_group is null)
            throw new NotReached(Verdict.Fail, RemoteScript.NotBegun(command.ExitStatus, _errors.ToString()));
        var said = RemoteScript.Complaints(_errors.ToString());
        return command.ExitStatus switch
        {
            0 => (Verdict.Pass, 0, null),
            { } code => (Verdict.Fail, code, said.Length > 0 ? said : null),
            null => (Verdict.Fail, null, $"ended by signal {command.ExitSignal}"),
        };
    }

    /// <returns>Nothing, or words for the remark: it is not known to be gone.</returns>
    private async Task<string> End()
    {
        if (_group is not { } group)
            return "; it is not known whether it began";
        return RemoteScript.Gone(await connection.ExitCode(RemoteScript.End(group), SshLogin.Patience + Grace), group);
    }

    private string Lost(TimeSpan timeout)
    {
        var what = ended.Exception?.InnerException is { } why
            ? $"the connection broke: {why.Message.TrimEnd('.')}"
            : "the host no longer answers";
        return _group is { } group
            ? $"{what}; process group {group} is not known to be gone, and ends itself {RemoteScript.Limit(timeout)} s after it began"
            : $"{what}; it is not known whether the script began";
    }

    /// <returns>How many bytes there were.</returns>
    private int Drain(CappedOutput output)
    {
        var drained = 0;
        while (Next(command.OutputStream) is { IsEmpty: false } bytes)
        {
            output.Add(bytes);
            drained += bytes.Length;
        }
        while (Next(command.ExtendedOutputStream) is { IsEmpty: false } bytes)
        {
            _errors.Append(Encoding.UTF8.GetString(bytes));
            _group ??= RemoteScript.Group(_errors.ToString());
            _errors.Remove(0, Math.Max(0, _errors.Length - MostErrors));
        }
        return drained;
    }

    // The stream blocks a thread when there is nothing to read, and says beforehand how much there is.
    private ReadOnlySpan<byte> Next(Stream stream)
    {
        if (stream.Length == 0)
            return [];
        connection.Heard();
        return _buffer.AsSpan(0, stream.Read(_buffer, 0, _buffer.Length));
    }
}
