using System.Diagnostics;
using System.Runtime.InteropServices;
using Akira.Core.Incidents;

namespace Akira.Responder.Steps;

/// <summary>
/// Runs a script on the responder's own machine, with a real <c>bash</c> in a process group of its own. It gives way to
/// the responder itself (<c>nice</c>): evidence must not delay a page.
/// </summary>
public static partial class Bash
{
    private const int Terminate = 15;
    private const int Kill = 9;

    /// <summary>How long a process may take to end after it was asked to.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Total: what goes wrong is in the evidence. Standard output and error come in one stream, as a terminal would
    /// show them; standard input is empty.
    /// </summary>
    /// <param name="timeout">Of the wall clock, also where the responder's own clock runs faster: processes do not.</param>
    public static async Task<Evidence> Run(string script, TimeSpan timeout, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        using var output = new CappedOutput();
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo("setsid", ["nice", "-n", "19", "bash", "-c", "exec 2>&1\n" + script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return Result(Verdict.Unknown, null, $"bash could not be started: {e.Message}");
        }
        process.StandardInput.Close();
        var drained = Drain(process, output);
        try
        {
            await process.WaitForExitAsync(cancel).WaitAsync(timeout, TimeProvider.System, cancel);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            var gone = await End(process);
            await Settled(drained);
            var stopped =
                e is TimeoutException ? $"stopped after {Elapsed.Words(timeout)}" : "stopped with the responder";
            return Result(
                e is TimeoutException ? Verdict.Timeout : Verdict.Unknown,
                null,
                gone ? stopped : $"{stopped}; process {process.Id} is not known to be gone"
            );
        }
        // Whatever it left running in the background keeps the pipe open: the step ends all the same, and so do they.
        if (!await Settled(drained))
        {
            Signal(process.Id, Kill);
            await Settled(drained);
        }
        // 128 + n is how bash says that a signal ended the command; a process that a signal ended says it so too.
        return process.ExitCode == 0 ? Result(Verdict.Pass, 0, null) : Result(Verdict.Fail, process.ExitCode, null);

        Evidence Result(Verdict verdict, int? exitCode, string? remark)
        {
            lock (output)
                return new Evidence(
                    HostNames.Responder,
                    verdict,
                    exitCode,
                    output.Text(),
                    output.Dropped,
                    output.Sha256(),
                    clock.Elapsed,
                    remark
                );
        }
    }

    private static async Task Drain(Process process, CappedOutput output)
    {
        var buffer = new byte[64 * 1024];
        var stream = process.StandardOutput.BaseStream;
        while (true)
        {
            int read;
            try
            {
                read = await stream.ReadAsync(buffer);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
            if (read == 0)
                return;
            lock (output)
                output.Add(buffer.AsSpan(0, read));
        }
    }

    private static async Task<bool> Settled(Task drained)
    {
        try
        {
            await drained.WaitAsync(Grace, TimeProvider.System);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>TERM to the whole group, then KILL. False: it is still there.</summary>
    private static async Task<bool> End(Process process)
    {
        foreach (var signal in (int[])[Terminate, Kill])
        {
            Signal(process.Id, signal);
            try
            {
                await process.WaitForExitAsync().WaitAsync(Grace, TimeProvider.System);
                // The leader is gone; whoever ignored the signal in its group goes with KILL.
                Signal(process.Id, Kill);
                return true;
            }
            catch (TimeoutException)
            {
                // the next signal is stronger
            }
        }
        return false;
    }

    /// <summary>To the process group: setsid made the process its leader, so the group has its id.</summary>
    private static void Signal(int group, int signal) => _ = SendSignal(-group, signal);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);
}
