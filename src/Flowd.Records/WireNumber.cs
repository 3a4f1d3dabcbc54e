using System;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Records;

/// <summary>Where records of one layout have a number of up to 8 octets: in the 8 octets from Offset on, shifted and masked.</summary>
public readonly record struct WireNumber(int Offset, int Shift, ulong Mask)
{
    private const int BitsOfOctet = 8;

    /// <summary>Some octets of a record.</summary>
    /// <param name="layout">Of the record, which has 8 octets or more.</param>
    /// <param name="offset">Where they begin.</param>
    /// <param name="length">How many they are, 1 to 8.</param>
    public static WireNumber Of(WireLayout layout, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(layout);
        int start = Math.Min(offset, layout.Length - sizeof(ulong));
        return new WireNumber(start, BitsOfOctet * (start + sizeof(ulong) - offset - length), ulong.MaxValue >> BitsOfOctet * (sizeof(ulong) - length));
    }

    public ulong Read(ReadOnlySpan<byte> record) => ReadUInt64BigEndian(record[Offset..]) >> Shift & Mask;
}
