using System;
using Flowd.Records;

namespace Flowd.Anonymize;

/// <summary>Keeps the first bits (RFC 6235 section 4.1.1).</summary>
internal sealed class Truncation : AddressAnonymizer
{
    private readonly ulong _ipv4Mask;
    private readonly ulong _highMask;
    private readonly ulong _lowMask;

    public Truncation(int ipv4Bits, int ipv6Bits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ipv4Bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ipv4Bits, 32);
        ArgumentOutOfRangeException.ThrowIfNegative(ipv6Bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ipv6Bits, 128);
        _ipv4Mask = LeadingOnes(ipv4Bits + 32); // in the low half of 64 bits; above it there is nothing
        _highMask = LeadingOnes(ipv6Bits);
        _lowMask = LeadingOnes(ipv6Bits - 64);
    }

    public override Address Map(in Address address) => address.Family switch
    {
        AddressFamily.IPv4 => new Address(AddressFamily.IPv4, 0, address.Low & _ipv4Mask),
        AddressFamily.IPv6 => new Address(AddressFamily.IPv6, address.High & _highMask, address.Low & _lowMask),
        _ => address,
    };

    private static ulong LeadingOnes(int count) => count <= 0 ? 0 : count >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - count);
}
