namespace Flowd.Records;

/// <summary>A network: an address and the number of its leading bits that count. A Length of 0 with family None matches everything.</summary>
public readonly record struct Prefix(Address Address, byte Length)
{
    /// <summary>Every address of either family ("any").</summary>
    public static readonly Prefix Any;

    public bool IsAny => Address.Family == AddressFamily.None;

    /// <summary>True if all bits behind the prefix are zero, as a network's address must have them.</summary>
    public bool HasNoHostBits => Masked(Address, Length) == Address;

    /// <summary>True if <paramref name="address"/> is of the same family and shares the first <see cref="Length"/> bits.</summary>
    public bool Contains(in Address address)
        => IsAny || (address.Family == Address.Family && Masked(address, Length) == Masked(Address, Length));

    public override string ToString() => IsAny ? "any" : $"{Address}/{Length}";

    private static Address Masked(in Address address, int length)
    {
        if (address.Family == AddressFamily.IPv4)
            length += 96; // IPv4 sits in the last 32 of 128 bits
        ulong high = address.High & LeadingOnes(length);
        ulong low = address.Low & LeadingOnes(length - 64);
        return new Address(address.Family, high, low);
    }

    private static ulong LeadingOnes(int count) => count <= 0 ? 0 : count >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - count);
}
