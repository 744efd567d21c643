using System.Globalization;
using Akira.Core.Voice;
using Microsoft.Win32.SafeHandles;

namespace Akira.Responder.Voice;

/// <summary>
/// The posted records on disk: one NDJSON file an hour of arrival, so that a restart reads two; appended, synced, and
/// kept for a week. Safe for threads.
/// </summary>
/// <param name="folder">Made when it is missing.</param>
public sealed class CallSpool(string folder) : IDisposable
{
    private const string Hour = "yyyy-MM-dd'T'HH'Z'";
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private readonly SemaphoreSlim _one = new(1);
    private SafeFileHandle? _file;
    private string? _path;
    private long _length;

    /// <summary>Returns when the records are on disk, all of them.</summary>
    /// <exception cref="IOException">The disk is full or fails; then none of them is kept.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public async Task Append(IEnumerable<CallRecord> records, DateTimeOffset now, CancellationToken cancel)
    {
        var lines = CallRecords.Write(records);
        await _one.WaitAsync(cancel);
        try
        {
            var file = Open(now);
            try
            {
                // Not cancelled half-way: a client that hangs up must not leave half a line.
                await RandomAccess.WriteAsync(file, lines, _length, CancellationToken.None);
                RandomAccess.FlushToDisk(file);
                _length += lines.Length;
            }
            catch (IOException)
            {
                RandomAccess.SetLength(file, _length);
                throw;
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The records that arrived in the hour before <paramref name="now"/>, and some before it.</summary>
    public IEnumerable<CallRecord> Recent(DateTimeOffset now)
    {
        foreach (var path in new[] { PathOf(now - CallWindows.Longest), PathOf(now) }.Where(File.Exists))
        foreach (var line in File.ReadLines(path))
            // A line cut off by a crash was never answered with 200.
            if (CallRecords.TryRead(System.Text.Encoding.UTF8.GetBytes(line), 0, out var record, out _))
                if (record.At > now - CallWindows.Longest)
                    yield return record;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _one.Dispose();
    }

    private SafeFileHandle Open(DateTimeOffset now)
    {
        var path = PathOf(now);
        if (_file is not null && _path == path)
            return _file;
        _file?.Dispose();
        _file = null;
        Directory.CreateDirectory(folder);
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        _length = EndOfLastLine(file);
        RandomAccess.SetLength(file, _length);
        (_file, _path) = (file, path);
        DropOld(PathOf(now - Kept));
        return file;
    }

    private static long EndOfLastLine(SafeFileHandle file)
    {
        var end = RandomAccess.GetLength(file);
        var block = new byte[4096];
        while (end > 0)
        {
            var start = Math.Max(0, end - block.Length);
            var read = RandomAccess.Read(file, block.AsSpan(0, (int)(end - start)), start);
            if (block.AsSpan(0, read).LastIndexOf((byte)'\n') is >= 0 and var at)
                return start + at + 1;
            end = start;
        }
        return 0;
    }

    private void DropOld(string before)
    {
        // The names sort as the hours do.
        foreach (var path in Directory.EnumerateFiles(folder, "*.ndjson"))
            if (string.CompareOrdinal(path, before) < 0)
                File.Delete(path);
    }

    private string PathOf(DateTimeOffset at) =>
        Path.Combine(folder, at.UtcDateTime.ToString(Hour, CultureInfo.InvariantCulture) + ".ndjson");
}
