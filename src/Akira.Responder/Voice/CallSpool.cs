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
                // Opened anew the next time: what was wrong with it may have been mended from outside.
                _file = null;
                using (file)
                    RandomAccess.SetLength(file, _length);
                throw;
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The records that the windows can still count: those that arrived in the last hour, and some before it.</summary>
    public IEnumerable<CallRecord> Recent(DateTimeOffset now) =>
        ArrivedBetween(now - CallWindows.Longest - CallWindows.Ahead - TimeSpan.FromMinutes(1), now);

    /// <summary>
    /// The records whose event lies in a stretch of time, each once, in the order of arrival: also those that came late.
    /// </summary>
    public IEnumerable<CallRecord> Between(DateTimeOffset from, DateTimeOffset to)
    {
        var seen = new HashSet<(CallRecordType, string)>();
        foreach (var record in ArrivedBetween(from - CallWindows.Ahead, to + CallWindows.Longest))
            if (record.Type != CallRecordType.Heartbeat && record.At >= from && record.At < to)
                if (seen.Add((record.Type!.Value, record.CallUid!)))
                    yield return record;
    }

    /// <summary>By the hours of their arrival.</summary>
    private IEnumerable<CallRecord> ArrivedBetween(DateTimeOffset from, DateTimeOffset to)
    {
        for (
            var hour = from;
            PathOf(hour) is var path && string.CompareOrdinal(path, PathOf(to)) <= 0;
            hour += TimeSpan.FromHours(1)
        )
        {
            if (!File.Exists(path))
                continue;
            // Somebody may be writing to it.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var (block, filled) = (new byte[1 << 20], 0);
            for (int read; (read = file.Read(block, filled, block.Length - filled)) > 0; )
            {
                filled += read;
                var end = block.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
                // A line cut off by a crash was never answered with 200.
                foreach (var record in CallRecords.Read(block.AsSpan(0, end)).Records)
                    yield return record;
                block.AsSpan(end, filled - end).CopyTo(block);
                filled -= end;
                if (filled == block.Length)
                    Array.Resize(ref block, block.Length * 2);
            }
        }
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
