using System;
using Flowd.Records;
using static Flowd.Decode.Sets.EpochTime;
using static Flowd.Decode.Sets.WireValue;
using Field = Flowd.Decode.Sets.FlowField;
using Part = Flowd.Records.LogFields;

namespace Flowd.Decode.Sets;

/// <summary>What fills the sections of version 3.1 of the log, and times that need some work.</summary>
internal static class ExtendedElements
{
    private const uint Reverse = 29305; // RFC 5103 section 6.1

    public static readonly Element[] Rows =
    [
        // Cisco's post counters (OUT_BYTES, OUT_PKTS) are all that its egress flows have.
        new(23, "postOctetDeltaCount", Field.Octets, Part.Octets, 1, 8, static (ref d, v) => d.Record.Octets = Number(v), IsFallback: true),
        new(24, "postPacketDeltaCount", Field.Packets, Part.Packets, 1, 8, static (ref d, v) => d.Record.Packets = Number(v), IsFallback: true),
        new(312, "dataLinkFrameSize", Field.Octets, Part.Octets, 1, 2, static (ref d, v) => d.Record.Octets = Number(v), IsFallback: true),
        new(231, "initiatorOctets", Field.Octets, Part.Octets, 1, 8, static (ref d, v) => d.Record.Octets = Number(v), IsFallback: true),
        new(298, "initiatorPackets", Field.Packets, Part.Packets, 1, 8, static (ref d, v) => d.Record.Packets = Number(v), IsFallback: true),
        new(232, "responderOctets", Field.ReverseOctets, Part.Reverse, 1, 8, static (ref d, v) => d.Record.ReverseOctets = Number(v), IsFallback: true),
        new(299, "responderPackets", Field.ReversePackets, Part.Reverse, 1, 8, static (ref d, v) => d.Record.ReversePackets = Number(v), IsFallback: true),
        new(1, "octetDeltaCount", Field.ReverseOctets, Part.Reverse, 1, 8, static (ref d, v) => d.Record.ReverseOctets = Number(v), Enterprise: Reverse),
        new(2, "packetDeltaCount", Field.ReversePackets, Part.Reverse, 1, 8, static (ref d, v) => d.Record.ReversePackets = Number(v), Enterprise: Reverse),
        new(85, "octetTotalCount", Field.ReverseOctets, Part.Reverse, 1, 8, static (ref d, v) => d.Record.ReverseOctets = Number(v), true, Reverse),
        new(86, "packetTotalCount", Field.ReversePackets, Part.Reverse, 1, 8, static (ref d, v) => d.Record.ReversePackets = Number(v), true, Reverse),

        new(158, "flowStartDeltaMicroseconds", Field.FlowStartDelta, Part.None, 1, 4, static (ref d, v) => d.StartDelta = UInt32(v)),
        new(159, "flowEndDeltaMicroseconds", Field.FlowFinishDelta, Part.None, 1, 4, static (ref d, v) => d.FinishDelta = UInt32(v)),
        new(161, "flowDurationMilliseconds", Field.FlowDuration, Part.None, 1, 4, static (ref d, v) => d.Duration = UInt32(v) * Millisecond),
        new(162, "flowDurationMicroseconds", Field.FlowDuration, Part.None, 1, 4, static (ref d, v) => d.Duration = UInt32(v) * Microsecond),
        new(322, "observationTimeSeconds", Field.EventTime, Part.None, 4, 4, static (ref d, v) => d.EventTime = FromSeconds(v)),
        new(323, "observationTimeMilliseconds", Field.EventTime, Part.None, 8, 8, static (ref d, v) => d.EventTime = FromMilliseconds(v)),
        new(324, "observationTimeMicroseconds", Field.EventTime, Part.None, 8, 8, static (ref d, v) => d.EventTime = FromNtp(v)),
        new(325, "observationTimeNanoseconds", Field.EventTime, Part.None, 8, 8, static (ref d, v) => d.EventTime = FromNtp(v)),

        new(56, "sourceMacAddress", Field.SourceMac, Part.Layer2, 6, 6, static (ref d, v) => d.Record.Layer2.SourceMac = Number(v)),
        new(81, "postSourceMacAddress", Field.SourceMac, Part.Layer2, 6, 6, static (ref d, v) => d.Record.Layer2.SourceMac = Number(v), IsFallback: true),
        new(80, "destinationMacAddress", Field.DestinationMac, Part.Layer2, 6, 6, static (ref d, v) => d.Record.Layer2.DestinationMac = Number(v)),
        new(57, "postDestinationMacAddress", Field.DestinationMac, Part.Layer2, 6, 6,
            static (ref d, v) => d.Record.Layer2.DestinationMac = Number(v), IsFallback: true),
        new(58, "vlanId", Field.Vlan, Part.Layer2, 1, 2, static (ref d, v) => d.Record.Layer2.Vlan = VlanId(v)),
        new(243, "dot1qVlanId", Field.Vlan, Part.Layer2, 1, 2, static (ref d, v) => d.Record.Layer2.Vlan = VlanId(v), IsFallback: true),
        new(59, "postVlanId", Field.PostVlan, Part.Layer2, 1, 2, static (ref d, v) => d.Record.Layer2.PostVlan = VlanId(v)),
        new(254, "postDot1qVlanId", Field.PostVlan, Part.Layer2, 1, 2, static (ref d, v) => d.Record.Layer2.PostVlan = VlanId(v), IsFallback: true),
        new(245, "dot1qCustomerVlanId", Field.CustomerVlan, Part.Layer2, 1, 2, static (ref d, v) => d.Record.Layer2.CustomerVlan = VlanId(v)),
        new(255, "postDot1qCustomerVlanId", Field.PostCustomerVlan, Part.Layer2, 1, 2, static (ref d, v) => d.Record.Layer2.PostCustomerVlan = VlanId(v)),
        new(256, "ethernetType", Field.EtherType, Part.Layer2, 1, 2, static (ref d, v) => d.Record.Layer2.EtherType = UInt16(v)),

        new(61, "flowDirection", Field.Direction, Part.Status, 1, 1, static (ref d, v) => d.Record.Status.Direction = Octet(v)),
        new(136, "flowEndReason", Field.EndReason, Part.Status, 1, 1, static (ref d, v) => d.Record.Status.EndReason = Octet(v)),
        new(89, "forwardingStatus", Field.ForwardingStatus, Part.Status, 1, 4, static (ref d, v) => d.Record.Status.ForwardingStatus = Octet(v)), // RFC 7270: one octet or four
        new(32, "icmpTypeCodeIPv4", Field.IcmpTypeCode, Part.Status, 1, 2, static (ref d, v) => d.Record.Status.SetIcmp(UInt16(v))),
        new(139, "icmpTypeCodeIPv6", Field.IcmpTypeCode, Part.Status, 1, 2, static (ref d, v) => d.Record.Status.SetIcmp(UInt16(v)), IsFallback: true),
        new(176, "icmpTypeIPv4", Field.IcmpType, Part.Status, 1, 1, static (ref d, v) => d.Record.Status.IcmpType = Octet(v)),
        new(177, "icmpCodeIPv4", Field.IcmpCode, Part.Status, 1, 1, static (ref d, v) => d.Record.Status.IcmpCode = Octet(v)),
        new(178, "icmpTypeIPv6", Field.IcmpType, Part.Status, 1, 1, static (ref d, v) => d.Record.Status.IcmpType = Octet(v), IsFallback: true),
        new(179, "icmpCodeIPv6", Field.IcmpCode, Part.Status, 1, 1, static (ref d, v) => d.Record.Status.IcmpCode = Octet(v), IsFallback: true),
        new(52, "minimumTTL", Field.MinimumTtl, Part.Status, 1, 1, static (ref d, v) => d.Record.Status.MinimumTtl = Octet(v)),
        new(53, "maximumTTL", Field.MaximumTtl, Part.Status, 1, 1, static (ref d, v) => d.Record.Status.MaximumTtl = Octet(v)),
        new(192, "ipTTL", Field.MinimumTtl, Part.Status, 1, 1, static (ref d, v) => d.SetTtl(Octet(v)), IsFallback: true),
        new(197, "fragmentFlags", Field.FragmentFlags, Part.Status, 1, 1, static (ref d, v) => d.Record.Status.FragmentFlags = Octet(v)),

        new(225, "postNATSourceIPv4Address", Field.PostSourceIPv4, Part.Nat, 4, 4, static (ref d, v) => GiveIPv4(ref d.Record.Nat.PostSource, v)),
        new(226, "postNATDestinationIPv4Address", Field.PostDestinationIPv4, Part.Nat, 4, 4, static (ref d, v) => GiveIPv4(ref d.Record.Nat.PostDestination, v)),
        new(281, "postNATSourceIPv6Address", Field.PostSourceIPv6, Part.Nat, 16, 16, static (ref d, v) => GiveIPv6(ref d.Record.Nat.PostSource, v)),
        new(282, "postNATDestinationIPv6Address", Field.PostDestinationIPv6, Part.Nat, 16, 16, static (ref d, v) => GiveIPv6(ref d.Record.Nat.PostDestination, v)),
        new(227, "postNAPTSourceTransportPort", Field.PostSourcePort, Part.Nat, 1, 2, static (ref d, v) => d.Record.Nat.PostSourcePort = UInt16(v)),
        new(228, "postNAPTDestinationTransportPort", Field.PostDestinationPort, Part.Nat, 1, 2, static (ref d, v) => d.Record.Nat.PostDestinationPort = UInt16(v)),
        new(230, "natEvent", Field.NatEvent, Part.Nat, 1, 1, static (ref d, v) => d.Record.Nat.Event = Octet(v)),

        // The translated addresses and ports of Cisco's ASA before it used IANA's numbers; NetFlow v9 only.
        new(40001, "NF_F_XLATE_SRC_ADDR_IPV4", Field.PostSourceIPv4, Part.Nat, 4, 4, static (ref d, v) => GiveIPv4(ref d.Record.Nat.PostSource, v)),
        new(40002, "NF_F_XLATE_DST_ADDR_IPV4", Field.PostDestinationIPv4, Part.Nat, 4, 4, static (ref d, v) => GiveIPv4(ref d.Record.Nat.PostDestination, v)),
        new(40003, "NF_F_XLATE_SRC_PORT", Field.PostSourcePort, Part.Nat, 2, 2, static (ref d, v) => d.Record.Nat.PostSourcePort = UInt16(v)),
        new(40004, "NF_F_XLATE_DST_PORT", Field.PostDestinationPort, Part.Nat, 2, 2, static (ref d, v) => d.Record.Nat.PostDestinationPort = UInt16(v)),

        new(70, "mplsTopLabelStackSection", Field.MplsLabel1, Part.Mpls, 3, 3, static (ref d, v) => d.Record.Mpls[0] = Label(v)),
        new(71, "mplsLabelStackSection2", Field.MplsLabel2, Part.Mpls, 3, 3, static (ref d, v) => d.Record.Mpls[1] = Label(v)),
        new(72, "mplsLabelStackSection3", Field.MplsLabel3, Part.Mpls, 3, 3, static (ref d, v) => d.Record.Mpls[2] = Label(v)),
        new(73, "mplsLabelStackSection4", Field.MplsLabel4, Part.Mpls, 3, 3, static (ref d, v) => d.Record.Mpls[3] = Label(v)),
        new(74, "mplsLabelStackSection5", Field.MplsLabel5, Part.Mpls, 3, 3, static (ref d, v) => d.Record.Mpls[4] = Label(v)),
        new(75, "mplsLabelStackSection6", Field.MplsLabel6, Part.Mpls, 3, 3, static (ref d, v) => d.Record.Mpls[5] = Label(v)),
        new(76, "mplsLabelStackSection7", Field.MplsLabel7, Part.Mpls, 3, 3, static (ref d, v) => d.Record.Mpls[6] = Label(v)),
        new(77, "mplsLabelStackSection8", Field.MplsLabel8, Part.Mpls, 3, 3, static (ref d, v) => d.Record.Mpls[7] = Label(v)),
        new(78, "mplsLabelStackSection9", Field.MplsLabel9, Part.Mpls, 3, 3, static (ref d, v) => d.Record.Mpls[8] = Label(v)),
        new(79, "mplsLabelStackSection10", Field.MplsLabel10, Part.Mpls, 3, 3, static (ref d, v) => d.Record.Mpls[9] = Label(v)),

        new(315, "dataLinkFrameSection", Field.Frame, Part.None, 1, ushort.MaxValue - 1, static (ref d, v) => d.TakeFrame(v), MayVary: true),
        new(95, "applicationId", Field.Application, Part.Application, 1, 8, static (ref d, v) => d.Record.ApplicationId = Application(v), MayVary: true),
        new(18, "bgpNextHopIPv4Address", Field.BgpNextHopIPv4, Part.Bgp, 4, 4, static (ref d, v) => GiveIPv4(ref d.Record.Bgp.NextHop, v)),
        new(63, "bgpNextHopIPv6Address", Field.BgpNextHopIPv6, Part.Bgp, 16, 16, static (ref d, v) => GiveIPv6(ref d.Record.Bgp.NextHop, v)),
        new(128, "bgpNextAdjacentAsNumber", Field.NextAdjacentAs, Part.Bgp, 1, 4, static (ref d, v) => d.Record.Bgp.NextAdjacentAs = UInt32(v)),
        new(129, "bgpPrevAdjacentAsNumber", Field.PreviousAdjacentAs, Part.Bgp, 1, 4, static (ref d, v) => d.Record.Bgp.PreviousAdjacentAs = UInt32(v)),

        new(403, "originalExporterIPv4Address", Field.OriginalExporterIPv4, Part.Exporter, 4, 4, static (ref d, v) => GiveIPv4(ref d.Record.Origin.Exporter, v)),
        new(404, "originalExporterIPv6Address", Field.OriginalExporterIPv6, Part.Exporter, 16, 16, static (ref d, v) => GiveIPv6(ref d.Record.Origin.Exporter, v)),
        new(130, "exporterIPv4Address", Field.OriginalExporterIPv4, Part.Exporter, 4, 4,
            static (ref d, v) => GiveIPv4(ref d.Record.Origin.Exporter, v), IsFallback: true),
        new(131, "exporterIPv6Address", Field.OriginalExporterIPv6, Part.Exporter, 16, 16,
            static (ref d, v) => GiveIPv6(ref d.Record.Origin.Exporter, v), IsFallback: true),
        new(405, "originalObservationDomainId", Field.OriginalDomain, Part.Exporter, 1, 4, static (ref d, v) => d.Record.Origin.ObservationDomain = UInt32(v)),
        new(149, "observationDomainId", Field.OriginalDomain, Part.Exporter, 1, 4,
            static (ref d, v) => d.Record.Origin.ObservationDomain = UInt32(v), IsFallback: true),
        new(234, "ingressVRFID", Field.VrfIn, Part.Exporter, 1, 4, static (ref d, v) => d.Record.Origin.VrfIn = UInt32(v)),
        new(235, "egressVRFID", Field.VrfOut, Part.Exporter, 1, 4, static (ref d, v) => d.Record.Origin.VrfOut = UInt32(v)),
    ];

    // Without priority bits, which some exporters leave in.
    private static ushort VlanId(ReadOnlySpan<byte> value) => (ushort)(UInt16(value) & 0xFFF);

    // Label, experimental bits and bottom of stack, without the TTL of an entry on the wire.
    private static uint Label(ReadOnlySpan<byte> value) => UInt32(value) << 8;

    // RFC 6759 section 4: the engine is the first octet, the selector the rest, of which leading zeros may be left out.
    private static ulong Application(ReadOnlySpan<byte> value)
        => (ulong)value[0] << 56 | (value.Length > 1 ? Number(value[1..]) : 0);

    // A template may have the forms of both families, of which one is zero in each record.
    private static void GiveIPv4(ref Address address, ReadOnlySpan<byte> value)
    {
        if (UInt32(value) is not 0 and uint number)
            address = Address.FromIPv4(number);
    }

    private static void GiveIPv6(ref Address address, ReadOnlySpan<byte> value)
    {
        Address given = Address.FromIPv6(value);
        if ((given.High | given.Low) != 0)
            address = given;
    }
}
