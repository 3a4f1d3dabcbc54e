using System;
using Flowd.Decode;
using Flowd.Records;

namespace Flowd.Tests;

/// <summary>Rewrites with a mapping that is easy to see: every bit of an address is turned, but nothing becomes or was "none".</summary>
internal static class Rewriter
{
    public static readonly AddressMapping Turn = static (in Address address) => Turned(address);

    public static Address Turned(Address address)
    {
        (ulong high, ulong low) = address.Family == AddressFamily.IPv4 ? (0, uint.MaxValue) : (ulong.MaxValue, ulong.MaxValue);
        if ((address.High | address.Low) == 0 || (address.High, address.Low) == (high, low))
            return address;
        return address with { High = address.High ^ high, Low = address.Low ^ low };
    }

    public static FlowRecord Turned(FlowRecord record) => record with
    {
        SourceAddress = Turned(record.SourceAddress),
        DestinationAddress = Turned(record.DestinationAddress),
        GatewayAddress = Turned(record.GatewayAddress),
    };

    /// <summary>Sends a datagram; returns the copy that may be seen, null if there is none.</summary>
    public static byte[]? Rewrite(this Collector collector, byte[] datagram, Address? exporter = null)
    {
        collector.Send(datagram, exporter ?? Collector.Someone);
        byte[] copy = [.. datagram];
        if (collector.Decoder.TryRewriteAddresses(copy, Turn))
            return copy;
        Assert.Equal(datagram, copy);
        return null;
    }
}
