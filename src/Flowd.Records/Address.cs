using System;
using System.Buffers.Binary;

namespace Flowd.Records;

/// <summary>Which kind an <see cref="Address"/> is; None is an address that was never set.</summary>
public enum AddressFamily : byte
{
    None = 0,
    IPv4 = 4,
    IPv6 = 6,
}

/// <summary>
/// An IPv4 or IPv6 address, or none. An IPv4 address sits in the low 32 bits of <see cref="Low"/>.
/// Plain numbers in host order, so that comparing, masking and hashing cost a few instructions.
/// </summary>
public readonly record struct Address(AddressFamily Family, ulong High, ulong Low)
{
    /// <summary>The prefix of IPv4-mapped IPv6 addresses, ::ffff:0:0/96 (RFC 4291 section 2.5.5.2), in the low half.</summary>
    private const ulong MappedPrefix = 0xFFFF_0000_0000;

    /// <summary>The length of a full mask: 32, 128, or 0 for no address.</summary>
    public int Bits => Family switch { AddressFamily.IPv4 => 32, AddressFamily.IPv6 => 128, _ => 0 };

    public static Address FromIPv4(uint address) => new(AddressFamily.IPv4, 0, address);

    public static Address FromIPv6(ulong high, ulong low) => new(AddressFamily.IPv6, high, low);

    /// <summary>Reads 16 octets in network byte order.</summary>
    public static Address FromIPv6(ReadOnlySpan<byte> octets)
        => new(AddressFamily.IPv6, BinaryPrimitives.ReadUInt64BigEndian(octets), BinaryPrimitives.ReadUInt64BigEndian(octets[8..]));

    /// <summary>An IPv4-mapped IPv6 address as the IPv4 address that it stands for; anything else unchanged.</summary>
    public Address Unmapped()
        => Family == AddressFamily.IPv6 && High == 0 && Low >> 32 == MappedPrefix >> 32 ? FromIPv4((uint)(Low & uint.MaxValue)) : this;

    /// <summary>Writes 4 or 16 octets in network byte order; returns how many.</summary>
    public int Write(Span<byte> octets)
    {
        switch (Family)
        {
            case AddressFamily.IPv4:
                BinaryPrimitives.WriteUInt32BigEndian(octets, (uint)Low);
                return 4;
            case AddressFamily.IPv6:
                BinaryPrimitives.WriteUInt64BigEndian(octets, High);
                BinaryPrimitives.WriteUInt64BigEndian(octets[8..], Low);
                return 16;
            default:
                return 0;
        }
    }

    /// <summary>Reads an address of that family, of which <see cref="Write"/> wrote the octets; false if there is no such family.</summary>
    public static bool TryRead(byte family, ReadOnlySpan<byte> octets, out Address address)
    {
        address = (AddressFamily)family switch
        {
            AddressFamily.IPv4 => FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(octets)),
            AddressFamily.IPv6 => FromIPv6(octets),
            _ => default,
        };
        return address.Family == (AddressFamily)family;
    }

    /// <summary>Reads 16 octets in which IPv4 is mapped and all zeros are no address.</summary>
    public static Address FromMapped(ReadOnlySpan<byte> octets)
    {
        Address address = FromIPv6(octets);
        return (address.High | address.Low) == 0 ? default : address.Unmapped();
    }

    /// <summary>Writes such 16 octets.</summary>
    public void WriteMapped(Span<byte> octets)
    {
        BinaryPrimitives.WriteUInt64BigEndian(octets, High);
        BinaryPrimitives.WriteUInt64BigEndian(octets[8..], Family == AddressFamily.IPv4 ? MappedPrefix | Low : Low);
    }

    /// <summary>The text form that getnameinfo(3) gives; "(none)" for no address.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[AddressText.MaxLength];
        return text[..AddressText.Format(this, text)].ToString();
    }
}
