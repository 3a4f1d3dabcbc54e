using System;
using System.Buffers.Binary;

namespace Flowd.Filter;

/// <summary>
/// A <see cref="PrefixSet"/> as octets: how many ranges there are of IPv4 and of IPv6, u32 each, then for each family the first addresses of all ranges and
/// the last ones. Big-endian. <see cref="PrefixSet.Any"/> has no such form.
/// </summary>
public static class PrefixSetImage
{
    private const int HeaderLength = 8;
    private const int RangeLength4 = 8;
    private const int RangeLength6 = 32;

    public static int LengthOf(PrefixSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return HeaderLength + set.Four.Firsts.Length * RangeLength4 + set.Six.Firsts.Length * RangeLength6;
    }

    /// <summary>Writes <see cref="LengthOf"/> octets and returns how many.</summary>
    public static int Write(PrefixSet set, Span<byte> image)
    {
        ArgumentNullException.ThrowIfNull(set);
        BinaryPrimitives.WriteInt32BigEndian(image, set.Four.Firsts.Length);
        BinaryPrimitives.WriteInt32BigEndian(image[4..], set.Six.Firsts.Length);
        Span<byte> rest = image[HeaderLength..];
        rest = rest[Write(set.Four.Firsts, rest)..];
        rest = rest[Write(set.Four.Lasts, rest)..];
        rest = rest[Write(set.Six.Firsts, rest)..];
        Write(set.Six.Lasts, rest);
        return LengthOf(set);
    }

    /// <summary>False if it is none; else how many octets it took.</summary>
    public static bool TryRead(ReadOnlySpan<byte> image, out PrefixSet set, out int length)
    {
        (set, length) = (PrefixSet.Of(), 0);
        if (image.Length < HeaderLength)
            return false;
        long four = BinaryPrimitives.ReadUInt32BigEndian(image);
        long six = BinaryPrimitives.ReadUInt32BigEndian(image[4..]);
        if (HeaderLength + four * RangeLength4 + six * RangeLength6 > image.Length)
            return false;
        length = HeaderLength + (int)four * RangeLength4 + (int)six * RangeLength6;
        ReadOnlySpan<byte> rest = image[HeaderLength..];
        uint[] firsts4 = Read4(ref rest, (int)four);
        uint[] lasts4 = Read4(ref rest, (int)four);
        UInt128[] firsts6 = Read6(ref rest, (int)six);
        UInt128[] lasts6 = Read6(ref rest, (int)six);
        if (!AddressRanges<uint>.AreInOrder(firsts4, lasts4) || !AddressRanges<UInt128>.AreInOrder(firsts6, lasts6))
            return false;
        set = new PrefixSet(AddressRanges<uint>.Of(firsts4, lasts4), AddressRanges<UInt128>.Of(firsts6, lasts6));
        return true;
    }

    private static int Write(ReadOnlySpan<uint> addresses, Span<byte> image)
    {
        for (int i = 0; i < addresses.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(image[(4 * i)..], addresses[i]);
        return 4 * addresses.Length;
    }

    private static int Write(ReadOnlySpan<UInt128> addresses, Span<byte> image)
    {
        for (int i = 0; i < addresses.Length; i++)
            BinaryPrimitives.WriteUInt128BigEndian(image[(16 * i)..], addresses[i]);
        return 16 * addresses.Length;
    }

    private static uint[] Read4(ref ReadOnlySpan<byte> image, int count)
    {
        uint[] addresses = new uint[count];
        for (int i = 0; i < count; i++)
            addresses[i] = BinaryPrimitives.ReadUInt32BigEndian(image[(4 * i)..]);
        image = image[(4 * count)..];
        return addresses;
    }

    private static UInt128[] Read6(ref ReadOnlySpan<byte> image, int count)
    {
        var addresses = new UInt128[count];
        for (int i = 0; i < count; i++)
            addresses[i] = BinaryPrimitives.ReadUInt128BigEndian(image[(16 * i)..]);
        image = image[(16 * count)..];
        return addresses;
    }
}
