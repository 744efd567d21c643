using System.Runtime.InteropServices;
using System.Text;

namespace Akira.Voice.Dispatcher;

/// <summary>A file that a reader sees as it was, or as it is to be, and nothing between; also after a power cut.</summary>
internal static partial class WholeFile
{
    /// <returns>False: it had that text already.</returns>
    /// <exception cref="IOException">The old file is still there, whole.</exception>
    public static bool Write(string path, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
            return false;
        var next = path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        File.SetUnixFileMode(
            next,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead
        );
        File.Move(next, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return true;
    }

    /// <summary>The new name is on disk only with its folder, and .NET opens no folders.</summary>
    private static void SyncFolder(string path)
    {
        var folder = Open(path, 0);
        if (folder < 0)
            throw new IOException($"{path} cannot be opened");
        try
        {
            if (Sync(folder) != 0)
                throw new IOException($"{path} cannot be written to disk");
        }
        finally
        {
            _ = Close(folder);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);
}
