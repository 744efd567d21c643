using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Akira.Core.Voice;

/// <summary>
/// Which records came already, for each ten seconds by themselves: a repeated record carries the same time, so it is looked
/// for only among those of its own cell, which are few enough to lie near the processor. Eight bytes a record and some room between them, for an hour.
/// </summary>
/// <param name="seed">Makes the digests of one process its own: nobody can prepare records that are taken for others.</param>
internal sealed class SeenRecords(long seed)
{
    private const int Cells = 64 * 6;

    private readonly (long Number, Table Table)[] _cells =
    [
        .. Enumerable.Range(0, Cells).Select(_ => (-1L, new Table())),
    ];

    /// <summary>
    /// A digest of the call's identity. Among ten million records an hour, one is taken for another of its ten seconds once
    /// in 15,000 years: half of 10^7 × 28,000 pairs an hour, over 2^64.
    /// </summary>
    public ulong DigestOf(string callUid) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(callUid.AsSpan()), seed);

    /// <returns>False when it came before.</returns>
    public bool Add(ulong digest, CallRecordType type, long fine)
    {
        ref var cell = ref _cells[(int)(fine % Cells)];
        if (cell.Number != fine)
        {
            // As many are likely to come as in the ten seconds before.
            var before = _cells[(int)((fine - 1) % Cells)];
            cell.Table.Clear(before.Number == fine - 1 ? before.Table.Count : 0);
            cell.Number = fine;
        }
        return cell.Table.Add(digest + (uint)type);
    }

    /// <summary>Open addressing over one array: one look at memory for a record that is new.</summary>
    private sealed class Table
    {
        private ulong[] _slots = [];

        public int Count { get; private set; }

        public bool Add(ulong key)
        {
            // Zero marks a free slot.
            if (key == 0)
                key = 1;
            if (Count * 4 >= _slots.Length * 3)
                Grow();
            if (!Put(_slots, key))
                return false;
            Count++;
            return true;
        }

        /// <summary>Makes room for as many as are expected, and gives back what an unusual cell took.</summary>
        public void Clear(int expected)
        {
            var room = (int)BitOperations.RoundUpToPowerOf2((uint)(expected + expected / 2));
            if (_slots.Length < room || _slots.Length > 4 * room)
                _slots = new ulong[room];
            else
                _slots.AsSpan().Clear();
            Count = 0;
        }

        private static bool Put(ulong[] slots, ulong key)
        {
            var mask = slots.Length - 1;
            for (var i = (int)key & mask; ; i = (i + 1) & mask)
                if (slots[i] == 0)
                {
                    slots[i] = key;
                    return true;
                }
                else if (slots[i] == key)
                    return false;
        }

        private void Grow()
        {
            var grown = new ulong[Math.Max(16, _slots.Length * 2)];
            foreach (var key in _slots)
                if (key != 0)
                    Put(grown, key);
            _slots = grown;
        }
    }
}
