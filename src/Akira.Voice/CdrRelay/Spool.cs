using System.Globalization;
using System.Net.Sockets;

namespace Akira.Voice.CdrRelay;

/// <summary>
/// Events on disk, from the socket until the stream has them. A position is a count of bytes since the spool was made; a file
/// <c>acked</c> holds the one up to which the stream has all. It may lag: what is sent again is known again.
/// </summary>
/// <remarks>One thread receives, one syncs, one publishes; each writes only its own position.</remarks>
internal sealed class Spool : IDisposable
{
    private const string AckedFile = "acked";

    private readonly string _folder;
    private readonly int _segmentBytes;
    private readonly FileStream _ackedFile;
    private readonly Lock _gate = new();
    private Segment? _current;
    private long _end;
    private long _synced;
    private long _acked;

    /// <param name="folder">Made when it is missing.</param>
    /// <exception cref="IOException">It cannot be written, or another relay uses it.</exception>
    public Spool(string folder, int segmentBytes = 32 << 20)
    {
        (_folder, _segmentBytes) = (folder, segmentBytes);
        Directory.CreateDirectory(folder);
        _ackedFile = new(Path.Combine(folder, AckedFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var text = new StreamReader(_ackedFile).ReadToEnd();
        var acked = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : 0;

        var paths = Segments();
        if (paths.Count > 0)
        {
            _current = Segment.Open(paths[^1]);
            _end = _synced = _current.End;
            _current.Sync();
            acked = Math.Clamp(acked, StartOf(paths[0]), _end);
        }
        _acked = acked;
        _end = Math.Max(_end, acked);
        _synced = _end;
    }

    /// <summary>Bytes that the stream does not have yet.</summary>
    public long Waiting => Volatile.Read(ref _end) - Acked;

    /// <summary>Up to here events are on disk, and may be read.</summary>
    public long Synced => Volatile.Read(ref _synced);

    public long Acked => Volatile.Read(ref _acked);

    public long Received { get; private set; }

    /// <summary>Bytes the disk still has for it.</summary>
    public long Free => new DriveInfo(_folder).AvailableFreeSpace;

    /// <summary>Waits for an event, as long as the socket's own limit.</summary>
    /// <exception cref="IOException">The disk has no room: the event is still in the socket's queue.</exception>
    /// <exception cref="SocketException">Nothing came.</exception>
    public void Receive(Socket socket)
    {
        if (_current is null or { IsFull: true })
        {
            var next = Next();
            lock (_gate)
            {
                _current?.Sync();
                _current?.Close();
                _current = next;
            }
        }
        _current.Receive(socket);
        Received++;
        Volatile.Write(ref _end, _current.End);
    }

    private Segment Next()
    {
        try
        {
            return Segment.Create(_folder, _end, _segmentBytes);
        }
        catch (IOException) when (_current is not null && Acked == _end)
        {
            // The stream has all of the full file: on a full disk its room is what the next one can have.
            var path = Segments()[^1];
            lock (_gate)
            {
                _current.Dispose();
                _current = null;
                _synced = _end;
            }
            File.Delete(path);
            return Segment.Create(_folder, _end, _segmentBytes);
        }
    }

    /// <summary>Puts on disk what was received. Cheap when nothing was.</summary>
    /// <returns>Whether there was something.</returns>
    /// <exception cref="IOException">The disk failed.</exception>
    public bool Sync()
    {
        lock (_gate)
        {
            var end = Volatile.Read(ref _end);
            if (end == _synced)
                return false;
            _current!.Sync();
            Volatile.Write(ref _synced, end);
            return true;
        }
    }

    /// <summary>Reads whole events from a position on.</summary>
    /// <returns>Of these bytes only whole lines; none when there is nothing new.</returns>
    public ReadOnlyMemory<byte> Read(long from, byte[] block)
    {
        var synced = Synced;
        if (from >= synced)
            return default;
        var paths = Segments();
        var at = paths.FindLastIndex(p => StartOf(p) <= from);
        var path = paths[at];
        if (at + 1 < paths.Count)
            synced = StartOf(paths[at + 1]); // a file that a crash left open has zeros behind its events
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var most = (int)Math.Min(block.Length, synced - from);
        var read = block.AsMemory(0, RandomAccess.Read(file, block.AsSpan(0, most), from - StartOf(path)));
        return read[..(read.Span.LastIndexOf((byte)'\n') + 1)];
    }

    /// <summary>The stream has everything before that position; whole files of it are deleted.</summary>
    public void Trim(long acked)
    {
        Volatile.Write(ref _acked, acked);
        // First, since the disk may be full.
        var paths = Segments();
        for (var i = 0; i + 1 < paths.Count && StartOf(paths[i + 1]) <= acked; i++)
            File.Delete(paths[i]);
        // Not synced: an older position only means that some events are sent twice.
        RandomAccess.Write(
            _ackedFile.SafeFileHandle,
            System.Text.Encoding.ASCII.GetBytes(acked.ToString("D20", CultureInfo.InvariantCulture)),
            0
        );
    }

    public void Dispose()
    {
        _current?.Dispose();
        _ackedFile.Dispose();
    }

    // The names sort as the positions do.
    private List<string> Segments() => [.. Directory.EnumerateFiles(_folder, "*.ndjson").Order(StringComparer.Ordinal)];

    private static long StartOf(string path) =>
        long.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture);
}
