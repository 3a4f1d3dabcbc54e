using System;
using System.Collections.Generic;
using Flowd.Decode.Packets;
using Flowd.Decode.Sets;
using Flowd.Records;

namespace Flowd.Decode.SFlow;

/// <summary>Reads one part of a sample; what was read before an error stays.</summary>
internal delegate DecodeError SamplePartReader(ref WireReader part, ref FlowRecord record);

/// <summary>The parts of flow samples that we look into, by their format; those of vendors (formats above 4095) and the others are skipped by their length.</summary>
internal static class SamplePartTable
{
    private const int MacLength = 6;
    private const int PaddedMacLength = 8;

    private static readonly Dictionary<uint, SamplePartReader> ByFormat = new()
    {
        [1] = ReadPacket,
        [2] = ReadEthernet,
        [3] = ReadIPv4,
        [4] = ReadIPv6,
        [1001] = ReadSwitch,
        [1002] = ReadRouter,
        [1003] = ReadGateway,
        [1006] = ReadMpls,
        [1007] = ReadNat,
        [1020] = ReadNatPorts,
    };

    public static SamplePartReader? Find(uint format) => ByFormat.GetValueOrDefault(format);

    /*
         0  header_protocol   4  frame_length   8  stripped   12  length   16  the first octets of the packet
    */
    private static DecodeError ReadPacket(ref WireReader part, ref FlowRecord record)
    {
        if (!part.TryReadUInt32(out uint protocol) || !part.TryReadUInt32(out uint frameLength) || !part.TryReadUInt32(out _) || !part.TryReadUInt32(out uint length))
            return DecodeError.Truncated;
        if (length > part.Remaining)
            return DecodeError.BadSample;
        record.Octets = frameLength;
        part.TryTake((int)length, out ReadOnlySpan<byte> packet);
        new PacketParser(packet, ref record).TryParse(protocol);
        return DecodeError.None;
    }

    /*
         0  length   4  source, 6 octets   12  destination   20  type
    */
    private static DecodeError ReadEthernet(ref WireReader part, ref FlowRecord record)
    {
        if (!part.TryReadUInt32(out uint length) || !part.TryTake(PaddedMacLength, out ReadOnlySpan<byte> source) || !part.TryTake(PaddedMacLength, out ReadOnlySpan<byte> destination)
            || !part.TryReadUInt32(out uint type))
            return DecodeError.Truncated;
        SetLength(ref record, length);
        record.Layer2.SourceMac = WireValue.Number(source[..MacLength]);
        record.Layer2.DestinationMac = WireValue.Number(destination[..MacLength]);
        record.Layer2.EtherType = (ushort)(type & ushort.MaxValue);
        record.Fields |= LogFields.Layer2;
        return DecodeError.None;
    }

    /*
         0  length   4  protocol   8  source   12  destination   16  ports   24  tcp flags   28  tos
    */
    public static DecodeError ReadIPv4(ref WireReader part, ref FlowRecord record)
    {
        if (!part.TryReadUInt32(out uint length) || !part.TryReadUInt32(out uint protocol) || !part.TryReadUInt32(out uint source) || !part.TryReadUInt32(out uint destination))
            return DecodeError.Truncated;
        record.SourceAddress = Address.FromIPv4(source);
        record.DestinationAddress = Address.FromIPv4(destination);
        record.Fields |= LogFields.SrcAddr4 | LogFields.DstAddr4;
        return ReadIpRest(ref part, ref record, length, protocol, version: 4);
    }

    /*
         0  length   4  protocol   8  source   24  destination   40  ports   48  tcp flags   52  priority
    */
    public static DecodeError ReadIPv6(ref WireReader part, ref FlowRecord record)
    {
        if (!part.TryReadUInt32(out uint length) || !part.TryReadUInt32(out uint protocol) || !part.TryTake(16, out ReadOnlySpan<byte> source)
            || !part.TryTake(16, out ReadOnlySpan<byte> destination))
            return DecodeError.Truncated;
        record.SourceAddress = Address.FromIPv6(source);
        record.DestinationAddress = Address.FromIPv6(destination);
        record.Fields |= LogFields.SrcAddr6 | LogFields.DstAddr6;
        return ReadIpRest(ref part, ref record, length, protocol, version: 6);
    }

    private static DecodeError ReadIpRest(ref WireReader part, ref FlowRecord record, uint length, uint protocol, byte version)
    {
        if (!part.TryReadUInt32(out uint sourcePort) || !part.TryReadUInt32(out uint destinationPort) || !part.TryReadUInt32(out uint flags) || !part.TryReadUInt32(out uint tos))
            return DecodeError.Truncated;
        SetLength(ref record, length);
        record.Protocol = (byte)(protocol & byte.MaxValue);
        record.SourcePort = (ushort)(sourcePort & ushort.MaxValue);
        record.DestinationPort = (ushort)(destinationPort & ushort.MaxValue);
        record.TcpFlags = (byte)(flags & byte.MaxValue);
        record.TypeOfService = (byte)(tos & byte.MaxValue);
        record.Status.IpVersion = version;
        record.Status.TcpFlags = (ushort)(flags & ushort.MaxValue);
        record.Fields |= LogFields.ProtoFlagsTos | LogFields.SrcDstPort | LogFields.Status;
        return DecodeError.None;
    }

