using System;
using System.Collections.Generic;
using System.Linq;
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

    /// <summary>The records that a receiver of what was shown should see. What has no number of IANA's, or is no address and no number, may be zero.</summary>
    public static IEnumerable<FlowRecord> Turned(FlowRecord[] sent, FlowRecord[] received)
        => sent.Select((record, i) => Turned(record, i < received.Length ? received[i] : default));

    private static FlowRecord Turned(FlowRecord record, in FlowRecord received) => record with
    {
        SourceAddress = Turned(record.SourceAddress),
        DestinationAddress = Turned(record.DestinationAddress),
        GatewayAddress = Turned(record.GatewayAddress),
        Layer2 = record.Layer2 with { SourceMac = 0, DestinationMac = 0 },
        Bgp = record.Bgp with { NextHop = Turned(record.Bgp.NextHop) },
        Origin = record.Origin with { Exporter = Turned(record.Origin.Exporter) },
        Sampling = received.Sampling.Algorithm == 0 ? record.Sampling with { Algorithm = 0 } : record.Sampling,
        ReverseOctets = received.ReverseOctets == 0 ? 0 : record.ReverseOctets,
        ReversePackets = received.ReversePackets == 0 ? 0 : record.ReversePackets,
        ApplicationId = received.ApplicationId == 0 ? 0 : record.ApplicationId,
        Nat = record.Nat with
        {
            PostSource = received.Nat.PostSource == default ? default : Turned(record.Nat.PostSource),
            PostDestination = received.Nat.PostDestination == default ? default : Turned(record.Nat.PostDestination),
            PostSourcePort = received.Nat.PostSourcePort == 0 ? (ushort)0 : record.Nat.PostSourcePort,
            PostDestinationPort = received.Nat.PostDestinationPort == 0 ? (ushort)0 : record.Nat.PostDestinationPort,
        },
    };

    /// <summary>The fields in which two records are not the same.</summary>
    public static string Difference(FlowRecord wanted, FlowRecord seen)
        => string.Join(", ", typeof(FlowRecord).GetFields().Where(field => !Equals(field.GetValue(wanted), field.GetValue(seen)))
            .Select(field => $"{field.Name}: {field.GetValue(seen)} instead of {field.GetValue(wanted)}"));

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
