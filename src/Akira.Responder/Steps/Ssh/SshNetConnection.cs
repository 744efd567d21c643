using System.Collections.Immutable;
using System.Diagnostics;
using System.Net.Sockets;
using Akira.Core.Incidents;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Akira.Responder.Steps.Ssh;

/// <summary>A host that could not be talked to: nothing ran there.</summary>
internal sealed class NotReached(Verdict verdict, string message) : Exception(message)
{
    public Verdict Verdict { get; } = verdict;
}

/// <summary>
/// One connection, verified against known_hosts. Calls of the library that block get threads of their own: a host that
/// hangs must not hold those that serve pages.
/// </summary>
internal sealed class SshNetConnection : IDisposable
{
    private readonly SshClient _client;
    private readonly Lock _gate = new();
    private long _heardAt = Stopwatch.GetTimestamp();
    private Task<bool>? _asking;
    private bool _isDead;

    private SshNetConnection(SshClient client) => _client = client;

    public bool IsAlive => !Volatile.Read(ref _isDead) && _client.IsConnected;

    /// <summary>Since when nothing has come from the host.</summary>
    public TimeSpan Silence => Stopwatch.GetElapsedTime(Volatile.Read(ref _heardAt));

    public void Heard() => Volatile.Write(ref _heardAt, Stopwatch.GetTimestamp());

    /// <exception cref="NotReached">It did not come about.</exception>
    public static async Task<SshNetConnection> Open(SshTarget target, SshLogin login)
    {
        if (login.Keys.IsEmpty)
            throw new NotReached(
                Verdict.Fail,
                "there is no private key to log in with. AKIRA_Ssh__Keys says where they are"
            );
        var known = KnownHosts.Read(login.KnownHosts);
        if (login.Unknown(target, known) is { } unknown)
            throw new NotReached(Verdict.Fail, unknown);
        var info = Info(target, login, known.KeyTypes(target.KnownAs));
        var client = new SshClient(info);
        string? refusal = null;
        client.HostKeyReceived += (_, e) =>
        {
            refusal = Refusal(known.Judge(target.KnownAs, e.HostKey), e, target, login);
            e.CanTrust = refusal is null;
        };
        try
        {
            // Each part of the greeting has its own limit; this one is for all of them together.
            await Apart(client.Connect).WaitAsync(SshLogin.Patience * 2, TimeProvider.System);
            return new SshNetConnection(client);
        }
        catch (Exception e) when (refusal is not null || Explained(e, target, info) is not null)
        {
            _ = Apart(client.Dispose);
            throw refusal is not null ? new NotReached(Verdict.Fail, refusal) : Explained(e, target, info)!;
        }
    }

    /// <summary>
    /// Gives a command its input; a host that takes none holds nobody up. The input's end is not said: the command knows it by
    /// what it is given, and may be over before, with its session about to close.
    /// </summary>
    public static void Feed(SshCommand command, byte[] input) =>
        _ = Apart(() =>
        {
            try
            {
                var stream = command.CreateInputStream();
                stream.Write(input);
                stream.Flush();
            }
            catch (Exception e) when (IsOfAnEnd(e) || e is InvalidOperationException)
            {
                // it has ended already: that shows in what it leaves
            }
        });

    /// <summary>Lets go of a command. To close a session that is still open can block.</summary>
    /// <param name="hasEnded">Whether the host has closed it already.</param>
    public static void Forget(SshCommand command, bool hasEnded)
    {
        if (hasEnded)
            Close();
        else
            _ = Apart(Close);

        void Close()
        {
            try
            {
                command.Dispose();
            }
            catch (Exception e) when (IsOfAnEnd(e))
            {
                // it went with the connection
            }
        }
    }

    /// <summary>A session for one script, granted and with a shell that waits for it.</summary>
    /// <exception cref="NotReached">The host grants none: the connection is given up, and nothing has run over it.</exception>
    public async Task<SshNetSession> Session()
    {
        if (await Granted(RemoteScript.Waiting) is var (command, ended))
            return new SshNetSession(this, command, ended);
        Dispose();
        throw new NotReached(
            Verdict.Timeout,
            $"the host did not grant a session within {SshLogin.Patience.TotalSeconds:0} s"
        );
    }

    /// <summary>Of a command of ours; null when it does not end in time.</summary>
    public async Task<int?> ExitCode(string text, TimeSpan timeout)
    {
        if (await Granted(text) is not var (command, ended))
            return null;
        try
        {
            await ended.WaitAsync(timeout, TimeProvider.System);
            Heard();
            return command.ExitStatus;
        }
        catch (Exception e) when (IsOfAnEnd(e))
        {
            return null;
        }
        finally
        {
            Forget(command, ended.IsCompletedSuccessfully);
        }
    }

    /// <summary>
    /// Whether the host still answers. The library's keep-alive asks for no answer, so the host is given a command; that
    /// it was taken is enough, since a host in distress may need long to begin even that. One that does not answer is given up:
    /// every script on this connection is lost.
    /// </summary>
    public Task<bool> Answers()
    {
        lock (_gate)
            return _asking is null or { IsCompleted: true } ? _asking = Ask() : _asking;

        async Task<bool> Ask()
        {
            if (await Granted(":") is var (command, ended))
            {
                _ = ended.ContinueWith(
                    e => Forget(command, e.IsCompletedSuccessfully),
                    CancellationToken.None,
                    TaskContinuationOptions.None,
                    TaskScheduler.Default
                );
                return true;
            }
            Dispose();
            return false;
        }
    }

