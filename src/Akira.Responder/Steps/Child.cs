using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Akira.Responder.Steps;

/// <summary>How a child process ended.</summary>
/// <param name="ExitCode">Null: it did not end by itself.</param>
/// <param name="TimedOut">Whether it was stopped because its time was over; else, without a code, with the responder.</param>
/// <param name="Gone">False: it is not known to be gone.</param>
/// <param name="Process">Its id; 0 when it could not be started, and then <paramref name="Error"/> says why.</param>
internal sealed record Ending(int? ExitCode, bool TimedOut, bool Gone, int Process, string? Error = null);

/// <summary>A process of the responder's own machine, in a process group of its own, drained while it runs.</summary>
internal static partial class Child
{
    private const int Terminate = 15;
    private const int Kill = 9;

    /// <summary>How long a process may take to end after it was asked to.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <param name="command">The program and its arguments.</param>
    /// <param name="errors">Takes standard error; null: it goes where the responder's own does.</param>
    /// <param name="prepare">Sets what else the start needs.</param>
    public static async Task<Ending> Run(
        IEnumerable<string> command,
        TimeSpan timeout,
        CappedOutput output,
        CappedOutput? errors,
        CancellationToken cancel,
        Action<ProcessStartInfo>? prepare = null
    )
    {
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo("setsid", command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = errors is not null,
        };
        prepare?.Invoke(process.StartInfo);
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new Ending(null, false, true, 0, e.Message);
        }
        process.StandardInput.Close();
        var drained = Task.WhenAll(
            Drain(process.StandardOutput.BaseStream, output),
            errors is null ? Task.CompletedTask : Drain(process.StandardError.BaseStream, errors)
        );
        try
        {
            await process.WaitForExitAsync(cancel).WaitAsync(timeout, TimeProvider.System, cancel);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            var gone = await End(process);
            await Settled(drained);
            return new Ending(null, e is TimeoutException, gone, process.Id);
        }
        // Whatever it left running in the background keeps the pipe open: the step ends all the same, and so do they.
        if (!await Settled(drained))
        {
            Signal(process.Id, Kill);
            await Settled(drained);
        }
        return new Ending(process.ExitCode, false, true, process.Id);
    }

    private static async Task Drain(Stream stream, CappedOutput output)
    {
        var buffer = new byte[64 * 1024];
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
