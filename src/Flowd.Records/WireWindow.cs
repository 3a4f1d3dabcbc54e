using System;
using System.Runtime.Intrinsics;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Records;

/// <summary>
/// Four octets of records of one layout, as a number, and what is asked about it: low &lt;= (number &amp; mask) &lt;= low + range. The numbers of many records are
/// gathered into a column, once for all who ask about them.
/// </summary>
public readonly record struct WireWindow(int Offset, uint Mask, uint Low, uint Range)
{
    public const int Length = sizeof(uint);

    private const int BitsOfOctet = 8;

    /// <summary>No number.</summary>
    public static WireWindow Never => new(0, 0, 1, 0);

    private static bool IsWide => Vector512.IsHardwareAccelerated;

    private static int NumbersAtOnce => IsWide ? Vector512<uint>.Count : Vector128<uint>.Count;

    /// <summary>A number that takes all of a place, or the lower end of a window where it is shorter or the record ends: low &lt;= (number &amp; mask) &lt;= high.</summary>
    public static WireWindow Of(WireLayout layout, int offset, int length, uint mask, uint low, uint high)
    {
        ArgumentNullException.ThrowIfNull(layout);
        int start = Math.Min(offset, layout.Length - Length);
        int shift = BitsOfOctet * (start + Length - offset - length);
        mask &= uint.MaxValue >> BitsOfOctet * (Length - length);
        high = Math.Min(high, mask);
        return low > high ? Never : new WireWindow(start, mask << shift, low << shift, (high - low) << shift);
    }

    /// <summary>The column for it, of as many records of that length as the column is long.</summary>
    public void Gather(ReadOnlySpan<byte> records, int length, Span<uint> column)
    {
        int at = Offset;
        foreach (ref uint number in column)
        {
            number = ReadUInt32BigEndian(records.Slice(at, Length));
            at = unchecked(at + length);
        }
    }

    /// <summary>The length of a column of so many numbers: with what is behind them, a multiple of those that are asked at once.</summary>
    public static int RoomOf(int count) => (count + NumbersAtOnce - 1) / NumbersAtOnce * NumbersAtOnce;

    /// <summary>A bit for each number of a column for which it is true, the lowest for the first. The length is that of <see cref="RoomOf"/>.</summary>
    public ulong Matches(ReadOnlySpan<uint> column)
    {
        ulong matches = 0;
        // The first ones first: the last of them may only just have been written one by one.
        for (int at = 0; at < column.Length; at = unchecked(at + NumbersAtOnce))
            matches |= (IsWide ? Wide(column.Slice(at, NumbersAtOnce)) : Narrow(column.Slice(at, NumbersAtOnce))) << at;
        return matches;
    }

    private ulong Narrow(ReadOnlySpan<uint> numbers)
        => Vector128.LessThanOrEqual((Vector128.Create(numbers) & Vector128.Create(Mask)) - Vector128.Create(Low), Vector128.Create(Range)).ExtractMostSignificantBits();

    private ulong Wide(ReadOnlySpan<uint> numbers)
        => Vector512.LessThanOrEqual((Vector512.Create(numbers) & Vector512.Create(Mask)) - Vector512.Create(Low), Vector512.Create(Range)).ExtractMostSignificantBits();
}
