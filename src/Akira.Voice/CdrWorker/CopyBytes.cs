using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Akira.Voice.CdrWorker;

/// <summary>
/// Rows in PostgreSQL's binary COPY format, made before the database is asked: what costs processor time is done while the batch before
/// is being committed. Disposed of, its memory is used again.
/// </summary>
internal sealed class CopyBytes : IDisposable
{
    private const long Year2000 = 946_684_800_000_000; // µs since 1970; PostgreSQL counts from there

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1 << 16);
    private int _length;

    private CopyBytes() { }

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    public static CopyBytes Of(List<Row> rows)
    {
        var copy = new CopyBytes();
        copy.Raw("PGCOPY"u8);
        copy.Raw([0x0A, 0xFF, 0x0D, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0]); // the signature ends; no flags, no extension
        foreach (var row in rows)
        {
            copy.Short((short)Column.All.Length);
            foreach (var column in Column.All)
                column.Copy(copy, row);
        }
        copy.Short(-1);
        return copy;
    }

    public void Null() => Int(-1);

    public void Add(bool value)
    {
        Int(1);
        Room(1)[0] = value ? (byte)1 : (byte)0;
    }

    public void Add(int value)
    {
        Int(4);
        Int(value);
    }

    public void Add(long value)
    {
        Int(8);
        Long(value);
    }

    public void Add(DateTimeOffset value) =>
        Add((value - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond - Year2000);

    public void Add(string value)
    {
        var room = Ahead(4 + Encoding.UTF8.GetMaxByteCount(value.Length));
        var length = Encoding.UTF8.GetBytes(value, room[4..]);
        BinaryPrimitives.WriteInt32BigEndian(room, length);
        _length += 4 + length;
    }

    /// <summary>A numeric: groups of four decimal digits, the first with a weight of 10,000 to some power.</summary>
    public void Add(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var scale = (bits[3] >> 16) & 0xFF;
        var unscaled = new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        for (var i = scale; i % 4 != 0; i++)
            unscaled *= 10;
        Span<short> groups = stackalloc short[16]; // the last first
        var count = 0;
        for (; unscaled != 0; unscaled /= 10_000)
            groups[count++] = (short)(ushort)(unscaled % 10_000);
        var weight = count - 1 - (scale + 3) / 4;
        var zeros = 0;
        while (zeros < count && groups[zeros] == 0)
            zeros++;
        Int(8 + 2 * (count - zeros));
        Short((short)(count - zeros));
        Short((short)(count == 0 ? 0 : weight));
        Short(value < 0 ? (short)0x4000 : (short)0);
        Short((short)scale);
        for (var i = count - 1; i >= zeros; i--)
            Short(groups[i]);
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _length) = ([], 0);
    }

    private void Short(short value) => BinaryPrimitives.WriteInt16BigEndian(Room(2), value);

    private void Int(int value) => BinaryPrimitives.WriteInt32BigEndian(Room(4), value);

    private void Long(long value) => BinaryPrimitives.WriteInt64BigEndian(Room(8), value);

    private void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    private Span<byte> Room(int length)
    {
        var room = Ahead(length)[..length];
        _length += length;
        return room;
    }

    private Span<byte> Ahead(int length)
    {
        if (_bytes.Length - _length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + length));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
        return _bytes.AsSpan(_length);
    }
}
