using System.Collections.Immutable;
using System.Globalization;
using Akira.Core.Voice;
using Microsoft.Win32.SafeHandles;

namespace Akira.Responder.Voice;

/// <summary>
/// The posted records on disk: one NDJSON file a UTC day of arrival, appended and synced, kept for a week.
/// Safe for threads.
/// </summary>
/// <param name="folder">Made when it is missing.</param>
public sealed class CallSpool(string folder) : IDisposable
{
    private const int DaysKept = 7;

    private readonly SemaphoreSlim _one = new(1);
    private SafeFileHandle? _file;
    private DateOnly _day;
    private long _length;

    /// <summary>Returns when the records are on disk, all of them.</summary>
    /// <exception cref="IOException">The disk is full or fails; then none of them is kept.</exception>
    public async Task Append(IEnumerable<CallRecord> records, DateTimeOffset now, CancellationToken cancel)
    {
        var lines = CallRecords.Write(records);
        await _one.WaitAsync(cancel);
        try
        {
            var file = Open(DateOnly.FromDateTime(now.UtcDateTime));
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
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var first = DateOnly.FromDateTime((now - CallWindows.Longest).UtcDateTime);
        foreach (var path in new[] { first, today }.Distinct().Select(PathOf).Where(File.Exists))
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

    private SafeFileHandle Open(DateOnly day)
    {
        if (_file is not null && _day == day)
            return _file;
        _file?.Dispose();
        Directory.CreateDirectory(folder);
        _day = day;
        _file = File.OpenHandle(PathOf(day), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        _length = EndOfLastLine(_file);
        RandomAccess.SetLength(_file, _length);
        DropOld(day.AddDays(-DaysKept));
        return _file;
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

    private void DropOld(DateOnly before)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.ndjson"))
            if (
                DateOnly.TryParseExact(Path.GetFileNameWithoutExtension(path), "yyyy-MM-dd", out var day)
                && day < before
            )
                File.Delete(path);
    }

    private string PathOf(DateOnly day) =>
        Path.Combine(folder, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + ".ndjson");
}
