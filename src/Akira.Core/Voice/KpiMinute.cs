namespace Akira.Core.Voice;

/// <summary>
/// One minute of one scope as the history keeps it: all counts, so that every ratio can be computed anew, and the
/// minute's post-dial delay. Some twenty bytes.
/// </summary>
/// <param name="Minute">Of its hour, 0 to 59.</param>
/// <param name="PddP50">Seconds; null when nothing rang.</param>
/// <param name="PddP95">The same.</param>
public sealed record KpiMinute(int Minute, Tally Counts, double? PddP50, double? PddP95)
{
    private const int P50 = Tally.NumberCount;
    private const int P95 = Tally.NumberCount + 1;

    /// <param name="tally">With its delays.</param>
    public static KpiMinute Of(int minute, Tally tally)
    {
        var kpis = tally.Over(TimeSpan.FromMinutes(1));
        return new(minute, tally, kpis.PddP50.Value, kpis.PddP95.Value);
    }

    /// <summary>An hour's minutes, packed: of each its number, how many figures it has, and each figure's place and value.</summary>
    public static byte[] Pack(IEnumerable<KpiMinute> minutes)
    {
        using var packed = new MemoryStream();
        using var writer = new BinaryWriter(packed);
        foreach (var minute in minutes.OrderBy(m => m.Minute))
        {
            List<(int Place, long Value)> figures =
            [
                .. minute.Counts.Numbers().Select((value, place) => (place, value)),
                (P50, Milliseconds(minute.PddP50)),
                (P95, Milliseconds(minute.PddP95)),
            ];
            figures.RemoveAll(f => f.Value == 0);
            writer.Write((byte)minute.Minute);
            writer.Write((byte)figures.Count);
            foreach (var (place, value) in figures)
            {
                writer.Write((byte)place);
                writer.Write7BitEncodedInt64(value);
            }
        }
        writer.Flush();
        return packed.ToArray();
    }

    /// <exception cref="EndOfStreamException">It was cut off.</exception>
    public static List<KpiMinute> Unpack(byte[] packed)
    {
        using var reader = new BinaryReader(new MemoryStream(packed));
        var minutes = new List<KpiMinute>();
        Span<long> numbers = stackalloc long[Tally.NumberCount + 2];
        while (reader.BaseStream.Position < packed.Length)
        {
            numbers.Clear();
            var minute = reader.ReadByte();
            for (var left = reader.ReadByte(); left > 0; left--)
            {
                var place = reader.ReadByte();
                var value = reader.Read7BitEncodedInt64();
                // A figure of a later version is read past.
                if (place < numbers.Length)
                    numbers[place] = value;
            }
            minutes.Add(new(minute, Tally.Of(numbers), Seconds(numbers[P50]), Seconds(numbers[P95])));
        }
        return minutes;
    }

    /// <summary>One more than it is, so that zero means none.</summary>
    private static long Milliseconds(double? seconds) => seconds is { } s ? (long)Math.Round(s * 1000) + 1 : 0;

    private static double? Seconds(long milliseconds) => milliseconds == 0 ? null : (milliseconds - 1) / 1000.0;
}