    /// <returns>A command that the host has taken, with the task of its end; null when it did not take it in time.</returns>
    private async Task<(SshCommand Command, Task Ended)?> Granted(string text)
    {
        SshCommand? command = null;
        try
        {
            // The library waits for the host's consent before it hands out the task of the command's end.
            var ended = await Apart(() => (command = _client.CreateCommand(text)).ExecuteAsync(CancellationToken.None))
                .WaitAsync(SshLogin.Patience, TimeProvider.System);
            Heard();
            return (command!, ended);
        }
        catch (Exception e) when (IsOfAnEnd(e))
        {
            if (command is not null)
                Forget(command, hasEnded: false);
            return null;
        }
    }

    private static bool IsOfAnEnd(Exception e) =>
        e is SshException or TimeoutException or ObjectDisposedException or SocketException;

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isDead, true))
            _ = Apart(_client.Dispose);
    }

    private static ConnectionInfo Info(SshTarget target, SshLogin login, IEnumerable<string> keyTypes)
    {
        IPrivateKeySource[] keys;
        try
        {
            keys = [.. login.Keys.Select(k => new PrivateKeyFile(k))];
        }
        catch (Exception e) when (e is SshException or IOException or UnauthorizedAccessException)
        {
            throw new NotReached(
                Verdict.Fail,
                $"a private key can not be read: {e.Message} A key with a passphrase needs an agent: name the host in AKIRA_Ssh__OpenSsh"
            );
        }
        var info = new ConnectionInfo(
            target.Address,
            target.Port,
            target.User,
            new PrivateKeyAuthenticationMethod(target.User, keys)
        )
        {
            Timeout = SshLogin.Patience,
            // How often a session is asked for again: sshd may not have noticed yet that an earlier one has ended.
            // Nothing has run before one is granted.
            RetryAttempts = 200,
        };
        Prefer(info, keyTypes);
        // Asked for another type of key than we know, an honest host would look like a changed one.
        var wanted = Algorithms(keyTypes);
        foreach (var name in info.HostKeyAlgorithms.Keys.Where(k => !wanted.Contains(k)).ToList())
            info.HostKeyAlgorithms.Remove(name);
        return info;
    }

    /// <summary>Asks for keys of these types first, and spends no time on slow mathematics.</summary>
    internal static void Prefer(ConnectionInfo info, IEnumerable<string> keyTypes)
    {
        // Its mathematics, in managed code, takes fifty times as long as all the rest of a greeting: last, not first.
        foreach (var name in info.KeyExchangeAlgorithms.Keys.Where(k => k.StartsWith("sntrup761")).ToList())
            info.KeyExchangeAlgorithms.SetPosition(name, info.KeyExchangeAlgorithms.Count - 1);
        foreach (var name in Algorithms(keyTypes).Reverse().Where(info.HostKeyAlgorithms.ContainsKey))
            info.HostKeyAlgorithms.SetPosition(name, 0);
    }

    private static ImmutableArray<string> Algorithms(IEnumerable<string> keyTypes) =>
        [.. keyTypes.SelectMany(t => t == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : new[] { t })];

    private static string? Refusal(HostKey judged, HostKeyEventArgs shown, SshTarget target, SshLogin login) =>
        judged switch
        {
            HostKey.Known => null,
            HostKey.Changed =>
                $"THE KEY OF {target.Name} HAS CHANGED: {target.Address} shows {shown.HostKeyName} SHA256:{shown.FingerPrintSHA256}, which is not the one in {login.KnownHosts}. Somebody may stand between, or the host was rebuilt: find out which before you replace the line",
            HostKey.Revoked =>
                $"THE KEY OF {target.Name} IS REVOKED in {login.KnownHosts}: {shown.HostKeyName} SHA256:{shown.FingerPrintSHA256}",
            _ => $"the key of {target.Name} is not known",
        };

    internal static NotReached? Explained(Exception e, SshTarget target, ConnectionInfo info)
    {
        var where = $"{target.User}@{target.Address}:{target.Port}";
        return e switch
        {
            SshAuthenticationException => new(
                Verdict.Fail,
                $"{where} refuses the log-in: {e.Message.TrimEnd('.')}. Add our public key to its authorized_keys"
            ),
            SshOperationTimeoutException
            or TimeoutException
            or SocketException { SocketErrorCode: SocketError.TimedOut } => new(
                Verdict.Timeout,
                $"{where} did not answer within {info.Timeout.TotalSeconds:0} s"
            ),
            SocketException => new(Verdict.Fail, $"{where} can not be reached: {e.Message.TrimEnd('.')}"),
            SshException => new(Verdict.Fail, $"{where} ended the greeting: {e.Message.TrimEnd('.')}"),
            _ => null,
        };
    }

    internal static Task Apart(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Task<T> Apart<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
