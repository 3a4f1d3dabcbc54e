using System;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Decode.Sets;

/// <summary>Unsigned integers of any length up to 8 octets: exporters may leave out leading zeros (RFC 7011 section 6.2).</summary>
internal static class WireValue
{
    public static ulong Number(ReadOnlySpan<byte> value)
    {
        switch (value.Length)
        {
            case sizeof(uint):
                return ReadUInt32BigEndian(value);
            case sizeof(ulong):
                return ReadUInt64BigEndian(value);
            default:
                ulong number = 0;
                foreach (byte octet in value)
                    number = number << 8 | octet;
                return number;
        }
    }

    public static uint UInt32(ReadOnlySpan<byte> value)
        => value.Length == sizeof(uint) ? ReadUInt32BigEndian(value) : (uint)(Number(value) & uint.MaxValue);

    public static ushort UInt16(ReadOnlySpan<byte> value)
        => value.Length == sizeof(ushort) ? ReadUInt16BigEndian(value) : (ushort)(Number(value) & ushort.MaxValue);

    /// <summary>The low 8 bits.</summary>
    public static byte Octet(ReadOnlySpan<byte> value) => value[^1];
}
