using System;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Records;

/// <summary>
/// Elements that have no place of their own in a record (LogFields.Other), one after the other: enterprise u32, id u16, length u16, then the value, padded to
/// 4 octets. Big-endian. Enterprise 0 is IANA's.
/// </summary>
public ref struct OtherElements(ReadOnlySpan<byte> octets)
{
    public const int HeaderLength = 8;

    private ReadOnlySpan<byte> _rest = octets;

    /// <summary>The octets that an element with a value of that length takes.</summary>
    public static int LengthOf(int valueLength) => HeaderLength + (valueLength + 3 & ~3);

    /// <summary>Writes an element, for which there is room; returns its length.</summary>
    public static int Write(Span<byte> destination, uint enterprise, ushort id, ReadOnlySpan<byte> value)
    {
        int length = LengthOf(value.Length);
        WriteUInt32BigEndian(destination, enterprise);
        WriteUInt16BigEndian(destination[4..], id);
        WriteUInt16BigEndian(destination[6..], (ushort)value.Length);
        value.CopyTo(destination[HeaderLength..]);
        destination[(HeaderLength + value.Length)..length].Clear();
        return length;
    }

    /// <summary>The next element; false at the end, or if what is left is none.</summary>
    public bool TryRead(out uint enterprise, out ushort id, out ReadOnlySpan<byte> value)
    {
        (enterprise, id) = (0, 0);
        value = default;
        if (_rest.Length < HeaderLength)
            return false;
        int valueLength = ReadUInt16BigEndian(_rest[6..]);
        if (_rest.Length < LengthOf(valueLength))
            return false;
        enterprise = ReadUInt32BigEndian(_rest);
        id = ReadUInt16BigEndian(_rest[4..]);
        value = _rest.Slice(HeaderLength, valueLength);
        _rest = _rest[LengthOf(valueLength)..];
        return true;
    }

    /// <summary>Where the last of whole elements begins.</summary>
    public static int EndBeforeLast(ReadOnlySpan<byte> octets)
    {
        int end = 0;
        for (var elements = new OtherElements(octets); elements.TryRead(out _, out _, out _);)
        {
            if (!elements._rest.IsEmpty)
                end = octets.Length - elements._rest.Length;
        }

        return end;
    }

    /// <summary>True if the octets are nothing but whole elements.</summary>
    public static bool AreWhole(ReadOnlySpan<byte> octets)
    {
        var elements = new OtherElements(octets);
        while (elements.TryRead(out _, out _, out _))
        {
        }

        return elements._rest.IsEmpty;
    }
}
