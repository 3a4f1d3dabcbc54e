using System.Collections.Generic;
using System.Linq;
using static Flowd.Decode.Sets.EpochTime;
using static Flowd.Decode.Sets.WireValue;
using Flowd.Records;
using Field = Flowd.Decode.Sets.FlowField;
using Part = Flowd.Records.LogFields;

namespace Flowd.Decode.Sets;

/// <summary>
/// Every information element that we keep, one row each; anything else is skipped by its length. NetFlow v9 field types share the numbers.
/// Names and widths are those of the IANA registry of IPFIX information elements.
/// </summary>
internal static class ElementTable
{
    private static readonly Element[] BasicRows =
    [
        new(1, "octetDeltaCount", Field.Octets, Part.Octets, 1, 8, static (ref d, v) => d.Record.Octets = Number(v)),
        new(2, "packetDeltaCount", Field.Packets, Part.Packets, 1, 8, static (ref d, v) => d.Record.Packets = Number(v)),
        new(4, "protocolIdentifier", Field.Protocol, Part.ProtoFlagsTos, 1, 1, static (ref d, v) => d.Record.Protocol = Octet(v)),
        new(5, "ipClassOfService", Field.TypeOfService, Part.ProtoFlagsTos, 1, 1, static (ref d, v) => d.Record.TypeOfService = Octet(v)),
        new(6, "tcpControlBits", Field.TcpFlags, Part.ProtoFlagsTos, 1, 2, static (ref d, v) => d.SetTcpFlags(UInt16(v))), // RFC 7125
        new(7, "sourceTransportPort", Field.SourcePort, Part.SrcDstPort, 1, 2, static (ref d, v) => d.Record.SourcePort = UInt16(v)),
        new(8, "sourceIPv4Address", Field.SourceIPv4, Part.None, 4, 4, static (ref d, v) => d.SourceIPv4 = UInt32(v)),
        new(9, "sourceIPv4PrefixLength", Field.SourceMaskIPv4, Part.AsInfo, 1, 1, static (ref d, v) => d.SourceMaskIPv4 = Octet(v)),
        new(10, "ingressInterface", Field.InputInterface, Part.IfIndices, 1, 4, static (ref d, v) => d.Record.InputInterface = UInt32(v)),
        new(11, "destinationTransportPort", Field.DestinationPort, Part.SrcDstPort, 1, 2,
            static (ref d, v) => d.Record.DestinationPort = UInt16(v)),
        new(12, "destinationIPv4Address", Field.DestinationIPv4, Part.None, 4, 4, static (ref d, v) => d.DestinationIPv4 = UInt32(v)),
        new(13, "destinationIPv4PrefixLength", Field.DestinationMaskIPv4, Part.AsInfo, 1, 1,
            static (ref d, v) => d.DestinationMaskIPv4 = Octet(v)),
        new(14, "egressInterface", Field.OutputInterface, Part.IfIndices, 1, 4, static (ref d, v) => d.Record.OutputInterface = UInt32(v)),
        new(15, "ipNextHopIPv4Address", Field.NextHopIPv4, Part.None, 4, 4, static (ref d, v) => d.NextHopIPv4 = UInt32(v)),
        new(16, "bgpSourceAsNumber", Field.SourceAs, Part.AsInfo, 1, 4, static (ref d, v) => d.Record.SourceAs = UInt32(v)),
        new(17, "bgpDestinationAsNumber", Field.DestinationAs, Part.AsInfo, 1, 4, static (ref d, v) => d.Record.DestinationAs = UInt32(v)),
        new(21, "flowEndSysUpTime", Field.FlowFinish, Part.FlowTimes, 1, 8, static (ref d, v) => d.SetFlowFinish(v)),
        new(22, "flowStartSysUpTime", Field.FlowStart, Part.FlowTimes, 1, 8, static (ref d, v) => d.SetFlowStart(v)),
        new(27, "sourceIPv6Address", Field.SourceIPv6, Part.None, 16, 16, static (ref d, v) => d.SourceIPv6 = Address.FromIPv6(v)),
        new(28, "destinationIPv6Address", Field.DestinationIPv6, Part.None, 16, 16,
            static (ref d, v) => d.DestinationIPv6 = Address.FromIPv6(v)),
        new(29, "sourceIPv6PrefixLength", Field.SourceMaskIPv6, Part.AsInfo, 1, 1, static (ref d, v) => d.SourceMaskIPv6 = Octet(v)),
        new(30, "destinationIPv6PrefixLength", Field.DestinationMaskIPv6, Part.AsInfo, 1, 1,
            static (ref d, v) => d.DestinationMaskIPv6 = Octet(v)),
        new(38, "engineType", Field.EngineType, Part.FlowEngineInfo, 1, 1, static (ref d, v) => d.Record.EngineType = Octet(v)),
        new(39, "engineId", Field.EngineId, Part.FlowEngineInfo, 1, 1, static (ref d, v) => d.Record.EngineId = Octet(v)),
        new(60, "ipVersion", Field.IpVersion, Part.Status, 1, 1, static (ref d, v) => d.Record.Status.IpVersion = Octet(v)),
        new(62, "ipNextHopIPv6Address", Field.NextHopIPv6, Part.None, 16, 16, static (ref d, v) => d.NextHopIPv6 = Address.FromIPv6(v)),
        new(85, "octetTotalCount", Field.Octets, Part.Octets, 1, 8, static (ref d, v) => d.Record.Octets = Number(v), IsFallback: true),
        new(86, "packetTotalCount", Field.Packets, Part.Packets, 1, 8, static (ref d, v) => d.Record.Packets = Number(v), IsFallback: true),
        new(150, "flowStartSeconds", Field.FlowStartAbsolute, Part.None, 4, 4, static (ref d, v) => d.FlowStart = FromSeconds(v), IsFallback: true) { ReadTime = FromSeconds },
        new(151, "flowEndSeconds", Field.FlowFinishAbsolute, Part.None, 4, 4, static (ref d, v) => d.FlowFinish = FromSeconds(v), IsFallback: true) { ReadTime = FromSeconds },
        new(152, "flowStartMilliseconds", Field.FlowStartAbsolute, Part.None, 8, 8, static (ref d, v) => d.FlowStart = FromMilliseconds(v)) { ReadTime = FromMilliseconds },
        new(153, "flowEndMilliseconds", Field.FlowFinishAbsolute, Part.None, 8, 8, static (ref d, v) => d.FlowFinish = FromMilliseconds(v)) { ReadTime = FromMilliseconds },
        new(154, "flowStartMicroseconds", Field.FlowStartAbsolute, Part.None, 8, 8, static (ref d, v) => d.FlowStart = FromNtp(v)) { ReadTime = FromNtp },
        new(155, "flowEndMicroseconds", Field.FlowFinishAbsolute, Part.None, 8, 8, static (ref d, v) => d.FlowFinish = FromNtp(v)) { ReadTime = FromNtp },
        new(156, "flowStartNanoseconds", Field.FlowStartAbsolute, Part.None, 8, 8, static (ref d, v) => d.FlowStart = FromNtp(v)) { ReadTime = FromNtp },
        new(157, "flowEndNanoseconds", Field.FlowFinishAbsolute, Part.None, 8, 8, static (ref d, v) => d.FlowFinish = FromNtp(v)) { ReadTime = FromNtp },
        new(160, "systemInitTimeMilliseconds", Field.SystemInitTime, Part.None, 8, 8,
            static (ref d, v) => d.SystemInit = FromMilliseconds(v)),
        new(180, "udpSourcePort", Field.SourcePort, Part.SrcDstPort, 1, 2,
            static (ref d, v) => d.Record.SourcePort = UInt16(v), IsFallback: true),
        new(181, "udpDestinationPort", Field.DestinationPort, Part.SrcDstPort, 1, 2,
            static (ref d, v) => d.Record.DestinationPort = UInt16(v), IsFallback: true),
        new(182, "tcpSourcePort", Field.SourcePort, Part.SrcDstPort, 1, 2,
            static (ref d, v) => d.Record.SourcePort = UInt16(v), IsFallback: true),
        new(183, "tcpDestinationPort", Field.DestinationPort, Part.SrcDstPort, 1, 2,
            static (ref d, v) => d.Record.DestinationPort = UInt16(v), IsFallback: true),
    ];

    /// <summary>All of them, those of IANA in the order of their numbers.</summary>
    public static readonly Element[] Rows = [.. BasicRows.Concat(ExtendedElements.Rows).OrderBy(row => row.Enterprise).ThenBy(row => row.Id)];

    private static readonly Dictionary<(uint, ushort), Element> ByKey = Rows.ToDictionary(row => (row.Enterprise, row.Id));

    /// <summary>The element that a field of a template is, or null if we do not keep it.</summary>
    public static Element? Find(TemplateField field)
        => ByKey.GetValueOrDefault((field.Enterprise, field.Enterprise == 0 ? field.Id : (ushort)(field.Id & ~TemplateField.EnterpriseBit)));
}
