using System;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Store;

/// <summary>What version 3.1 adds. What is between the fields and the end of a section is zero.</summary>
internal static partial class LogSections
{
    // 0 start  8 finish, nanoseconds
    private static void PutAbsoluteTimes(in FlowRecord record, Span<byte> wire)
    {
        WriteUInt64BigEndian(wire, record.FlowStartNanoseconds);
        WriteUInt64BigEndian(wire[8..], record.FlowFinishNanoseconds);
    }

    private static void GetAbsoluteTimes(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        record.FlowStartNanoseconds = ReadUInt64BigEndian(wire);
        record.FlowFinishNanoseconds = ReadUInt64BigEndian(wire[8..]);
    }

    // 0 rate  4 algorithm  5 source  6 selector
    private static void PutSampling(in FlowRecord record, Span<byte> wire)
    {
        WriteUInt32BigEndian(wire, record.Sampling.Rate);
        wire[4] = record.Sampling.Algorithm;
        wire[5] = (byte)record.Sampling.Source;
        WriteUInt16BigEndian(wire[6..], record.Sampling.Selector);
    }

    private static void GetSampling(ReadOnlySpan<byte> wire, ref FlowRecord record)
        => record.Sampling = new Sampling(ReadUInt32BigEndian(wire), wire[4], (SamplingSource)wire[5], ReadUInt16BigEndian(wire[6..]));

    // 0 source MAC  6 destination MAC  12 vlan  14 post vlan  16 customer vlan  18 post customer vlan  20 ethertype  22 pad
    private static void PutLayer2(in FlowRecord record, Span<byte> wire)
    {
        ref readonly Layer2 layer = ref record.Layer2;
        WriteUInt64BigEndian(wire, layer.SourceMac << 16 | layer.DestinationMac >> 32 & 0xFFFF);
        WriteUInt32BigEndian(wire[8..], (uint)(layer.DestinationMac & uint.MaxValue));
        WriteUInt16BigEndian(wire[12..], layer.Vlan);
        WriteUInt16BigEndian(wire[14..], layer.PostVlan);
        WriteUInt16BigEndian(wire[16..], layer.CustomerVlan);
        WriteUInt16BigEndian(wire[18..], layer.PostCustomerVlan);
        WriteUInt32BigEndian(wire[20..], (uint)layer.EtherType << 16);
    }

    private static void GetLayer2(ReadOnlySpan<byte> wire, ref FlowRecord record) => record.Layer2 = new Layer2
    {
        SourceMac = ReadUInt64BigEndian(wire) >> 16,
        DestinationMac = (ulong)ReadUInt16BigEndian(wire[6..]) << 32 | ReadUInt32BigEndian(wire[8..]),
        Vlan = ReadUInt16BigEndian(wire[12..]),
        PostVlan = ReadUInt16BigEndian(wire[14..]),
        CustomerVlan = ReadUInt16BigEndian(wire[16..]),
        PostCustomerVlan = ReadUInt16BigEndian(wire[18..]),
        EtherType = ReadUInt16BigEndian(wire[20..]),
    };

    // 0 ip version  1 direction  2 end reason  3 forwarding status  4 icmp type  5 icmp code  6 min ttl  7 max ttl  8 tcp flags  10 fragment flags  11 pad
    private static void PutStatus(in FlowRecord record, Span<byte> wire)
    {
        ref readonly FlowStatus status = ref record.Status;
        wire[0] = status.IpVersion;
        wire[1] = status.Direction;
        wire[2] = status.EndReason;
        wire[3] = status.ForwardingStatus;
        wire[4] = status.IcmpType;
        wire[5] = status.IcmpCode;
        wire[6] = status.MinimumTtl;
        wire[7] = status.MaximumTtl;
        WriteUInt32BigEndian(wire[8..], (uint)status.TcpFlags << 16 | (uint)status.FragmentFlags << 8);
    }