    // The frame's length, from the header of the packet, is better.
    private static void SetLength(ref FlowRecord record, uint length)
    {
        if (record.Octets == 0)
            record.Octets = length;
    }

    /*
         0  source vlan   4  source priority   8  destination vlan   12  destination priority
    */
    public static DecodeError ReadSwitch(ref WireReader part, ref FlowRecord record)
    {
        if (!part.TryReadUInt32(out uint sourceVlan) || !part.TryReadUInt32(out _) || !part.TryReadUInt32(out uint destinationVlan) || !part.TryReadUInt32(out _))
            return DecodeError.Truncated;
        if (record.Layer2.Vlan == 0)
            record.Layer2.Vlan = (ushort)(sourceVlan & 0xFFF);
        record.Layer2.PostVlan = (ushort)(destinationVlan & 0xFFF);
        record.Fields |= LogFields.Layer2;
        return DecodeError.None;
    }

    /*
         0  next hop, with its type   n  source mask   n + 4  destination mask
    */
    public static DecodeError ReadRouter(ref WireReader part, ref FlowRecord record)
    {
        DecodeError error = Xdr.TryReadAddress(ref part, out Address nextHop);
        if (error != DecodeError.None)
            return error;
        if (!part.TryReadUInt32(out uint sourceMask) || !part.TryReadUInt32(out uint destinationMask))
            return DecodeError.Truncated;
        record.GatewayAddress = nextHop;
        record.Fields |= nextHop.Family switch { AddressFamily.IPv4 => LogFields.GatewayAddr4, AddressFamily.IPv6 => LogFields.GatewayAddr6, _ => LogFields.None };
        record.SourceMask = (byte)Math.Min(sourceMask, byte.MaxValue);
        record.DestinationMask = (byte)Math.Min(destinationMask, byte.MaxValue);
        record.Fields |= LogFields.AsInfo;
        return DecodeError.None;
    }

    /*
         0  next hop, with its type   n  AS of the router   n + 4  source AS   n + 8  source peer AS   n + 12  segments   n + 16  each: type, count, so many AS numbers
    */
    private static DecodeError ReadGateway(ref WireReader part, ref FlowRecord record)
    {
        DecodeError error = Xdr.TryReadAddress(ref part, out Address nextHop);
        if (error != DecodeError.None)
            return error;
        record.Bgp.NextHop = nextHop;
        return ReadSystems(ref part, ref record);
    }

    /// <summary>The router's AS, those where the packet came from, and the path to where it goes.</summary>
    public static DecodeError ReadSystems(ref WireReader part, ref FlowRecord record)
    {
        if (!part.TryReadUInt32(out _) || !part.TryReadUInt32(out uint source) || !part.TryReadUInt32(out uint peer) || !part.TryReadUInt32(out uint segments))
            return DecodeError.Truncated;
        record.SourceAs = source;
        record.Bgp.PreviousAdjacentAs = peer;
        record.Fields |= LogFields.AsInfo | LogFields.Bgp;
        return ReadPath(ref part, segments, ref record);
    }

    // The path to the destination: its first system is the neighbour, its last one the destination's.
    private static DecodeError ReadPath(ref WireReader part, uint segments, ref FlowRecord record)
    {
        bool isFirst = true;
        for (; segments > 0; segments--)
        {
            if (!part.TryReadUInt32(out _) || !part.TryReadUInt32(out uint count))
                return DecodeError.Truncated;
            if (count > part.Remaining / sizeof(uint))
                return DecodeError.BadSample;
            for (; count > 0 && part.TryReadUInt32(out uint system); count--)
            {
                if (isFirst)
                    record.Bgp.NextAdjacentAs = system;
                isFirst = false;
                record.DestinationAs = system;
            }
        }

        return DecodeError.None;
    }

    /*
         0  next hop, with its type   n  labels of the incoming packet: count, so many entries
    */
    private static DecodeError ReadMpls(ref WireReader part, ref FlowRecord record)
    {
        DecodeError error = Xdr.TryReadAddress(ref part, out _);
        if (error != DecodeError.None)
            return error;
        if (!part.TryReadUInt32(out uint count))
            return DecodeError.Truncated;
        if (count > part.Remaining / sizeof(uint))
            return DecodeError.BadSample;
        record.Fields |= LogFields.Mpls;
        for (int i = 0; i < Math.Min(count, MplsLabels.Length) && part.TryReadUInt32(out uint entry); i++)
            record.Mpls[i] = entry;
        return DecodeError.None;
    }

    /*
         0  source, with its type   n  destination
    */
    private static DecodeError ReadNat(ref WireReader part, ref FlowRecord record)
    {
        DecodeError error = Xdr.TryReadAddress(ref part, out Address source);
        if (error == DecodeError.None)
            error = Xdr.TryReadAddress(ref part, out record.Nat.PostDestination);
        if (error != DecodeError.None)
            return error;
        record.Nat.PostSource = source;
        record.Fields |= LogFields.Nat;
        return DecodeError.None;
    }

    private static DecodeError ReadNatPorts(ref WireReader part, ref FlowRecord record)
    {
        if (!part.TryReadUInt32(out uint source) || !part.TryReadUInt32(out uint destination))
            return DecodeError.Truncated;
        record.Nat.PostSourcePort = (ushort)(source & ushort.MaxValue);
        record.Nat.PostDestinationPort = (ushort)(destination & ushort.MaxValue);
        record.Fields |= LogFields.Nat;
        return DecodeError.None;
    }
}
