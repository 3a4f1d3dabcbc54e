using Flowd.Records;

namespace Flowd.Anonymize;

/// <summary>
/// Makes addresses unrecognisable, each always in the same way (RFC 6235 section 4.1). What stands for "none" stays: an address that is not
/// set, and the unspecified ones, 0.0.0.0 and ::. Never throws, allocates nothing. Not for use by several threads at a time.
/// </summary>
public abstract class AddressAnonymizer
{
    private protected AddressAnonymizer()
    {
    }

    /// <summary>Each address becomes another, and two that share their first n bits and no more still do: Crypto-PAn (Xu, Fan, Ammar, Moon 2002).</summary>
    public static AddressAnonymizer CryptoPan(AnonymizationKey key) => new CryptoPan(key);

    /// <summary>The first bits stay, the others become zero.</summary>
    /// <param name="ipv4Bits">How many stay of an IPv4 address, 0 to 32.</param>
    /// <param name="ipv6Bits">The same for IPv6, 0 to 128.</param>
    public static AddressAnonymizer Truncate(int ipv4Bits, int ipv6Bits) => new Truncation(ipv4Bits, ipv6Bits);

    public abstract Address Map(in Address address);

    /// <summary>
    /// Maps source, destination and next hops, also those behind a translator. The agent stays: it is no party to the flow, and who keeps the log knows it.
    /// The lengths of prefixes stay, and mean the same. MAC addresses become zeros, and elements of LogFields.Other, of
    /// which nobody knows what they hold, are left out.
    /// </summary>
    public void Apply(ref FlowRecord record)
    {
        record.SourceAddress = Map(record.SourceAddress);
        record.DestinationAddress = Map(record.DestinationAddress);
        record.GatewayAddress = Map(record.GatewayAddress);
        record.Nat.PostSource = Map(record.Nat.PostSource);
        record.Nat.PostDestination = Map(record.Nat.PostDestination);
        record.Bgp.NextHop = Map(record.Bgp.NextHop);
        record.Layer2.SourceMac = 0;
        record.Layer2.DestinationMac = 0;
        record.Fields &= ~LogFields.Other;
    }
}