    private static void GetStatus(ReadOnlySpan<byte> wire, ref FlowRecord record) => record.Status = new FlowStatus
    {
        IpVersion = wire[0],
        Direction = wire[1],
        EndReason = wire[2],
        ForwardingStatus = wire[3],
        IcmpType = wire[4],
        IcmpCode = wire[5],
        MinimumTtl = wire[6],
        MaximumTtl = wire[7],
        TcpFlags = ReadUInt16BigEndian(wire[8..]),
        FragmentFlags = wire[10],
    };

    // 0 source  16 destination  32 source port  34 destination port  36 event  37 pad
    private static void PutNat(in FlowRecord record, Span<byte> wire)
    {
        record.Nat.PostSource.WriteMapped(wire);
        record.Nat.PostDestination.WriteMapped(wire[16..]);
        WriteUInt16BigEndian(wire[32..], record.Nat.PostSourcePort);
        WriteUInt16BigEndian(wire[34..], record.Nat.PostDestinationPort);
        WriteUInt32BigEndian(wire[36..], (uint)record.Nat.Event << 24);
    }

    private static void GetNat(ReadOnlySpan<byte> wire, ref FlowRecord record) => record.Nat = new Translation
    {
        PostSource = Address.FromMapped(wire),
        PostDestination = Address.FromMapped(wire[16..]),
        PostSourcePort = ReadUInt16BigEndian(wire[32..]),
        PostDestinationPort = ReadUInt16BigEndian(wire[34..]),
        Event = wire[36],
    };

    private static void PutMpls(in FlowRecord record, Span<byte> wire)
    {
        for (int i = 0; i < MplsLabels.Length; i++)
            WriteUInt32BigEndian(wire[(i * 4)..], record.Mpls[i]);
    }

    private static void GetMpls(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        for (int i = 0; i < MplsLabels.Length; i++)
            record.Mpls[i] = ReadUInt32BigEndian(wire[(i * 4)..]);
    }

    // 0 packets  8 octets
    private static void PutReverse(in FlowRecord record, Span<byte> wire)
    {
        WriteUInt64BigEndian(wire, record.ReversePackets);
        WriteUInt64BigEndian(wire[8..], record.ReverseOctets);
    }

    private static void GetReverse(ReadOnlySpan<byte> wire, ref FlowRecord record)
    {
        record.ReversePackets = ReadUInt64BigEndian(wire);
        record.ReverseOctets = ReadUInt64BigEndian(wire[8..]);
    }

    // 0 next hop  16 next adjacent AS  20 previous adjacent AS
    private static void PutBgp(in FlowRecord record, Span<byte> wire)
    {
        record.Bgp.NextHop.WriteMapped(wire);
        WriteUInt32BigEndian(wire[16..], record.Bgp.NextAdjacentAs);
        WriteUInt32BigEndian(wire[20..], record.Bgp.PreviousAdjacentAs);
    }

    private static void GetBgp(ReadOnlySpan<byte> wire, ref FlowRecord record) => record.Bgp = new BgpPath
    {
        NextHop = Address.FromMapped(wire),
        NextAdjacentAs = ReadUInt32BigEndian(wire[16..]),
        PreviousAdjacentAs = ReadUInt32BigEndian(wire[20..]),
    };

    // 0 exporter  16 observation domain  20 vrf in  24 vrf out
    private static void PutOrigin(in FlowRecord record, Span<byte> wire)
    {
        record.Origin.Exporter.WriteMapped(wire);
        WriteUInt32BigEndian(wire[16..], record.Origin.ObservationDomain);
        WriteUInt32BigEndian(wire[20..], record.Origin.VrfIn);
        WriteUInt32BigEndian(wire[24..], record.Origin.VrfOut);
    }

    private static void GetOrigin(ReadOnlySpan<byte> wire, ref FlowRecord record) => record.Origin = new FlowOrigin
    {
        Exporter = Address.FromMapped(wire),
        ObservationDomain = ReadUInt32BigEndian(wire[16..]),
        VrfIn = ReadUInt32BigEndian(wire[20..]),
        VrfOut = ReadUInt32BigEndian(wire[24..]),
    };
}
