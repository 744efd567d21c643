using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Net.Sockets;

namespace Akira.Voice.CdrRelay;

/// <summary>
/// One file of the spool: events as NDJSON, then zeros. Its blocks are allocated when it is made, so a disk fills up here and
/// nowhere later, and its name is the position of its first byte in the spool as a whole.
/// </summary>
/// <remarks>
/// The file is mapped, and a datagram is received straight into it: the kernel copies it there in the one call that takes it from
/// the socket. A kill finds an event in the socket's queue or in the file, never between.
/// </remarks>
internal sealed unsafe class Segment : IDisposable
{
    /// <summary>What a UDP datagram can hold, and the line feed.</summary>
    public const int LargestEvent = 65_536;

    private readonly FileStream _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _bytes;
    private readonly int _size;
    private volatile int _used;

    private Segment(FileStream file, long start)
    {
        (_file, Start, _size) = (file, start, (int)file.Length);
        _map = MemoryMappedFile.CreateFromFile(
            file,
            null,
            0,
            MemoryMappedFileAccess.ReadWrite,
            default,
            leaveOpen: true
        );
        _view = _map.CreateViewAccessor(0, _size);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
        _used = Written.LastIndexOfAnyExcept((byte)0) + 1;
        if (_used > 0 && _bytes[_used - 1] != '\n')
            _bytes[_used++] = (byte)'\n'; // a kill came after the event and before its line feed
    }

    public long Start { get; }

    public long End => Start + _used;

    public bool IsFull => _size - _used < LargestEvent;

    private Span<byte> Written => new(_bytes, _size);

    public static string PathOf(string folder, long start) =>
        Path.Combine(folder, start.ToString("D20", CultureInfo.InvariantCulture) + ".ndjson");

    /// <exception cref="IOException">The disk has no room for it; then it is not there.</exception>
    public static Segment Create(string folder, long start, int size)
    {
        var path = PathOf(folder, start);
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite | FileShare.Delete,
                PreallocationSize = size,
                BufferSize = 0,
            };
            var file = new FileStream(path, options);
            file.SetLength(size);
            return new(file, start);
        }
        catch (IOException)
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>One that was written before; goes on after its last event.</summary>
    public static Segment Open(string path) =>
        new(
            new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 0),
            long.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture)
        );

    /// <summary>Waits for a datagram, as long as the socket's own limit.</summary>
    /// <exception cref="SocketException">Nothing came, or the socket was closed.</exception>
    public void Receive(Socket socket)
    {
        var room = new Span<byte>(_bytes + _used, LargestEvent - 1);
        var length = socket.Receive(room);
        if (length == 0)
            return;
        // A line feed or a zero within an event would end it. Neither is part of any JSON, save as white space.
        room[..length].Replace((byte)'\n', (byte)' ');
        room[..length].Replace((byte)0, (byte)'?');
        _bytes[_used + length] = (byte)'\n';
        _used += length + 1;
    }

    /// <summary>Returns when all that was received is on disk.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Sync() => RandomAccess.FlushToDisk(_file.SafeFileHandle);

    /// <summary>The zeros after the last event are given back.</summary>
    public void Close()
    {
        Dispose();
        using var file = File.OpenHandle(
            _file.Name,
            FileMode.Open,
            FileAccess.Write,
            FileShare.ReadWrite | FileShare.Delete
        );
        RandomAccess.SetLength(file, _used);
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
        _file.Dispose();
    }
}
