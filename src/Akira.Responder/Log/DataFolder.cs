using System.Globalization;

namespace Akira.Responder.Log;

/// <summary>Why the responder cannot start, in one line that says the way out.</summary>
public sealed class CannotStart(string sentence, int exitCode = 2, Exception? inner = null) : Exception(sentence, inner)
{
    public int ExitCode { get; } = exitCode;
}

/// <summary>The folder that holds everything a responder must not forget. One responder at a time may hold it.</summary>
public sealed class DataFolder : IDisposable
{
    private const string Lock = "akira.lock";
    private const string Pid = "akira.pid";

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <summary>Files that only say that the folder is held.</summary>
    public static IReadOnlyCollection<string> Signs { get; } = [Lock, Pid];

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <exception cref="CannotStart">It cannot be made or written, or another responder holds it.</exception>
    public static DataFolder Claim(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        var lockFile = System.IO.Path.Combine(path, Lock);
        try
        {
            Directory.CreateDirectory(path);
            var folder = new DataFolder(path, Hold(lockFile));
            folder.SignLock();
            return folder;
        }
        catch (IOException held) when (IsHeld(held))
        {
            throw new CannotStart(
                $"Another responder{Holder(path)} uses {path}. Stop it, or give this one its own folder: --data DIR",
                inner: held
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStart(
                $"The data folder {path} cannot be written: {Reason(e)} Make it writable, or choose another: --data DIR",
                inner: e
            );
        }
    }

    public void Dispose() => _lock.Dispose();

    // The operating system lets go of it when the process dies, whatever it dies of.
    private static FileStream Hold(string lockFile) =>
        new(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private void SignLock()
    {
        try
        {
            System.IO.File.WriteAllText(File(Pid), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // A full disk: the lock holds all the same, only the other one cannot be told who holds it.
        }
    }

    private static string Holder(string path)
    {
        try
        {
            var pid = System.IO.File.ReadAllText(System.IO.Path.Combine(path, Pid));
            return int.TryParse(pid, out var number) ? $" (process {number})" : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private const int WouldBlock = 11; // EWOULDBLOCK, from flock

    private static bool IsHeld(IOException e) => e.HResult == WouldBlock || (uint)e.HResult == 0x80070020;

    private static string Reason(Exception e) => e.Message.Split('\n')[0].TrimEnd('.') + ".";
}
