using System;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Records;

/// <summary>
/// A question about a value, asked of many records of one layout without decoding them. What a record does not have is 0, or no address, as in
/// <see cref="FlowRecord"/>.
/// </summary>
public readonly struct WireTest
{
    /// <summary>As many records are asked at once.</summary>
    public const int MostRecords = 64;

    private const int BitsOfOctet = 8;
    private const int BitsOfWindow = 64;

    private readonly Window _first;
    private readonly Window _second;
    private readonly bool _hasSecond;

    private WireTest(in Window first) => _first = first;

    private WireTest(in Window first, in Window second) => (_first, _second, _hasSecond) = (first, second, true);

    /// <summary>The same answer for all.</summary>
    public static WireTest Always(bool answer) => new(new Window(0, 0, answer ? 0ul : 1, 0));

    /// <summary>low &lt;= (number &amp; mask) &lt;= high.</summary>
    public static WireTest Number(WireLayout layout, RecordValue value, ulong mask, ulong low, ulong high)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return low > high ? Always(false)
            : layout.TryFind(value, out WirePlace place) ? new WireTest(Window.At(place.Offset, place.Length, layout.Length, mask, low, high))
            : Always(low == 0);
    }

    /// <summary>The address is in the network.</summary>
    public static WireTest Network(WireLayout layout, RecordValue value, Prefix network)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (network.IsAny)
            return Always(true);
        int octets = network.Address.Bits / BitsOfOctet;
        if (!layout.TryFind(value, out WirePlace place) || place.Length != octets)
            return Always(false);
        if (octets < sizeof(ulong))
            return new WireTest(Window.Leading(place.Offset, octets, layout.Length, network.Address.Low, network.Length));
        var high = Window.Leading(place.Offset, sizeof(ulong), layout.Length, network.Address.High, Math.Min((int)network.Length, BitsOfWindow));
        if (network.Length <= BitsOfWindow)
            return new WireTest(in high);
        return new WireTest(in high, Window.Leading(place.Offset + sizeof(ulong), sizeof(ulong), layout.Length, network.Address.Low, network.Length - BitsOfWindow));
    }

    /// <summary>A bit for each record for which it is true, the lowest for the first.</summary>
    /// <param name="records">At most <see cref="MostRecords"/>, of the layout that the test was made for.</param>
    /// <param name="length">Of each.</param>
    public ulong Matches(ReadOnlySpan<byte> records, int length)
    {
        ulong matches = _first.Matches(records, length);
        return _hasSecond && matches != 0 ? matches & _second.Matches(records, length) : matches;
    }

    // Eight octets in which the number stands, somewhere.
    private readonly record struct Window(int Offset, ulong Mask, ulong Low, ulong Range)
    {
        public static Window At(int offset, int length, int recordLength, ulong mask, ulong low, ulong high)
        {
            int end = offset + length;
            int start = Math.Min(offset, recordLength - sizeof(ulong));
            int shift = BitsOfOctet * (start + sizeof(ulong) - end);
            mask &= ulong.MaxValue >> (BitsOfWindow - BitsOfOctet * length);
            high = Math.Min(high, mask);
            return low > high ? new Window(start, 0, 1, 0) : new Window(start, mask << shift, low << shift, (high - low) << shift);
        }

        public static Window Leading(int offset, int length, int recordLength, ulong number, int bits)
        {
            int all = BitsOfOctet * length;
            ulong mask = bits == 0 ? 0 : ulong.MaxValue << (all - bits) & ulong.MaxValue >> (BitsOfWindow - all);
            return At(offset, length, recordLength, mask, number & mask, number & mask);
        }

        public ulong Matches(ReadOnlySpan<byte> records, int length) => Range == 0 ? MatchesOfOne(records, length) : MatchesOfRange(records, length);

        // As they stand there, which is how the other numbers are put as well.
        private ulong MatchesOfOne(ReadOnlySpan<byte> records, int length)
        {
            (ulong mask, ulong wanted) = (ReverseEndianness(Mask), ReverseEndianness(Low));
            ulong matches = 0;
            for (int at = records.Length - length + Offset; at >= 0; at = unchecked(at - length))
                matches = unchecked(matches * 2 + ((ReadUInt64LittleEndian(records.Slice(at, sizeof(ulong))) & mask) == wanted ? 1ul : 0));
            return matches;
        }

        private ulong MatchesOfRange(ReadOnlySpan<byte> records, int length)
        {
            (ulong mask, ulong low, ulong range) = (Mask, Low, Range);
            ulong matches = 0;
            for (int at = records.Length - length + Offset; at >= 0; at = unchecked(at - length))
                matches = unchecked(matches * 2 + ((ReadUInt64BigEndian(records.Slice(at, sizeof(ulong))) & mask) - low <= range ? 1ul : 0));
            return matches;
        }
    }
}
