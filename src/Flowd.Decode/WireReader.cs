using System;
using System.Buffers.Binary;

namespace Flowd.Decode;

/// <summary>
/// A cursor over received octets, network byte order. No read throws, allocates or goes past the end.
/// Lengths from the wire are compared with what remains and never added to anything, so they cannot wrap.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    public readonly int Remaining => _rest.Length;
    public readonly bool AtEnd => _rest.IsEmpty;
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>How many of the remaining octets are zeros with nothing but zeros behind them.</summary>
    public readonly int ZeroTail => _rest.Length - 1 - _rest.LastIndexOfAnyExcept((byte)0);

    public bool TryReadByte(out byte value)
    {
        bool taken = TryTake(sizeof(byte), out ReadOnlySpan<byte> octets);
        value = taken ? octets[0] : (byte)0;
        return taken;
    }

    public bool TryReadUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_rest, out value))
            return false;
        _rest = _rest[sizeof(ushort)..];
        return true;
    }

    public bool TryReadUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_rest, out value))
            return false;
        _rest = _rest[sizeof(uint)..];
        return true;
    }

    /// <summary>Takes exactly <paramref name="length"/> octets: one check for a whole fixed-size record.</summary>
    public bool TryTake(int length, out ReadOnlySpan<byte> octets)
    {
        if (length < 0 || length > _rest.Length)
        {
            octets = default;
            return false;
        }

        octets = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    /// <summary>Reads the length of a field of variable length: one octet, or 255 and two octets (RFC 7011 section 7).</summary>
    public bool TryReadVariableLength(out int length)
    {
        bool isRead = TryReadByte(out byte shortLength);
        length = shortLength;
        if (shortLength < byte.MaxValue)
            return isRead;
        isRead = TryReadUInt16(out ushort longLength);
        length = longLength;
        return isRead;
    }

    /// <summary>Skips a field of variable length.</summary>
    public bool TrySkipVariable() => TryReadVariableLength(out int length) && TryTake(length, out _);

    /// <summary>A reader confined to the next <paramref name="length"/> octets, for nested structures.</summary>
    public bool TryTakeReader(int length, out WireReader inner)
    {
        bool taken = TryTake(length, out ReadOnlySpan<byte> octets);
        inner = new WireReader(octets);
        return taken;
    }
}
