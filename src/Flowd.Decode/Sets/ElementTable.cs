using static Flowd.Decode.Sets.WireValue;
using Flowd.Records;

namespace Flowd.Decode.Sets;

/// <summary>
/// Every information element that we keep, one row each; anything else is skipped by its length. NetFlow v9 field types share the numbers.
/// Names and widths are those of the IANA registry of IPFIX information elements.
/// </summary>
internal static class ElementTable
{
    public static readonly Element[] Rows =
    [
        new(1, "octetDeltaCount", FlowField.Octets, LogFields.Octets, 1, 8, static (ref d, v) => d.Record.Octets = Number(v)),
        new(2, "packetDeltaCount", FlowField.Packets, LogFields.Packets, 1, 8, static (ref d, v) => d.Record.Packets = Number(v)),
        new(4, "protocolIdentifier", FlowField.Protocol, LogFields.ProtoFlagsTos, 1, 1, static (ref d, v) => d.Record.Protocol = Octet(v)),
        new(5, "ipClassOfService", FlowField.TypeOfService, LogFields.ProtoFlagsTos, 1, 1, static (ref d, v) => d.Record.TypeOfService = Octet(v)),
        new(6, "tcpControlBits", FlowField.TcpFlags, LogFields.ProtoFlagsTos, 1, 2, static (ref d, v) => d.Record.TcpFlags = Octet(v)), // RFC 7125
        new(7, "sourceTransportPort", FlowField.SourcePort, LogFields.SrcDstPort, 1, 2, static (ref d, v) => d.Record.SourcePort = UInt16(v)),
        new(8, "sourceIPv4Address", FlowField.SourceIPv4, LogFields.None, 4, 4, static (ref d, v) => d.SourceIPv4 = UInt32(v)),
        new(9, "sourceIPv4PrefixLength", FlowField.SourceMaskIPv4, LogFields.AsInfo, 1, 1, static (ref d, v) => d.SourceMaskIPv4 = Octet(v)),
        new(10, "ingressInterface", FlowField.InputInterface, LogFields.IfIndices, 1, 4, static (ref d, v) => d.Record.InputInterface = UInt32(v)),
        new(11, "destinationTransportPort", FlowField.DestinationPort, LogFields.SrcDstPort, 1, 2, static (ref d, v) => d.Record.DestinationPort = UInt16(v)),
        new(12, "destinationIPv4Address", FlowField.DestinationIPv4, LogFields.None, 4, 4, static (ref d, v) => d.DestinationIPv4 = UInt32(v)),
        new(13, "destinationIPv4PrefixLength", FlowField.DestinationMaskIPv4, LogFields.AsInfo, 1, 1, static (ref d, v) => d.DestinationMaskIPv4 = Octet(v)),
        new(14, "egressInterface", FlowField.OutputInterface, LogFields.IfIndices, 1, 4, static (ref d, v) => d.Record.OutputInterface = UInt32(v)),
        new(15, "ipNextHopIPv4Address", FlowField.NextHopIPv4, LogFields.None, 4, 4, static (ref d, v) => d.NextHopIPv4 = UInt32(v)),
        new(16, "bgpSourceAsNumber", FlowField.SourceAs, LogFields.AsInfo, 1, 4, static (ref d, v) => d.Record.SourceAs = UInt32(v)),
        new(17, "bgpDestinationAsNumber", FlowField.DestinationAs, LogFields.AsInfo, 1, 4, static (ref d, v) => d.Record.DestinationAs = UInt32(v)),
        new(21, "flowEndSysUpTime", FlowField.FlowFinish, LogFields.FlowTimes, 1, 4, static (ref d, v) => d.Record.FlowFinish = UInt32(v)),
        new(22, "flowStartSysUpTime", FlowField.FlowStart, LogFields.FlowTimes, 1, 4, static (ref d, v) => d.Record.FlowStart = UInt32(v)),
        new(27, "sourceIPv6Address", FlowField.SourceIPv6, LogFields.None, 16, 16, static (ref d, v) => d.SourceIPv6 = Address.FromIPv6(v)),
        new(28, "destinationIPv6Address", FlowField.DestinationIPv6, LogFields.None, 16, 16, static (ref d, v) => d.DestinationIPv6 = Address.FromIPv6(v)),
        new(29, "sourceIPv6PrefixLength", FlowField.SourceMaskIPv6, LogFields.AsInfo, 1, 1, static (ref d, v) => d.SourceMaskIPv6 = Octet(v)),
        new(30, "destinationIPv6PrefixLength", FlowField.DestinationMaskIPv6, LogFields.AsInfo, 1, 1, static (ref d, v) => d.DestinationMaskIPv6 = Octet(v)),
        new(38, "engineType", FlowField.EngineType, LogFields.FlowEngineInfo, 1, 1, static (ref d, v) => d.Record.EngineType = Octet(v)),
        new(39, "engineId", FlowField.EngineId, LogFields.FlowEngineInfo, 1, 1, static (ref d, v) => d.Record.EngineId = Octet(v)),
        new(60, "ipVersion", FlowField.IpVersion, LogFields.None, 1, 1, static (ref d, v) => d.IpVersion = Octet(v)),
        new(62, "ipNextHopIPv6Address", FlowField.NextHopIPv6, LogFields.None, 16, 16, static (ref d, v) => d.NextHopIPv6 = Address.FromIPv6(v)),
        new(85, "octetTotalCount", FlowField.Octets, LogFields.Octets, 1, 8, static (ref d, v) => d.Record.Octets = Number(v), IsFallback: true),
        new(86, "packetTotalCount", FlowField.Packets, LogFields.Packets, 1, 8, static (ref d, v) => d.Record.Packets = Number(v), IsFallback: true),
        new(150, "flowStartSeconds", FlowField.FlowStartAbsolute, LogFields.None, 4, 4, static (ref d, v) => d.FlowStart = EpochTime.FromSeconds(v)),
        new(151, "flowEndSeconds", FlowField.FlowFinishAbsolute, LogFields.None, 4, 4, static (ref d, v) => d.FlowFinish = EpochTime.FromSeconds(v)),
        new(152, "flowStartMilliseconds", FlowField.FlowStartAbsolute, LogFields.None, 8, 8, static (ref d, v) => d.FlowStart = EpochTime.FromMilliseconds(v)),
        new(153, "flowEndMilliseconds", FlowField.FlowFinishAbsolute, LogFields.None, 8, 8, static (ref d, v) => d.FlowFinish = EpochTime.FromMilliseconds(v)),
        new(154, "flowStartMicroseconds", FlowField.FlowStartAbsolute, LogFields.None, 8, 8, static (ref d, v) => d.FlowStart = EpochTime.FromNtp(v)),
        new(155, "flowEndMicroseconds", FlowField.FlowFinishAbsolute, LogFields.None, 8, 8, static (ref d, v) => d.FlowFinish = EpochTime.FromNtp(v)),
        new(156, "flowStartNanoseconds", FlowField.FlowStartAbsolute, LogFields.None, 8, 8, static (ref d, v) => d.FlowStart = EpochTime.FromNtp(v)),
        new(157, "flowEndNanoseconds", FlowField.FlowFinishAbsolute, LogFields.None, 8, 8, static (ref d, v) => d.FlowFinish = EpochTime.FromNtp(v)),
        new(160, "systemInitTimeMilliseconds", FlowField.SystemInitTime, LogFields.None, 8, 8, static (ref d, v) => d.SystemInit = EpochTime.FromMilliseconds(v)),
        new(180, "udpSourcePort", FlowField.SourcePort, LogFields.SrcDstPort, 1, 2, static (ref d, v) => d.Record.SourcePort = UInt16(v), IsFallback: true),
        new(181, "udpDestinationPort", FlowField.DestinationPort, LogFields.SrcDstPort, 1, 2, static (ref d, v) => d.Record.DestinationPort = UInt16(v), IsFallback: true),
        new(182, "tcpSourcePort", FlowField.SourcePort, LogFields.SrcDstPort, 1, 2, static (ref d, v) => d.Record.SourcePort = UInt16(v), IsFallback: true),
        new(183, "tcpDestinationPort", FlowField.DestinationPort, LogFields.SrcDstPort, 1, 2, static (ref d, v) => d.Record.DestinationPort = UInt16(v), IsFallback: true),
    ];

    private static readonly Element?[] ById = Index();

    /// <summary>The element with a number of IANA's, or null if we do not keep it.</summary>
    public static Element? Find(ushort id) => id < ById.Length ? ById[id] : null;

    private static Element?[] Index()
    {
        var byId = new Element?[256];
        foreach (Element element in Rows)
            byId[element.Id] = element;
        return byId;
    }
}
