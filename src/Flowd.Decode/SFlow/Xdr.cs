using System;
using Flowd.Records;

namespace Flowd.Decode.SFlow;

/// <summary>What sFlow has of XDR (RFC 4506): everything is made of words of 4 octets.</summary>
internal static class Xdr
{
    private const int Word = 4;
    private const uint IPv4 = 1;
    private const uint IPv6 = 2;

    /// <summary>An address with its type before it; type 0 is none.</summary>
    public static DecodeError TryReadAddress(ref WireReader reader, out Address address)
    {
        address = default;
        if (!reader.TryReadUInt32(out uint type))
            return DecodeError.Truncated;
        if (type == 0)
            return DecodeError.None;
        if (type is not (IPv4 or IPv6))
            return DecodeError.UnknownAddressType;
        if (type == IPv4)
        {
            if (!reader.TryReadUInt32(out uint number))
                return DecodeError.Truncated;
            address = Address.FromIPv4(number);
            return DecodeError.None;
        }

        if (!reader.TryTake(16, out ReadOnlySpan<byte> octets))
            return DecodeError.Truncated;
        address = Address.FromIPv6(octets);
        return DecodeError.None;
    }

    /// <summary>A format, a length and so many octets. Those that fill up the last word may be missing at the end.</summary>
    public static DecodeError TryTakePart(ref WireReader reader, out uint format, out WireReader part)
    {
        part = default;
        return reader.TryReadUInt32(out format) ? TryTakeOpaque(ref reader, out part) : DecodeError.Truncated;
    }

    /// <summary>A length and so many octets, filled up as above.</summary>
    public static DecodeError TryTakeOpaque(ref WireReader reader, out WireReader part)
    {
        part = default;
        if (!reader.TryReadUInt32(out uint length))
            return DecodeError.Truncated;
        if (length > reader.Remaining)
            return DecodeError.BadSample;
        reader.TryTakeReader((int)length, out part);
        reader.TryTake(Math.Min(-(int)length & (Word - 1), reader.Remaining), out _);
        return DecodeError.None;
    }
}
